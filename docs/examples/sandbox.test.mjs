// A TPP's test, in an empty folder with the package installed: `node --test`. docs/sandbox.md explains it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startSandbox } from 'sigill-sandbox';

test('a payer signs, and we have a token for exactly that payment', async (t) => {
  const sandbox = await startSandbox();
  t.after(() => sandbox.stop());
  const instructedAmount = { currency: 'SEK', amount: '1250.00' };
  const payee = { creditorName: 'Exempelbutiken AB', creditorAccount: { bankgiro: '5050-1055' } };
  const pushed = await sandbox.tpp.push({ type: 'payment_initiation', instructedAmount, ...payee });
  const returned = await sandbox.approve(pushed.authorizationUrl);
  const token = await sandbox.tpp.redeem(returned, pushed);
  assert.deepEqual(token.authorizationDetails[0].instructedAmount, instructedAmount);
});

import type { SandboxClient } from '../../sandbox/clients.ts';
import { attested, euroPayment } from '../support/parties/attested.ts';
import { anna, TestSystem } from '../support/system/system.ts';

let world: TestSystem;

beforeAll(async () => {
  world = await TestSystem.start();
}, 60_000);
afterAll(() => world.stop());

const payment = euroPayment;

const attestedNow = (by: SandboxClient, result: object): Promise<object> => attested(by, result, world.clock.now());

describe('what the verification of the payee said', () => {
  it('is signed and in the evidence if the bank attests it, and is no part of the payment that is consumed', async () => {
    const { bank } = world.system.clients;
    const creditorNameVerification = await attestedNow(bank, { result: 'match' });
    const { token } = await world.signedPayment({ ...payment, creditorNameVerification });
    expect(token.consentId).toBeDefined();
    const list = await world.bank.readEvidence(`/consents/${token.consentId}/evidence`, 'audit');
    const [{ evidenceId }] = list.body['evidence'] as readonly [{ evidenceId: string }];
    const evidence = await world.bank.readEvidence(`/evidence/${evidenceId}`, 'audit');
    expect(evidence.body).toMatchObject({ indication: 'TOTAL-PASSED', consent: { v: 2, creditorNameVerification } });
    expect(evidence.body['visibleText']).toContain(
      'Mottagarkontroll:\n  Namnet stämmer med kontot, enligt Exempelbanken AB\nRF-referens:\n  RF18 5390 0754 7034\n',
    );
    const verified = await world.bank.readEvidence(`/evidence/${evidenceId}/verification`, 'audit');
    expect(verified.body).toMatchObject({ indication: 'TOTAL-PASSED', matches: 'yes' });

    const known = (await world.bank.introspect(token.accessToken)) as { authorization_details: readonly object[] };
    expect(known.authorization_details[0]).not.toHaveProperty('creditorNameVerification');
    const consumption = { accessToken: token.accessToken, payment, personalNumber: anna, paymentReference: 'p-1' };
    expect((await world.bank.consume(token.consentId, consumption)).status).toBe(200);
  });

  const at = '/authorization_details/0/creditorNameVerification';
  const refusals: readonly (readonly [string, () => Promise<object>, string])[] = [
    [
      'another bank attests it',
      async () => ({
        creditorNameVerification: await attestedNow(world.system.clients.otherBank, { result: 'match' }),
      }),
      `${at}/attestation`,
    ],
    [
      'the TPP attests it itself',
      async () => ({ creditorNameVerification: await attestedNow(world.system.clients.tpp, { result: 'match' }) }),
      `${at}/attestation`,
    ],
    [
      'the bank has attested another payee',
      async () => ({
        creditorName: 'Annan AB',
        creditorNameVerification: await attestedNow(world.system.clients.bank, { result: 'match' }),
      }),
      `${at}/attestation`,
    ],
    [
      'it is of yesterday',
      () => Promise.resolve({ creditorNameVerification: { result: 'no-match', checkedAt: '2025-11-22T10:00:00Z' } }),
      `${at}/checkedAt`,
    ],
    [
      'the payment is in kronor',
      async () => ({
        instructedAmount: { currency: 'SEK', amount: '125.00' },
        creditorNameVerification: await attestedNow(world.system.clients.bank, { result: 'match' }),
      }),
      at,
    ],
  ];
  it.each(refusals)('is refused, and creates nothing, if %s', async (_, changes, pointer) => {
    const changed = { ...payment, ...(await changes()) };
    const { tpp } = world.raw;
    const answer = await world.refused(() => tpp.postAs('/par', tpp.pushFields(changed)));
    expect([answer.status, answer.body['error']]).toEqual([400, 'invalid_authorization_details']);
    expect(String(answer.body['error_description']).split(':')[0]).toBe(pointer);
  });
});

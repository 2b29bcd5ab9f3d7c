import { once } from 'node:events';
import { request, type ClientRequest } from 'node:http';
import { PayerSteps } from '../../support/parties/payer-steps.ts';

/** More than are served at a time. */
const SLOW = 200;

describe('clients that send a body octet by octet, and prove nothing', () => {
  let steps: PayerSteps;
  beforeAll(async () => {
    steps = await PayerSteps.start();
  }, 120_000);
  afterAll(() => steps.stop());

  /** Says that it sends 1,000 octets, and sends one. */
  async function begin(path: string): Promise<ClientRequest> {
    const headers = { 'content-type': 'application/x-www-form-urlencoded', 'content-length': '1000' };
    const sent = request(new URL(path, steps.parties.tpp.issuer), {
      method: 'POST',
      headers: { ...headers, expect: '100-continue' },
    });
    sent.on('error', () => undefined).flushHeaders();
    await once(sent, 'continue');
    sent.write('a');
    return sent;
  }

  it('take no place from other clients: tokens are issued and payments pushed as ever', async () => {
    const { tpp, bank } = steps.parties;
    const slow = await Promise.all(
      Array.from({ length: SLOW }, (_, n) => begin(['/token', '/introspect', '/par', '/authorize'][n % 4] ?? '')),
    );
    const refused: unknown[] = [];
    for (const sent of slow) sent.once('response', (response) => void refused.push(response.statusCode));
    expect(await tpp.machineToken('consents')).toHaveLength(43);
    expect((await bank.postAs('/introspect', { token: 'x'.repeat(43) })).body).toEqual({ active: false });
    expect((await tpp.push()).consentId).toHaveLength(36);
    // None was turned away: they wait for themselves alone.
    expect(refused).toEqual([]);
    for (const sent of slow) sent.destroy();
  });
});

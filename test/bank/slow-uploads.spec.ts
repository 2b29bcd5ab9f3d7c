import { once } from 'node:events';
import { request, type ClientRequest, type IncomingMessage } from 'node:http';
import { json } from 'node:stream/consumers';
import { BankSteps } from '../support/parties/bank-steps.ts';
import type { RawClient } from '../support/parties/raw-client.ts';

const PATH = '/evidence/verify';
const lines: string[] = [];

describe('an upload that comes slowly', () => {
  let steps: BankSteps;
  beforeAll(async () => {
    steps = await BankSteps.start({ logStream: { write: (line: string) => void lines.push(line) } });
  }, 120_000);
  afterAll(() => steps.stop());

  const headersOf = async (by: RawClient, token: string): Promise<Record<string, string>> => ({
    authorization: `DPoP ${token}`,
    dpop: await by.proof('POST', PATH, token),
    'sigill-purpose': 'audit',
    'content-type': 'application/json',
  });

  /** Says that it sends 1,000 octets, and sends one. */
  async function begin(by: RawClient, token: string): Promise<ClientRequest> {
    const headers = { ...(await headersOf(by, token)), 'content-length': '1000', expect: '100-continue' };
    const sent = request(new URL(PATH, by.issuer), { method: 'POST', headers });
    sent.on('error', () => undefined).flushHeaders();
    await once(sent, 'continue');
    sent.write('{');
    return sent;
  }

  it('takes no place from another bank, and of its own bank no more than a share', async () => {
    const { bank, otherBank } = steps.parties;
    const token = await bank.machineToken('evidence');
    const slow: ClientRequest[] = [];
    const refused: number[] = [];
    for (let n = 0; n < 40; n += 1) {
      const sent = await begin(bank, token);
      sent.once('response', (response: IncomingMessage) => void refused.push(response.statusCode ?? 0));
      slow.push(sent);
    }
    const ours = await otherBank.call(await otherBank.machineToken('evidence'), 'POST', PATH, {
      body: { signature: '<Signature/>' },
      headers: { 'sigill-purpose': 'audit' },
    });
    expect([ours.status, ours.body['indication']]).toEqual([200, 'TOTAL-FAILED']);
    expect(new Set(refused)).toEqual(new Set([503]));
    expect(slow.length - refused.length).toBeLessThan(20);
    for (const sent of slow) sent.destroy();
  });

  it('is no failure of ours when its sender hangs up', async () => {
    const { bank } = steps.parties;
    const token = await bank.machineToken('evidence');
    lines.length = 0;
    const server = steps.payer.world.system.app.getHttpServer();
    const arrived = once(server, 'request');
    const sent = await begin(bank, token);
    const [theirs] = (await arrived) as [IncomingMessage];
    sent.destroy();
    await once(theirs, 'close').catch(() => undefined);
    expect(
      (
        await bank.call(token, 'POST', PATH, {
          body: { signature: '<Signature/>' },
          headers: { 'sigill-purpose': 'audit' },
        })
      ).status,
    ).toBe(200);
    expect(lines.filter((line) => /"level":"(?:error|fatal)"/.test(line))).toEqual([]);
  });

  it('is refused when it has not come within twenty seconds, and its connection closed', async () => {
    const { bank } = steps.parties;
    const sent = await begin(bank, await bank.machineToken('evidence'));
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    expect([response.statusCode, response.headers.connection]).toEqual([408, 'close']);
    expect(await json(response)).toMatchObject({ code: 'request.too-slow' });
    sent.destroy();
  }, 60_000);
});

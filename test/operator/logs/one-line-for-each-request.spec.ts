import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { Hold } from '../../support/database/hold.ts';
import { LogLines } from '../../support/logs/log-lines.ts';
import type { RawAnswer } from '../../support/parties/exchange.ts';
import { TokenSteps } from '../../support/token/token-steps.ts';

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

let steps: TokenSteps;
const log = new LogLines();
beforeAll(async () => {
  steps = await TokenSteps.start({ logStream: log });
}, 60_000);
afterAll(() => steps.stop());

/** A request whose caller hangs up once the service works at it. */
async function hangUpWhile(held: Hold, head: string): Promise<void> {
  const { hostname, port } = new URL(steps.tpp.issuer);
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  socket.write(`${head}\r\nHost: ${hostname}:${port}\r\n\r\n`);
  await held.untilBlocked();
  socket.destroy();
}

describe('an operator finds each request in the log by the X-Request-Id of its answer', () => {
  it('with every kind of answer', async () => {
    const { token, ...pushed } = await steps.token();
    const answers = [
      await steps.tpp.call(token, 'GET', `/consents/${pushed.consentId}`),
      await steps.tpp.get('/jwks'),
      await steps.tpp.get('/nowhere'),
      await steps.tpp.get('/health/live'),
      await steps.tpp.get('/docs'),
      await steps.tpp.get(`/consents/%E0%A4%A`),
      await steps.tpp.get('/token'),
      await steps.tpp.send('GET', '/jwks', { headers: { 'client-cert': ':AAAA:' } }),
      await steps.visit(pushed),
      await steps.visit({ requestUri: 'urn:unknown' }),
    ];
    const ids = answers.map(({ headers }) => headers.get('x-request-id'));
    expect(ids.filter((id) => !UUID.test(id ?? ''))).toEqual([]);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it.each<[string, () => Promise<RawAnswer>, Record<string, unknown>]>([
    [
      'a push that is refused, with the client and the member at fault',
      () => steps.tpp.postAs('/par', steps.tpp.pushFields({ type: 'payment_initiation' })),
      { route: '/par', status: 400, code: 'initiation.invalid', pointer: expect.stringContaining('/') as unknown },
    ],
    [
      'a code that is unknown',
      () => steps.tpp.postAs('/token', steps.tpp.redemption('x', { codeVerifier: 'y'.repeat(43) })),
      { route: '/token', status: 400, code: 'grant.invalid' },
    ],
    [
      'a caller that is turned away by the guard, with whom it has proven to be',
      async () => steps.tpp.call(await steps.tpp.machineToken('consents'), 'POST', `/consents/${randomUUID()}/consume`),
      { route: '/consents/:id/consume', status: 403, code: 'caller.forbidden' },
    ],
    [
      'a consent that does not exist',
      async () => steps.tpp.call(await steps.tpp.machineToken('consents'), 'GET', `/consents/${randomUUID()}`),
      { route: '/consents/:id', status: 404, code: 'consent.not-found' },
    ],
  ])('and the refusal of %s is one line', async (_what, request, facts) => {
    const { headers } = await request();
    const lines = await log.of(headers.get('x-request-id'));
    expect(lines).toEqual([
      expect.objectContaining({ level: 'info', msg: 'request refused', client: steps.tpp.id, ...facts }),
    ]);
  });

  it.each<[string, () => Promise<RawAnswer>, Record<string, unknown>]>([
    [
      'a client that is registered and does not prove it, as claimed',
      async () => steps.pushWith(await steps.tpp.assertion({ claims: { aud: 'https://elsewhere.example' } })),
      { route: '/par', status: 401, code: 'client.assertion-invalid', claimedClient: 'tpp' },
    ],
    [
      'a client that is not registered, without what it calls itself',
      async () => steps.pushWith(await steps.tpp.assertion({ claims: { iss: 'x', sub: 'x' } }), { client_id: 'x' }),
      { route: '/par', status: 401, code: 'client.assertion-invalid' },
    ],
    [
      'a caller without a token',
      () => steps.tpp.get(`/consents/${randomUUID()}`),
      { route: '/consents/:id', status: 401, code: 'caller.unauthenticated' },
    ],
    [
      'a payer whose link is broken',
      () => steps.visit({ requestUri: 'urn:ietf:params:oauth:request_uri:broken' }),
      { route: '/authorize', status: 400, code: 'oauth.invalid-request-uri' },
    ],
    [
      'a page that is not for this browser',
      () => steps.tpp.send('POST', `/pay/${'x'.repeat(22)}/start/this`, { headers: {} }),
      { route: '/pay/:interaction/start/this', code: expect.any(String) as unknown },
    ],
    [
      'a method that an endpoint does not take',
      () => steps.tpp.get('/token'),
      { status: 405, code: 'request.method-not-allowed' },
    ],
  ])('and the refusal of %s is one line', async (_what, request, { claimedClient, ...facts }) => {
    const { headers } = await request();
    const lines = await log.of(headers.get('x-request-id'));
    expect(lines).toEqual([expect.objectContaining({ level: 'info', msg: 'request refused', ...facts })]);
    expect([lines[0]?.['client'], lines[0]?.['claimedClient']]).toEqual([
      undefined,
      claimedClient === undefined ? undefined : steps.tpp.id,
    ]);
  });

  it('and by the x-fapi-interaction-id that the client gave it, if that is a UUID', async () => {
    const id = randomUUID();
    await steps.tpp.post('/token', {}, { 'x-fapi-interaction-id': id });
    const other = await steps.tpp.post('/token', {}, { 'x-fapi-interaction-id': 'nothing-of-a-uuid' });
    expect(await log.until((line) => line['fapiInteractionId'] === id)).toHaveLength(1);
    const [line] = await log.of(other.headers.get('x-request-id'));
    expect(line).not.toHaveProperty('fapiInteractionId');
    expect(log.text).not.toContain('nothing-of-a-uuid');
  });
});

describe('the log does not say that a request was answered', () => {
  it('whose caller hung up', async () => {
    const pushed = await steps.token();
    const held = await Hold.take(steps.database, 'lock table authorization_request in access exclusive mode');
    const before = log.count;
    const query = new URLSearchParams({ client_id: steps.tpp.id, request_uri: pushed.requestUri }).toString();
    await hangUpWhile(held, `GET /authorize?${query} HTTP/1.1`);
    const [line] = await log.until((one) => one['msg'] === 'request aborted');
    await held.release();
    expect(line).toMatchObject({ level: 'info', method: 'GET', route: '/authorize' });
    expect(line).not.toHaveProperty('status');
    expect(log.all((one) => one['msg'] === 'request answered', before)).toEqual([]);
  });
});

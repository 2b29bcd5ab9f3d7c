import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { text as readAll } from 'node:stream/consumers';
import { Undo } from '../../../sandbox/undo.ts';
import { Hold } from '../../support/database/hold.ts';
import { Metrics } from '../../support/logs/metrics.ts';
import type { RawAnswer } from '../../support/parties/exchange.ts';
import { sha256 } from '../../support/parties/raw-client.ts';
import { consumption, TokenSteps } from '../../support/token/token-steps.ts';

const IN_HAND = 'sigill_machine_requests_in_hand';
const SHED = 'sigill_requests_shed_total';

const undo = new Undo();
let steps: TokenSteps;
let metrics: Metrics;
beforeAll(async () => {
  steps = await TokenSteps.start({ logLevel: 'fatal' });
  metrics = new Metrics(steps.metricsUrl);
}, 60_000);
// What a failed test still holds would keep the service, and this process, from ending.
afterEach(() => undo.all());
afterAll(() => steps.stop());

interface Signed {
  readonly form: Record<string, string>;
  readonly proof: string;
}

/** A request for a token of the TPP itself, with proofs of its own. */
async function signed(): Promise<Signed> {
  const form = {
    ...steps.tpp.credentials(await steps.tpp.assertion()),
    grant_type: 'client_credentials',
    scope: 'consents',
  };
  return { form, proof: await steps.tpp.proof('POST', '/token') };
}

function signedOnes(count: number): Promise<readonly Signed[]> {
  return Promise.all(Array.from({ length: count }, signed));
}

async function count(table: string): Promise<number> {
  const [row] = await steps.database.asOwner(`select count(*)::int as count from ${table}`);
  return Number(row?.['count']);
}

/** No token is issued until it is released. */
async function holdTokens(): Promise<Hold> {
  const held = await Hold.take(steps.database, 'lock table access_token in access exclusive mode');
  undo.later(() => held.release());
  return held;
}

/** Connections to the service, all open before anything is sent. */
function dial(count: number): Promise<readonly Socket[]> {
  const { hostname, port } = new URL(steps.tpp.issuer);
  const dialled = Array.from({ length: count }, async () => {
    const socket = connect(Number(port), hostname);
    undo.later(() => socket.destroy());
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    return socket;
  });
  return Promise.all(dialled);
}

/** Sends a whole request over a connection of its own. */
function send(socket: Socket, { form, proof }: Signed): void {
  const body = new URLSearchParams(form).toString();
  socket.write(
    `POST /token HTTP/1.1\r\nHost: ${new URL(steps.tpp.issuer).host}\r\nConnection: close\r\nDPoP: ${proof}\r\n` +
      `Content-Type: application/x-www-form-urlencoded\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
  );
}

interface Answer {
  readonly status: number;
  readonly retryAfter: string | undefined;
  readonly body: string;
}

async function answerOn(socket: Socket): Promise<Answer> {
  const text = await readAll(socket.setEncoding('utf8'));
  const [head = '', body = ''] = text.split('\r\n\r\n');
  return {
    status: Number(/^HTTP\/1\.1 (\d+)/.exec(head)?.[1]),
    retryAfter: /^retry-after: (.*)$/im.exec(head)?.[1],
    body,
  };
}

describe('a caller who asks for more than can be answered', () => {
  it('is answered, or asked to try again with proofs that are still unused', async () => {
    const requests = await signedOnes(800);
    const [proofs, tokens] = [await count('claimed_proof'), await count('access_token')];
    const shedBefore = await metrics.read(SHED);
    const held = await holdTokens();
    const sockets = await dial(requests.length);
    const answering = sockets.map(answerOn);
    for (const [at, request] of requests.entries()) send(sockets[at]!, request);
    // Until the last has come in: on a fast machine the first would be answered before.
    await metrics.until((value) => value - shedBefore === requests.length, IN_HAND, SHED);
    await held.release();
    const answers = await Promise.all(answering);
    const accepted = answers.filter(({ status }) => status === 200).length;
    const shed = answers.filter(({ status }) => status === 503);
    expect({ others: answers.length - accepted - shed.length, some: accepted > 0 && shed.length > 0 }).toEqual({
      others: 0,
      some: true,
    });
    expect(new Set(shed.map(({ retryAfter, body }) => `${retryAfter} ${body}`))).toEqual(
      new Set([
        `5 {"error":"temporarily_unavailable","error_description":"The service is at its capacity.","error_uri":"${steps.tpp.issuer}/problems/service.unavailable"}`,
      ]),
    );
    expect([(await count('claimed_proof')) - proofs, (await count('access_token')) - tokens]).toEqual([
      2 * accepted,
      accepted,
    ]);
    const again = requests[answers.findIndex(({ status }) => status === 503)]!;
    expect((await steps.tpp.post('/token', again.form, { dpop: again.proof })).status).toBe(200);
    expect(await metrics.read(SHED, 'class="ordinary"')).toBe(shed.length);
    // What is worked at is never more than a few times what is sustained.
    expect(accepted).toBeLessThan(400);
  });

  it('and hangs up has nothing begun from then on, and what was begun is finished', async () => {
    const requests = await signedOnes(300);
    const [proofs, tokens] = [await count('claimed_proof'), await count('access_token')];
    const aborted = await metrics.read('sigill_requests_aborted_total');
    const shed = await metrics.read(SHED);
    const held = await holdTokens();
    const sockets = await dial(requests.length);
    for (const [at, request] of requests.entries()) send(sockets[at]!, request);
    await metrics.until((value) => value - shed === requests.length, IN_HAND, SHED);
    const inHand = await metrics.read(IN_HAND);
    for (const socket of sockets) socket.destroy();
    await metrics.until((value) => value - aborted === inHand, 'sigill_requests_aborted_total');
    await held.release();
    await metrics.until((value) => value === 0, IN_HAND);
    const minted = (await count('access_token')) - tokens;
    // Those whose proofs had been claimed when they hung up: the claim is the beginning.
    expect(minted).toBeLessThanOrEqual(inHand);
    expect(minted).toBeGreaterThan(0);
    expect((await count('claimed_proof')) - proofs).toBe(2 * minted);
  });
});

describe('while much is in hand', () => {
  it('a push, the documents and the meaning of errors wait; a return, a consumption and the liveness probe do not', async () => {
    const own = await steps.token();
    const coded = await steps.coded();
    const reference = consumption(sha256(own.token), 'overload-1');
    const bank = await steps.bank.machineToken('consume');
    const consume = (): Promise<RawAnswer> =>
      steps.bank.call(bank, 'POST', `/consents/${own.consentId}/consume`, { body: reference });
    expect((await consume()).status).toBe(200);
    const busy = await signedOnes(55);
    const shedBefore = await metrics.read(SHED);
    const held = await holdTokens();
    const begun = busy.map(({ form, proof }) => steps.tpp.post('/token', form, { dpop: proof }));
    await metrics.until((value) => value === busy.length, IN_HAND);
    const [push, docs, problems, page] = await Promise.all([
      steps.tpp.postAs('/par', steps.tpp.pushFields()),
      steps.tpp.get('/docs/openapi.json'),
      steps.tpp.get('/problems'),
      steps.tpp.get('/health/live'),
    ]);
    const [returning, consuming] = [steps.goBack(coded), consume()];
    await metrics.until((value) => value === busy.length + 2, IN_HAND);
    await held.release();
    expect([push, docs, problems].map(({ status, headers }) => [status, headers.get('retry-after')])).toEqual(
      [503, 503, 503].map((status) => [status, '5']),
    );
    expect(push.body).toMatchObject({ error: 'temporarily_unavailable' });
    expect(docs.body).toMatchObject({ code: 'service.unavailable' });
    expect(page.status).toBe(200);
    expect(new URL((await returning).headers.get('location') ?? '').searchParams.get('code')).not.toBeNull();
    expect((await consuming).status).toBe(200);
    expect((await Promise.all(begun)).map(({ status }) => status)).toEqual(busy.map(() => 200));
    expect((await metrics.read(SHED)) - shedBefore).toBe(3);
    expect(await metrics.read(SHED, 'class="first"')).toBe(3);
  });
});

describe('a payer whose page is shown while others are turned away', () => {
  it('gets its script too, for which a browser does not ask a second time', async () => {
    const { issuer } = steps.tpp;
    const page = new URL(`/pay/${'A'.repeat(22)}`, issuer);
    const script = /<script src="([^"]+)"/.exec(await (await fetch(page)).text())?.[1] ?? '';
    const held = await Hold.take(steps.database, 'lock table consent in access exclusive mode');
    undo.later(() => held.release());
    for (const socket of await dial(600)) socket.write(`GET ${page.pathname} HTTP/1.1\r\nHost: ${page.host}\r\n\r\n`);
    await metrics.until((value) => value > 0, SHED, 'class="page"');
    expect((await fetch(page)).status).toBe(503);
    expect((await fetch(new URL(script, issuer))).status).toBe(200);
  });
});

import { PollSweeper } from '../../../src/token/backchannel/polling/poll-sweeper.ts';
import { eventually } from '../../support/eventually.ts';
import { ANYBODY, BackchannelSteps } from '../../support/backchannel/backchannel-steps.ts';
import { requestedOf, type BackchannelClient, type Requested } from '../../support/parties/backchannel-client.ts';
import type { RawAnswer } from '../../support/parties/exchange.ts';
import { tamper } from '../../support/database/tamper.ts';
import { StatementCounts } from '../../support/logs/statement-counts.ts';

const counts = new StatementCounts();
let steps: BackchannelSteps;
let tpp: BackchannelClient;

beforeAll(async () => {
  steps = await BackchannelSteps.start({ modules: [counts.module] });
  tpp = steps.tpp;
});
afterAll(() => steps.stop());

const errorOf = async (poll: Promise<RawAnswer>): Promise<unknown> => (await poll).body['error'];

describe('a terminal that shows QR codes', () => {
  it('has a payment signed by whoever scans it, and the bank consumes it', async () => {
    const requested = await tpp.request(ANYBODY);
    expect(requested).toMatchObject({ interval: 2, expiresIn: 180 });
    const picture = await tpp.call(requested, 'GET', '/qr', { headers: { accept: 'image/svg+xml' } });
    expect([picture.headers.get('content-type'), picture.text]).toEqual([
      expect.stringMatching(/^image\/svg\+xml/),
      expect.stringMatching(/^<svg /),
    ]);
    const text = await tpp.call(requested, 'GET', '/qr');
    expect(text.text).toMatch(/^bankid\.[0-9a-f-]{36}\.\d+\.[0-9a-f]{64}$/);
    expect(text.headers.get('cache-control')).toBe('no-store');
    expect((await tpp.call(requested, 'POST', '/launch')).status).toBe(409);
    await steps.sign(await steps.scan(requested));
    await steps.until(requested, 'done');
    // There is nothing to scan any more.
    expect((await tpp.call(requested, 'GET', '/qr')).body).toMatchObject({ code: 'backchannel.nothing-to-start' });
    const answer = await tpp.poll(requested);
    expect(answer.status).toBe(200);
    expect(await steps.consume(requested, answer)).toBe(200);
  });

  it('takes its request back: the order ends, and nothing comes of it', async () => {
    const requested = await tpp.request(ANYBODY);
    expect((await tpp.call(requested, 'DELETE')).status).toBe(204);
    expect(await steps.stateOf(requested)).toBe('ended');
    expect((await tpp.poll(requested)).body).toEqual({
      error: 'access_denied',
      error_description: 'revoked',
      error_uri: `${steps.tpp.raw.issuer}/problems/grant.denied`,
    });
    expect((await tpp.call(requested, 'GET', '/qr')).status).toBe(409);
    expect((await tpp.call(requested, 'DELETE')).body).toMatchObject({ code: 'consent.not-awaiting-authorisation' });
  });
});

describe('a client that asks for its token', () => {
  it('too often is told to slow down, by five seconds more each time', async () => {
    const requested = await tpp.request(ANYBODY);
    const poll = (): Promise<unknown> => errorOf(tpp.poll(requested));
    expect(await poll()).toBe('authorization_pending');
    expect(await poll()).toBe('slow_down'); // now 7 s
    steps.advance(6);
    expect(await poll()).toBe('slow_down'); // now 12 s
    steps.advance(11.6);
    expect(await poll()).toBe('authorization_pending');
    await tpp.call(requested, 'DELETE');
  });

  it('is told an outcome at once, however early it asks', async () => {
    const requested = await tpp.request(ANYBODY);
    expect(await errorOf(tpp.poll(requested))).toBe('authorization_pending');
    await steps.sign(await steps.scan(requested));
    await steps.until(requested, 'done');
    expect((await tpp.poll(requested)).status).toBe(200);
  });

  it('of a pending request costs one statement besides its proofs, on an unlogged row', async () => {
    const requested = await tpp.request(ANYBODY);
    await tpp.poll(requested);
    steps.advance(2);
    counts.clear();
    expect(await errorOf(tpp.poll(requested))).toBe('authorization_pending');
    expect(counts.requests).toEqual([{ path: '/token', statements: 2 }]);
    const kinds = await steps.database.asOwner(
      "select relpersistence as kind from pg_class where relname in ('backchannel_poll', 'claimed_proof')",
    );
    expect(kinds).toEqual([{ kind: 'u' }, { kind: 'u' }]);
    await tpp.call(requested, 'DELETE');
  });

  it('by another client or by another key learns nothing, and slows nobody down', async () => {
    const requested = await tpp.request(ANYBODY);
    expect(await errorOf(tpp.poll(requested))).toBe('authorization_pending');
    const stranger = { ...requested, key: await tpp.newKey() };
    const { otherTpp } = steps.parties;
    for (let again = 0; again < 3; again += 1) {
      expect(await errorOf(tpp.poll(stranger))).toBe('invalid_grant');
      // Not registered for the backchannel.
      const form = { grant_type: 'urn:openid:params:grant-type:ciba', auth_req_id: requested.authReqId };
      expect(await errorOf(otherTpp.postAs('/token', form))).toBe('unauthorized_client');
    }
    steps.advance(2);
    expect(await errorOf(tpp.poll(requested))).toBe('authorization_pending');
    await tpp.call(requested, 'DELETE');
  });

  it('with an auth_req_id that there is not, or none, is refused', async () => {
    const key = await tpp.newKey();
    expect(await errorOf(tpp.poll({ authReqId: 'A'.repeat(43), key }))).toBe('invalid_grant');
    expect(await errorOf(tpp.poll({ authReqId: '', key }))).toBe('invalid_request');
  });

  it.each([
    ['the consent of another', 'consent_id = $2'],
    ['the consent and the sealed request of another', 'consent_id = $2, request_object_sealed = $3'],
  ])('gets none for %s, which the owner of the database put into its row', async (_, set) => {
    const [own, other] = [await steps.authorised(), await steps.authorised()];
    const { database } = steps;
    const select = 'select consent_id, request_object_sealed from backchannel_request where id = $1';
    const [row] = await database.asOwner(select, [other.id]);
    await tamper(database, 'backchannel_request', 'delete from backchannel_request where id = $1', [other.id]);
    const values = [own.id, row?.['consent_id'], ...(set.includes('$3') ? [row?.['request_object_sealed']] : [])];
    await tamper(database, 'backchannel_request', `update backchannel_request set ${set} where id = $1`, values);
    expect(await errorOf(tpp.poll(own))).toBe('invalid_grant');
    expect(await steps.count('access_token', `consent_id = '${other.consentId}'`)).toBe(0);
  });

  it('gets one token of 50 at once; what is used is refused, and the token lives on', async () => {
    const requested = await steps.authorised();
    const answers = await Promise.all(Array.from({ length: 50 }, () => tpp.poll(requested)));
    const [won, ...others] = answers.filter(({ status }) => status === 200);
    expect(others).toEqual([]);
    const lost = answers.filter(({ status }) => status !== 200).map(({ status, body }) => [status, body['error']]);
    expect(lost).toEqual(Array.from({ length: 49 }, () => [400, 'invalid_grant']));
    expect(await errorOf(tpp.poll(requested))).toBe('invalid_grant');
    expect(await steps.consume(requested, won as RawAnswer)).toBe(200);
    expect(await errorOf(tpp.poll(requested))).toBe('invalid_grant');
  });
});

describe('a token', () => {
  it('of a request that is bound to nothing is bound to the key that fetches it', async () => {
    const answer = await tpp.send(await tpp.sign({ claims: ANYBODY }));
    const requested = requestedOf(answer, await tpp.newKey());
    const { text } = await tpp.raw.call(await tpp.raw.machineToken(), 'GET', `/backchannel/${requested.id}/qr`);
    await steps.sign((await steps.world.app.scan(text)).id);
    const token = await eventually(async () => {
      const polled = await tpp.poll(requested);
      return polled.status === 200 ? polled : undefined;
    });
    const { body } = await steps.parties.bank.postAs('/introspect', { token: String(token.body['access_token']) });
    expect(body).toMatchObject({ active: true, cnf: { jkt: requested.key.jkt } });
  });

  it('that is fetched as its request is taken back is dead, or was never given', async () => {
    for (let round = 0; round < 10; round += 1) {
      const requested = await steps.authorised();
      const [polled, taken] = await Promise.all([tpp.poll(requested), tpp.call(requested, 'DELETE')]);
      expect(taken.status).toBe(204);
      expect([200, 400]).toContain(polled.status);
      const token = String(polled.body['access_token']);
      const { body } = await steps.parties.bank.postAs('/introspect', { token });
      expect(body).toEqual({ active: false });
    }
  });
});

describe('a request whose time is over', () => {
  const ended = (requested: Requested): Promise<void> => steps.until(requested, 'ended');

  it('has expired the moment its time is up, though no worker has ended it yet', async () => {
    const requested = await tpp.request({ ...ANYBODY, requested_expiry: '30' });
    steps.advance(30);
    expect(await errorOf(tpp.poll(requested))).toBe('expired_token');
  });

  it('has expired for an hour, and then is unknown', async () => {
    const requested = await tpp.request({ ...ANYBODY, requested_expiry: '30' });
    expect(requested.expiresIn).toBe(30);
    steps.advance(31);
    await ended(requested);
    expect(await errorOf(tpp.poll(requested))).toBe('expired_token');
    // BankID's order is cancelled.
    await eventually(async () => ((await steps.count('sign_order', "state = 'pending'")) === 0 ? true : undefined));
    steps.advance(3601);
    expect(await errorOf(tpp.poll(requested))).toBe('invalid_grant');
  });

  it('and was signed in time gives its token for five minutes more', async () => {
    const [fetched, forgotten] = [await steps.authorised(), await steps.authorised()];
    steps.advance(290);
    const { status, body } = await tpp.poll(fetched);
    expect([status, body['expires_in']]).toEqual([200, 300]);
    steps.advance(20);
    await ended(forgotten);
    expect(await errorOf(tpp.poll(forgotten))).toBe('expired_token');
  });

  it('is forgotten by the record of polls', async () => {
    await steps.get(PollSweeper).sweep();
    expect(await steps.count('backchannel_poll')).toBe(0);
  });
});

it('leaves no chain of events that its rows contradict', async () => {
  expect(await steps.auditFindings()).toEqual([]);
});

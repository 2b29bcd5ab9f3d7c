import { APP_RETURN } from '../../../sandbox/clients.ts';
import { exampleLaunch } from '../../../src/token/backchannel/resource/held-request.dto.ts';
import { BackchannelSteps } from '../../support/backchannel/backchannel-steps.ts';
import type { Requested } from '../../support/parties/backchannel-client.ts';
import type { RawAnswer } from '../../support/parties/exchange.ts';

let steps: BackchannelSteps;

beforeAll(async () => {
  steps = await BackchannelSteps.start();
});
afterAll(() => steps.stop());

const request = (changes: Readonly<Record<string, unknown>> = {}): Promise<Requested> =>
  steps.tpp.request({ ...steps.tpp.appClaims(), login_hint: undefined, ...changes });

const comeBack = (requested: Requested, nonce: unknown): Promise<RawAnswer> =>
  steps.tpp.call(requested, 'POST', '/return', { body: { nonce } });

describe("a TPP's app", () => {
  it('has a payment signed without any browser, and the bank consumes it', async () => {
    const requested = await steps.tpp.request(steps.tpp.appClaims());
    expect(requested).toMatchObject({ interval: 2, expiresIn: 180 });
    expect((await steps.tpp.poll(requested)).body).toMatchObject({ error: 'authorization_pending' });
    expect((await steps.tpp.call(requested, 'GET')).body).toMatchObject({
      state: 'waiting',
      way: 'app',
      message: { rfa: expect.stringMatching(/^RFA/), sv: expect.any(String), en: expect.any(String) },
    });
    const orderId = await steps.launch(requested);
    await steps.until(requested, 'started');
    const nonce = await steps.sign(orderId);
    expect((await comeBack(requested, nonce)).status).toBe(204);
    await steps.until(requested, 'done');
    const answer = await steps.tpp.poll(requested);
    expect([answer.status, answer.body]).toEqual([
      200,
      expect.objectContaining({ token_type: 'DPoP', consent_id: requested.consentId }),
    ]);
    expect(await steps.consume(requested, answer)).toBe(200);
    // The evidence has what the TPP signed.
    expect(await steps.count('evidence_attachment', "kind = 'request-object'")).toBe(1);
  });

  it('opens BankID by a link of the moment, which returns to the registered address with a nonce', async () => {
    const requested = await request();
    const link = new URL(String((await steps.tpp.call(requested, 'POST', '/launch')).body['url']));
    expect([...new URL(exampleLaunch.url).searchParams.keys()]).toEqual([...link.searchParams.keys()]);
    const { id } = await steps.world.app.open(link.searchParams.get('autostarttoken') ?? '');
    const { returnUrl } = await steps.world.app.getOrder(id);
    expect(returnUrl).toMatch(new RegExp(`^${APP_RETURN.replaceAll('.', String.raw`\.`)}\\?sigill_nonce=[\\w-]{43}$`));
    expect((await steps.tpp.call(requested, 'GET', '/qr')).body).toMatchObject({
      code: 'backchannel.nothing-to-start',
    });
    await steps.world.app.cancel(id);
    await steps.until(requested, 'ended');
    expect((await steps.tpp.call(requested, 'POST', '/launch')).body).toMatchObject({
      code: 'backchannel.nothing-to-start',
    });
    expect((await steps.tpp.poll(requested)).body).toEqual({
      error: 'access_denied',
      error_description: 'declined',
      error_uri: `${steps.tpp.raw.issuer}/problems/grant.denied`,
    });
  });

  it('shows a key that it made for this request alone: no registered one, and none that was used before', async () => {
    const { tpp } = steps;
    const requested = await request();
    const again = await tpp.send(
      await tpp.sign({ claims: { ...tpp.appClaims(), login_hint: undefined } }),
      requested.key,
    );
    const inQr = await tpp.send(await tpp.sign({ claims: { login_hint: undefined } }), requested.key);
    const registered = await tpp.send(
      await tpp.sign({ claims: { ...tpp.appClaims(), login_hint: undefined, dpop_jkt: await tpp.registeredJkt() } }),
    );
    const none = await tpp.send(await tpp.sign({ claims: { ...tpp.appClaims(), login_hint: undefined } }));
    for (const { status, body } of [again, inQr, registered, none]) {
      expect([status, body['error'], body['error_description']]).toEqual([
        400,
        'invalid_request',
        expect.stringMatching(/^\/dpop_jkt: /),
      ]);
    }
    await steps.tpp.call(requested, 'DELETE');
  });

  it('has a key for its request alone, whoever sends others with it at the same time', async () => {
    const { tpp } = steps;
    for (const round of [0, 1, 2]) {
      const key = await tpp.newKey();
      const signed = await Promise.all(
        Array.from({ length: 10 }, async (_, i) => {
          const way = i % 2 === round % 2 ? tpp.appClaims() : {};
          return tpp.sign({ claims: { ...way, login_hint: undefined } });
        }),
      );
      const answers = await Promise.all(signed.map((one) => tpp.send(one, key)));
      const made = await steps.database.asOwner('select id, way from backchannel_request where jkt = $1', [key.jkt]);
      expect(answers.filter(({ status }) => status === 200).length).toBe(made.length);
      expect(made.length).toBeGreaterThan(0);
      expect(made.length === 1 || made.every(({ way }) => way === 'qr')).toBe(true);
      await Promise.all(made.map(({ id }) => tpp.call({ id: String(id), key }, 'DELETE')));
    }
  });

  it('proves its return by the nonce of its own order, and by the key of its own request', async () => {
    const [mine, victims] = [await request(), await request()];
    const nonce = await steps.sign(await steps.launch(victims));
    // The nonce of a victim's return is worth nothing under another request's key.
    expect([(await comeBack(mine, nonce)).status, (await comeBack(mine, 'A'.repeat(43))).status]).toEqual([422, 422]);
    for (const without of [undefined, '', 7, 'short']) expect((await comeBack(mine, without)).status).toBe(400);
    expect((await comeBack({ ...victims, key: mine.key }, nonce)).status).toBe(404);
    expect((await comeBack(victims, nonce)).status).toBe(204);
    expect((await comeBack(victims, nonce)).status).toBe(204);
    await steps.until(victims, 'done');
    expect((await steps.tpp.poll({ ...victims, key: mine.key })).body).toMatchObject({ error: 'invalid_grant' });
    expect((await steps.tpp.poll(victims)).status).toBe(200);
    await steps.tpp.call(mine, 'DELETE');
  });
});

describe('a request', () => {
  it('is in the hands of its key alone: to others it is like one that there is not', async () => {
    const requested = await request();
    const stranger = { ...requested, key: await steps.tpp.newKey() };
    const unknown = { ...requested, id: 'Qw7rT2yU9iO4pA6sD1fG3h' };
    const calls = [
      ['GET', ''],
      ['GET', '/qr'],
      ['POST', '/launch'],
      ['DELETE', ''],
    ] as const;
    for (const [method, resource] of calls) {
      const answers = await Promise.all([stranger, unknown].map((one) => steps.tpp.call(one, method, resource)));
      const seen = answers.map(({ status, body }) => ({ status, ...body, requestId: '' }));
      expect(seen[0]).toEqual(seen[1]);
      expect(seen[0]).toMatchObject({ status: 404, code: 'backchannel.not-found' });
    }
    // Its own client has no more right to it than anybody else: the key is the app's.
    const machine = await steps.tpp.raw.machineToken('consents');
    expect((await steps.tpp.raw.call(machine, 'GET', `/backchannel/${requested.id}`)).status).toBe(404);
    expect((await steps.tpp.raw.get(`/backchannel/${requested.id}`)).status).toBe(401);
    expect(await steps.stateOf(requested)).toBe('waiting');
    await steps.tpp.call(requested, 'DELETE');
  });

  it('that is bound to nothing is read by its client with a token, and by no other client', async () => {
    const { tpp } = steps;
    const { status, body } = await tpp.send(await tpp.sign({ claims: { login_hint: undefined } }));
    expect(status).toBe(200);
    const path = `/backchannel/${String(body['id'])}`;
    const { otherTpp, bank } = steps.parties;
    const read = async (party: typeof otherTpp): Promise<number> =>
      (await party.call(await party.machineToken('consents'), 'GET', path)).status;
    expect([await read(tpp.raw), await read(otherTpp), await read(bank)]).toEqual([200, 404, 403]);
    expect((await tpp.call({ id: String(body['id']), key: await tpp.newKey() }, 'GET')).status).toBe(404);
    expect((await tpp.raw.call(await tpp.raw.machineToken('consents'), 'DELETE', path)).status).toBe(204);
  });
});

it('leaves no chain of events that its rows contradict', async () => {
  expect(await steps.auditFindings()).toEqual([]);
});

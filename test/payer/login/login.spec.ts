import { AuditTrail } from '../../../src/audit/audit-trail.ts';
import { AuditReading } from '../../../src/compliance/audit-reading.ts';
import { addMs, MINUTE_MS, SECOND_MS } from '../../../src/kernel/clock.ts';
import { Recovery } from '../../../src/token/recovery.ts';
import { eventually } from '../../support/eventually.ts';
import { starts, type BackchannelWay } from '../../support/parties/backchannel-steps.ts';
import { anna, bo, codeOf, shop } from '../../support/parties/consent-steps.ts';
import { LoginSteps, portal } from '../../support/login/login-steps.ts';

const ways = Object.keys(starts) as BackchannelWay[];
const down = { next: 'request', kind: 'error', status: 503, errorCode: 'Maintenance', times: 3 } as const;

let steps: LoginSteps;
beforeAll(async () => {
  steps = await LoginSteps.start();
});
afterAll(() => steps.stop());
afterEach(() => steps.app.clearFaults());

/** BankID's clock stays: a signature must not be older than its order. */
async function later(ms: number, act: () => Promise<unknown>): Promise<void> {
  steps.clock.advance(ms);
  try {
    await act();
  } finally {
    steps.clock.advance(-ms);
  }
}

describe('a person', () => {
  it.each(ways)('logs in by %s, is told to the client alone, and pays nothing', async (way) => {
    const begun = await steps.ask(way, { nonce: 'n-1', bindingMessage: 'K7-Q2' });
    const id = await steps.openInApp(begun);
    const { function: kind, text } = await steps.app.getOrder(id);
    expect([kind, text.includes(portal.name), text.includes('K7-Q2')]).toEqual(['Identification', true, true]);
    const { returnUrl } = await steps.app.sign(id, { personalNumber: anna, name: 'Anna Maria Andersson' });
    if (way === 'app') {
      const nonce = new URL(returnUrl ?? '').searchParams.get('sigill_nonce') ?? '';
      expect(await steps.logins.recordReturn(begun.loginId, 'another')).toBe(false);
      expect(await steps.logins.recordReturn(begun.loginId, nonce)).toBe(true);
    }
    await steps.until(begun, 'authenticated');
    const told = await steps.findAuthenticated(begun.loginId);
    expect(told).toMatchObject({
      clientId: portal.id,
      channel: { way },
      scopes: ['openid', 'https://id.oidc.se/scope/naturalPersonInfo'],
      nonce: 'n-1',
      person: { personalNumber: anna, name: 'Anna Maria Andersson', surname: 'Andersson' },
    });
    expect(told?.person.givenName).toMatch(/^Anna/);
    expect((await steps.events(begun)).map(({ type }) => type).filter((type) => type !== 'app.returned')).toEqual([
      'login.requested',
      'order.requested',
      'login.authenticated',
    ]);
    expect(await steps.evidenceKinds(begun)).toEqual(['accepted TOTAL-PASSED']);
    expect(await steps.orderStates(begun)).toEqual(['settled: authenticated']);
    const [{ consents, evidence } = {}] = await steps.database.asOwner(
      'select (select count(*)::int from consent) as consents, (select count(*)::int from evidence) as evidence',
    );
    expect([consents, evidence]).toEqual([0, 0]);
  });

  it('is the same to one client each time, and another to another client', async () => {
    const subjectOf = async (client = portal): Promise<string | undefined> =>
      (await steps.findAuthenticated((await steps.authenticated('qr', { client, person: anna })).loginId))?.subject;
    const [first, again, elsewhere] = [
      await subjectOf(),
      await subjectOf(),
      await subjectOf({ ...portal, id: 'another' as typeof portal.id }),
    ];
    expect(again).toBe(first);
    expect(elsewhere).not.toBe(first);
  });

  it('who declines in the app or the call is not asked again by the same request', async () => {
    const shown = await steps.ask('qr');
    await steps.app.cancel(await steps.openInApp(shown));
    expect(await steps.until(shown, 'rejected')).toMatchObject({ reason: 'declined' });
    const call = await steps.ask('phone');
    await steps.app.answerCall((await steps.app.openFor(anna)).id, false);
    expect(await steps.until(call, 'rejected')).toMatchObject({ reason: 'declined' });
    expect((await steps.events(call)).slice(-2)).toMatchObject([
      { type: 'order.failed', detail: { failure: 'userDeclinedCall' } },
      { type: 'login.rejected', detail: { reason: 'declined' } },
    ]);
  });

  it.each([
    ['app', 'certificateErr'],
    ['qr', 'expiredTransaction'],
    ['phone', 'notSupportedByUserApp'],
  ] as const)('whose order by %s ends as %s has not logged in, and the login ends with it', async (way, hintCode) => {
    const begun = await steps.ask(way);
    await steps.app.fail(await steps.openInApp(begun), hintCode);
    expect(await steps.until(begun, 'rejected')).toMatchObject({ reason: 'order-failed' });
    expect(await steps.findAuthenticated(begun.loginId)).toBeUndefined();
    expect(await steps.evidenceKinds(begun)).toEqual([]);
  });

  it('who started BankID by a link at another address logs in once the app has come back with its nonce', async () => {
    const begun = await steps.ask('app');
    const nonce = await steps.identify(begun, { risk: 'moderate', deviceIp: '203.0.113.9' });
    await eventually(async () => ((await steps.orderStates(begun))[0] === 'answered' ? true : undefined));
    expect((await steps.state(begun)).login.state).toBe('awaiting');
    expect(await steps.logins.recordReturn(begun.loginId, nonce ?? '')).toBe(true);
    await steps.until(begun, 'authenticated');
    expect(await steps.logins.recordReturn(begun.loginId, nonce ?? '')).toBe(true);
    expect((await steps.events(begun)).filter(({ type }) => type === 'app.returned')).toHaveLength(1);
  });

  it('and nobody else logs in where the client named one', async () => {
    const begun = await steps.ask('qr', { person: bo });
    const id = await steps.openInApp(begun);
    await steps.app.setOrderFault(id, { personalNumber: anna });
    await steps.app.sign(id);
    expect(await steps.until(begun, 'rejected')).toMatchObject({ reason: 'signature' });
    expect((await steps.state(begun)).reason).toBe('not-completed');
    expect(await steps.evidenceKinds(begun)).toEqual(['refused INDETERMINATE']);
  });
});

describe('a login', () => {
  it('ends when its time is up, and its order with it', async () => {
    const begun = await steps.ask('qr');
    const id = await steps.openInApp(begun);
    await later(4 * MINUTE_MS, async () => {
      await steps.sweeper.sweep();
      expect((await steps.state(begun)).login).toMatchObject({ state: 'expired', reason: 'no-authentication' });
    });
    await eventually(async () => ((await steps.app.getOrder(id)).status === 'cancelled' ? true : undefined));
    // Its order is settled as withdrawn later, which is an event of its own.
    expect(await steps.events(begun)).toContainEqual(expect.objectContaining({ type: 'login.expired' }));
  });

  it('is never shown as open after its time, also before anybody has swept', async () => {
    const begun = await steps.begin('qr', { expiresAt: addMs(steps.clock.now(), SECOND_MS) });
    await later(2 * SECOND_MS, async () => {
      expect((await steps.state(begun)).login.state).toBe('expired');
    });
  });

  it('is taken back by its client once, and a later signature logs nobody in', async () => {
    const begun = await steps.ask('qr');
    const id = await steps.openInApp(begun);
    const cancelled = await Promise.all(Array.from({ length: 50 }, () => steps.logins.cancel(begun, 'client')));
    expect(cancelled.filter(Boolean)).toHaveLength(1);
    expect((await steps.state(begun)).login).toMatchObject({ state: 'cancelled', reason: 'client' });
    expect((await steps.app.getOrder(id)).status).toBe('cancelled');
    expect((await steps.events(begun)).filter(({ type }) => type === 'login.cancelled')).toHaveLength(1);
  });

  it('that was signed just before it was taken back logs nobody in, and the signature is kept', async () => {
    const begun = await steps.ask('qr');
    await steps.app.setFault({ next: 'request', kind: 'latency', ms: 300, endpoint: 'collect' });
    const id = await steps.openInApp(begun);
    await steps.app.sign(id);
    await steps.logins.cancel(begun, 'client');
    await eventually(async () => ((await steps.orderStates(begun))[0] === 'settled: surplus' ? true : undefined));
    expect(await steps.evidenceKinds(begun)).toEqual(['surplus TOTAL-PASSED']);
    expect(await steps.findAuthenticated(begun.loginId)).toBeUndefined();
  });

  it('does not come to wait where BankID makes no order', async () => {
    await steps.app.setFault(down);
    const begun = await steps.begin('phone');
    expect(await codeOf(steps.logins.send(begun))).toBe('bankid.unavailable');
    expect((await steps.state(begun)).login).toMatchObject({ state: 'rejected', reason: 'order-failed' });
  });

  it('whose order nobody made, because a process died, ends', async () => {
    const begun = await steps.begin('qr');
    await steps.database.asOwner(`update sign_order set state = 'unknown' where order_group = $1`, [begun.loginId]);
    await steps.sweeper.sweep();
    expect((await steps.state(begun)).login).toMatchObject({ state: 'rejected', reason: 'order-failed' });
  });

  it('that waited in a database that was set back has ended, and what is signed for it then logs nobody in', async () => {
    const [before, id] = [await steps.ask('qr'), await steps.authenticated()];
    const opened = await steps.openInApp(before);
    const { logins } = await steps.get(Recovery).run(addMs(steps.clock.now(), 1), 'operator:test');
    expect(logins).toBeGreaterThan(0);
    expect((await steps.state(before)).login).toMatchObject({ state: 'expired' });
    expect((await steps.events(before)).at(-1)).toMatchObject({ type: 'login.expired', actor: 'operator:test' });
    expect((await steps.state(id)).login.state).toBe('authenticated');
    await steps.sweeper.sweep();
    expect((await steps.app.getOrder(opened)).status).toBe('cancelled');
  });

  it('whose person was erased tells nobody of anybody', async () => {
    const begun = await steps.authenticated();
    await steps.database.asOwner('delete from data_key where subject = $1', [begun.subject]);
    await steps.get(AuditTrail).appendStandalone(begun.subject, {
      type: 'evidence.erased',
      at: steps.clock.now(),
      actor: 'eraser',
      detail: {},
    });
    expect(await steps.findAuthenticated(begun.loginId)).toBeUndefined();
    expect((await steps.events(begun)).at(-1)).toMatchObject({ type: 'evidence.erased' });
  });

  it('is not begun for a client without an RP certificate of its own, nor in another way than was asked', async () => {
    expect(await codeOf(steps.begin('qr', { client: shop }))).toBe('oauth.unauthorized-client');
    await expect(steps.begin('qr', { start: starts.phone })).rejects.toThrow(TypeError);
  });

  it('of a person who was asked too often by the client waits, and nothing is stored', async () => {
    const person = '197802031234' as typeof anna;
    for (let asked = 0; asked < 20; asked += 1) await steps.begin('qr', { person });
    const before = await steps.database.asOwner('select count(*) from login');
    const refusal = await steps.begin('qr', { person }).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ code: 'login.too-many-orders', retryAfterSeconds: 3600 });
    expect(await steps.database.asOwner('select count(*) from login')).toEqual(before);
  });
});

it('leaves no login, however it ended, without the events that its rows require', async () => {
  const { logins, findings } = await steps.get(AuditReading).verify();
  expect([logins > 20, findings]).toEqual([true, []]);
});

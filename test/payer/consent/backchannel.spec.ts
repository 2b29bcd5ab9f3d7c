import { ExpirySweeper } from '../../../src/consent/expiry/expiry-sweeper.ts';
import type { Bank, Client } from '../../../src/clients/clients.ts';
import type { ConsentId } from '../../../src/kernel/ids.ts';
import { MINUTE_MS, systemClock } from '../../../src/kernel/clock.ts';
import { eventually } from '../../support/eventually.ts';
import {
  BackchannelSteps,
  caller,
  RETURN_URI,
  starts,
  type BackchannelWay,
} from '../../support/parties/backchannel-steps.ts';
import { anna, bank, bo, codeOf, otherBank, payment, shop } from '../../support/parties/consent-steps.ts';
import { quick, TestSystem } from '../../support/system/system.ts';

const ways = Object.keys(starts) as BackchannelWay[];
const down = { next: 'request', kind: 'error', status: 503, errorCode: 'Maintenance', times: 3 } as const;

let steps: BackchannelSteps;
beforeAll(async () => {
  steps = new BackchannelSteps(await TestSystem.start({ timings: quick, simulator: { clock: systemClock } }));
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

const countConsents = async (): Promise<unknown> =>
  (await steps.database.asOwner('select count(*)::int as consents from consent'))[0]?.['consents'];

describe('a payer', () => {
  it.each(ways)('signs a payment by %s, and reads who asks and how', async (way) => {
    const begun = await steps.ask(way);
    const id = await steps.openInApp(begun);
    const { text, callInitiator, returnUrl } = await steps.app.getOrder(id);
    expect([text.includes('Telefonsamtal'), callInitiator]).toEqual(
      way === 'phone' ? [true, 'user'] : [false, undefined],
    );
    await steps.app.sign(id);
    if (returnUrl !== undefined) await steps.signing.recordReturn(begun.consentId, caller.id, nonceIn(returnUrl));
    expect(await steps.until(begun, 'authorised')).toMatchObject({ channel: { way } });
    expect(await steps.state(begun)).toMatchObject({ progress: { state: 'complete', way } });
    expect((await steps.events(begun)).map(({ type }) => type)).toEqual([
      'consent.pushed',
      'order.requested',
      ...(way === 'app' ? ['app.returned'] : []),
      'consent.authorised',
    ]);
  });

  it('reads who called whom, as BankID shows it too', async () => {
    const called = { user: `Du ringde till ${shop.name}`, RP: `${shop.name} ringde till dig` };
    for (const callInitiator of ['user', 'RP'] as const) {
      const begun = await steps.ask('phone', { start: { way: 'phone', callInitiator } });
      const order = await steps.app.getOrder(await steps.openInApp(begun));
      expect(order.callInitiator).toBe(callInitiator);
      expect(JSON.parse(Buffer.from(order.nonVisibleData ?? '', 'base64').toString())).toMatchObject({
        channel: { way: 'phone', callInitiator },
      });
      expect(order.text).toContain(called[callInitiator]);
      await steps.app.cancel(order.id);
      await steps.until(begun, 'rejected');
    }
  });

  it('who ends the order in BankID has declined, and is not asked again by the same request', async () => {
    for (const way of ['app', 'qr'] as const) {
      const begun = await steps.ask(way);
      await steps.app.cancel(await steps.openInApp(begun));
      expect(await steps.until(begun, 'rejected')).toMatchObject({ reason: 'declined' });
    }
    const call = await steps.ask('phone');
    await steps.app.answerCall((await steps.app.openFor(anna)).id, false);
    expect(await steps.until(call, 'rejected')).toMatchObject({ reason: 'declined' });
    expect((await steps.events(call)).slice(-2)).toMatchObject([
      { type: 'order.failed', detail: { failure: 'userDeclinedCall' } },
      { type: 'consent.rejected', detail: { reason: 'declined' } },
    ]);
  });

  it('who says no to calls, even after being asked for the security code, is not locked out by them', async () => {
    const payer = '197202292384' as typeof anna;
    for (let call = 1; call <= 6; call += 1) {
      const begun = await steps.ask('phone', { payer });
      const id = await steps.openInApp(begun, payer);
      await eventually(async () => (await steps.state(begun)).progress?.hintCode === 'userSign' || undefined);
      await steps.app.fail(id, 'userCancel');
      await steps.until(begun, 'rejected');
    }
    const outcomes = `select distinct s.outcome, s.reached_signing from signing_attempt s join consent c on c.id = s.consent_id
                       where c.way = 'phone' and s.reached_signing`;
    expect(await steps.database.asOwner(outcomes)).toEqual([{ outcome: 'unreached', reached_signing: true }]);
  });

  it.each([
    ['app', 'certificateErr'],
    ['qr', 'expiredTransaction'],
    ['phone', 'notSupportedByUserApp'],
  ] as const)(
    'whose order by %s ends as %s has signed nothing, and the consent ends with it',
    async (way, hintCode) => {
      const begun = await steps.ask(way);
      await steps.app.fail(await steps.openInApp(begun), hintCode);
      expect(await steps.until(begun, 'rejected')).toMatchObject({ reason: 'order-failed', failedAttempts: 0 });
    },
  );

  it('has more time while a code is not scanned: the order is renewed', async () => {
    const begun = await steps.ask('qr');
    await steps.app.advanceClock(31_000);
    await eventually(async () => (await steps.state(begun)).progress?.renewals === 1 || undefined);
    await steps.sign(begun);
    await steps.until(begun, 'authorised');
  });

  it('is told nothing by a request that BankID could not take, which ends at once', async () => {
    const begun = await steps.begin('qr');
    await steps.app.setFault({ ...down, endpoint: 'sign' });
    expect(await codeOf(steps.signing.send(begun))).toBe('bankid.unavailable');
    expect((await steps.state(begun)).consent).toMatchObject({ state: 'rejected', reason: 'order-failed' });
    expect((await steps.events(begun)).slice(-2)).toMatchObject([
      { type: 'order.not-placed', detail: { problem: 'bankid.unavailable' } },
      { type: 'consent.rejected', detail: { reason: 'order-failed' } },
    ]);
    await steps.app.clearFaults();
    expect(await steps.signing.findQrFrame(begun.consentId)).toBeUndefined();
  });

  it('does not wait for a code whose renewal BankID could not take', async () => {
    const begun = await steps.ask('qr');
    await steps.app.setFault({ ...down, endpoint: 'sign', times: 9 });
    await steps.app.advanceClock(31_000);
    expect(await steps.until(begun, 'rejected')).toMatchObject({ reason: 'order-failed' });
  });

  it('is not asked any longer when the request ends: BankID has cancelled the order', async () => {
    const begun = await steps.ask('phone', { lifetimeMs: MINUTE_MS });
    const id = await steps.openInApp(begun);
    expect((await steps.state(begun)).consent.expiresAt.getTime()).toBe(begun.expiresAt.getTime());
    await later(MINUTE_MS, () => steps.get(ExpirySweeper).sweep());
    expect((await steps.state(begun)).consent).toMatchObject({ state: 'expired', reason: 'no-authorisation' });
    expect((await steps.app.getOrder(id)).status).toBe('cancelled');
  });

  it('whose document cannot be read is asked for something else by the next request for the same payment', async () => {
    const requirement = { mrtd: true } as const;
    const strict: Bank = { ...bank, policy: [{ name: 'document', requirement, withoutDocument: { pinCode: true } }] };
    const initiation = payment({ endToEndIdentification: 'document-1' });
    const demandOf = async (changes: object = {}) => {
      const begun = await steps.ask('app', { bank: strict, initiation, ...changes });
      const id = await steps.openInApp(begun);
      return { begun, id, asks: (await steps.app.getOrder(id)).asks };
    };
    const first = await demandOf();
    expect(first.asks).toBe('document');
    await steps.app.fail(first.id, 'nfcNotSupportedByDevice');
    await steps.until(first.begun, 'rejected');
    expect((await demandOf()).asks).toBe('signature');
    expect((await demandOf({ initiation: payment({ endToEndIdentification: 'document-2' }) })).asks).toBe('document');
    await later(15 * MINUTE_MS, async () => expect((await demandOf()).asks).toBe('document'));
  });

  it('is not asked for longer than the client’s consents live', async () => {
    const begun = await steps.begin('app', { lifetimeMs: 60 * MINUTE_MS });
    expect(begun.expiresAt.getTime() - steps.clock.now().getTime()).toBeLessThanOrEqual(15 * MINUTE_MS);
  });

  it('is not asked any longer when the TPP takes its request back', async () => {
    const begun = await steps.ask('app');
    const id = await steps.openInApp(begun);
    expect(await steps.signing.cancel(begun.consentId, otherBank.id)).toBe(false);
    expect(await steps.signing.cancel(begun.consentId, caller.id)).toBe(true);
    expect((await steps.app.getOrder(id)).status).toBe('cancelled');
    expect((await steps.state(begun)).consent).toMatchObject({ state: 'revoked', reason: 'tpp' });
    expect(await steps.signing.cancel(begun.consentId, caller.id)).toBe(false);
  });
});

describe('an app', () => {
  const elsewhere = { deviceIp: '198.51.100.4', risk: 'moderate' };

  it('that came back with the nonce of its own request is believed, once', async () => {
    const [mine, theirs] = [await steps.ask('app'), await steps.ask('app', { payer: bo })];
    const nonce = (await steps.sign(mine, elsewhere)) ?? '';
    for (const [consentId, given] of [
      [theirs.consentId, nonce],
      [mine.consentId, `${nonce.slice(0, -1)}_`],
      [mine.consentId, ''],
      ['00000000-0000-4000-8000-000000000000' as ConsentId, nonce],
    ] as const) {
      expect(await steps.signing.recordReturn(consentId, caller.id, given)).toBe(false);
    }
    expect((await steps.state(mine)).consent.state).toBe('awaiting-authorisation');
    expect(await steps.signing.recordReturn(mine.consentId, caller.id, nonce)).toBe(true);
    await steps.until(mine, 'authorised');
    expect(await steps.signing.recordReturn(mine.consentId, caller.id, nonce)).toBe(true);
    expect((await steps.events(mine)).filter(({ type }) => type === 'app.returned')).toHaveLength(1);
    expect((await steps.events(theirs)).map(({ type }) => type)).not.toContain('app.returned');
  });

  it('that did not come back is refused, unless BankID is at the stated address or says that the risk is low', async () => {
    const begun = await steps.ask('app');
    await steps.sign(begun, elsewhere);
    await eventually(async () => (await steps.state(begun)).progress?.state === 'complete' || undefined);
    await later(31_000, () => steps.until(begun, 'rejected'));
    expect((await steps.state(begun)).consent).toMatchObject({ reason: 'device-not-bound' });
    for (const signer of [
      { ...elsewhere, deviceIp: starts.app.endUserIp },
      { ...elsewhere, risk: 'low' },
    ]) {
      const accepted = await steps.ask('app');
      await steps.sign(accepted, signer);
      await steps.until(accepted, 'authorised');
    }
  });

  it('is returned to at the registered address, with nothing but the nonce added', async () => {
    const begun = await steps.ask('app', { start: { ...starts.app, returnUrl: `${RETURN_URI}?from=bankid` } });
    const { returnUrl } = await steps.app.getOrder(await steps.openInApp(begun));
    expect(returnUrl).toMatch(/^https:\/\/shop\.example\/back\?from=bankid&sigill_nonce=[\w-]{43}$/);
  });

  it('gets a link and no code, a screen gets a code and no link, and a call neither', async () => {
    const offered = await Promise.all(
      ways.map(async (way) => {
        const { consentId } = await steps.ask(way, way === 'phone' ? { payer: '198507099805' as typeof anna } : {});
        const link = await steps.signing.findLaunchLink(consentId, '');
        return [way, link !== undefined, (await steps.signing.findQrFrame(consentId)) !== undefined];
      }),
    );
    expect(offered).toEqual([
      ['app', true, false],
      ['qr', false, true],
      ['phone', false, false],
    ]);
  });
});

describe('a request', () => {
  it('is for a way other than the browser, and for the way of its consent', async () => {
    const before = await countConsents();
    const browser = { ...starts.app, way: 'browser', device: 'this', userAgent: '', deviceIdentifier: 'x' } as const;
    await expect(steps.begin('app', { start: browser })).rejects.toThrow(TypeError);
    expect(await countConsents()).toBe(before);
  });

  it('by phone names the client that asks, in the BankID app too', async () => {
    const before = await countConsents();
    expect(await codeOf(steps.begin('phone', { client: shop }))).toBe('oauth.unauthorized-client');
    expect(await countConsents()).toBe(before);
  });

  it('that a limit of the person refuses leaves nothing behind', async () => {
    const named = '198506152399';
    const ask = () => steps.begin('qr', { payer: named as typeof anna });
    for (let order = 1; order <= 20; order += 1) await ask();
    const before = await countConsents();
    await expect(ask()).rejects.toMatchObject({ code: 'consent.too-many-orders', retryAfterSeconds: 3600 });
    expect(await countConsents()).toBe(before);
  });

  it('by phone ends the one that the same client has open for the same person', async () => {
    const [first, second] = [await steps.ask('phone'), await steps.ask('phone')];
    expect(await steps.until(first, 'rejected')).toMatchObject({ reason: 'order-failed' });
    await steps.sign(second);
    await steps.until(second, 'authorised');
  });

  it('by phone for a person whom another client calls is answered as by BankID, and leaves nothing behind', async () => {
    const open = await steps.ask('phone');
    const before = await countConsents();
    const other = { ...caller, id: 'other' as typeof caller.id };
    expect(await codeOf(steps.begin('phone', { client: other }))).toBe('bankid.already-in-progress');
    expect(await countConsents()).toBe(before);
    await steps.sign(open);
    await steps.until(open, 'authorised');
  });

  it('by phone reaches nobody more than three times in ten minutes', async () => {
    // A client of its own: what became of the calls above counts against the other one.
    const limited: Client = { ...shop, id: 'a-call-centre' as typeof caller.id, bankidCertificate: 'default' };
    const call = () => steps.begin('phone', { client: limited, payer: bo });
    for (let order = 1; order <= 3; order += 1) await steps.signing.cancel((await call()).consentId, limited.id);
    const before = await countConsents();
    expect(await codeOf(call())).toBe('bankid.already-in-progress');
    expect(await countConsents()).toBe(before);
  });
});

function nonceIn(returnUrl: string): string {
  return new URL(returnUrl).searchParams.get('sigill_nonce') ?? '';
}

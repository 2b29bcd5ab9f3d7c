import type { BoundInteraction } from '../../../src/consent/consent.ts';
import { EvidenceStore } from '../../../src/evidence/evidence-store.ts';
import { Database } from '../../../src/database/database.ts';
import { eventually } from '../../support/eventually.ts';
import { codeOf, ConsentSteps, signingRequest } from '../../support/parties/consent-steps.ts';

let steps: ConsentSteps;

beforeAll(async () => {
  steps = await ConsentSteps.start();
});

afterAll(() => steps.stop());

interface StartedByLink {
  readonly bound: BoundInteraction;
  readonly nonce: string;
  readonly id: string;
}

async function startByLink(): Promise<StartedByLink> {
  const bound = await steps.pushBound();
  let nonce = '';
  await steps.start(bound, { device: 'this', returnUrl: (made) => signingRequest.returnUrl((nonce = made)) });
  const link = steps.signing.launchLink(await steps.signing.getStatus(bound), signingRequest.userAgent);
  return { bound, nonce, id: (await steps.app.open(link!)).id };
}

describe('an attempt', () => {
  it('may fail four times before the signature', async () => {
    const bound = await steps.pushBound();
    for (let failed = 1; failed <= 4; failed += 1) expect((await steps.fail(bound)).failedAttempts).toBe(failed);
    expect(await steps.signing.getStatus(await steps.reload(bound))).toMatchObject({ attemptsLeft: 1 });
    expect((await steps.sign(bound)).state).toBe('authorised');
  });

  it('that fails a fifth time ends the consent', async () => {
    const bound = await steps.pushBound();
    for (let failed = 1; failed <= 5; failed += 1) await steps.fail(bound);
    expect((await steps.reload(bound)).consent).toMatchObject({ state: 'rejected', reason: 'attempts' });
    expect((await steps.eventTypes(bound)).at(-1)).toBe('consent.rejected');
  });

  it('is not lost by changing the mind on our page, nor by a BankID that does not answer', async () => {
    const bound = await steps.pushBound();
    await steps.scan(bound);
    await steps.signing.cancelSigning(bound);
    steps.clock.advance(3_000);
    await steps.app.setFault({
      next: 'request',
      endpoint: 'sign',
      kind: 'error',
      status: 503,
      errorCode: 'Maintenance',
      times: 3,
    });
    expect(await codeOf(steps.start(bound))).toBe('bankid.unavailable');
    await steps.app.clearFaults();
    const consent = await steps.sign(bound);
    expect(consent.failedAttempts).toBe(0);
  });
});

describe('an order that was started by a link', () => {
  it('waits for the nonce in the bound browser, and authorises when it comes', async () => {
    const { bound, nonce, id } = await startByLink();
    await steps.app.sign(id, { deviceIp: '198.51.100.4', risk: 'moderate' });
    const { interactionId } = bound.consent;
    const stranger = (await steps.pushBound()).cookie;
    expect(await codeOf(steps.interactions.recordReturn(interactionId, stranger, nonce))).toBe('browser.not-bound');
    await steps.interactions.recordReturn(interactionId, bound.cookie, 'another-nonce');
    await steps.until(bound, () => true);
    expect((await steps.reload(bound)).consent.state).toBe('awaiting-authorisation');
    await steps.interactions.recordReturn(interactionId, bound.cookie, nonce);
    await steps.until(bound, ({ consent }) => consent.state === 'authorised');
    expect(await steps.eventTypes(bound)).toContain('browser.returned');
  });

  it('authorises from the same address without the nonce', async () => {
    const { bound, id } = await startByLink();
    await steps.app.sign(id, { deviceIp: signingRequest.endUserIp, risk: 'moderate' });
    await steps.until(bound, ({ consent }) => consent.state === 'authorised');
  });

  it('authorises from another address when the risk is low', async () => {
    const { bound, id } = await startByLink();
    await steps.app.sign(id, { deviceIp: '198.51.100.4', risk: 'low' });
    await steps.until(bound, ({ consent }) => consent.state === 'authorised');
  });
});

describe('an answer that waits for the browser', () => {
  const waiting = async (): Promise<StartedByLink> => {
    const started = await startByLink();
    await steps.app.sign(started.id, { deviceIp: '198.51.100.4', risk: 'moderate' });
    await eventually(async () => {
      const sql = 'select 1 from sign_order where order_group = $1 and settle_after is not null';
      return (await steps.database.asOwner(sql, [started.bound.consent.consentId])).at(0);
    });
    return started;
  };

  it('is surplus when the payer declines meanwhile: kept, and authorises nothing', async () => {
    const { bound, nonce } = await waiting();
    expect(await codeOf(steps.start(bound))).toBe('order.already-open');
    await steps.interactions.decline(bound);
    await steps.interactions.recordReturn(bound.consent.interactionId, bound.cookie, nonce);
    const store = steps.get(EvidenceStore);
    const kept = await eventually(async () =>
      (await store.findEvidence(steps.get(Database), bound.consent.consentId, 'bank')).at(0),
    );
    expect(kept).toMatchObject({ kind: 'surplus', indication: 'TOTAL-PASSED' });
    expect((await steps.eventTypes(bound)).at(-1)).toBe('evidence.surplus');
    expect(await steps.findGrant(bound)).toBeUndefined();
  });

  it('keeps the consent alive past its time, because it came in time', async () => {
    const { bound, nonce } = await waiting();
    const { consentId, interactionId } = bound.consent;
    await steps.database.asOwner('update consent set expires_at = $2 where id = $1', [consentId, steps.clock.now()]);
    await steps.sweeper.sweep();
    expect((await steps.reload(bound)).consent.state).toBe('awaiting-authorisation');
    await steps.interactions.recordReturn(interactionId, bound.cookie, nonce);
    await steps.until(bound, ({ consent }) => consent.state === 'authorised');
  });

  it('is too late when it came after the time of the consent', async () => {
    const { bound, nonce } = await waiting();
    const { consentId, interactionId } = bound.consent;
    const sql = `update consent c set expires_at = o.answered_at from sign_order o where c.id = $1 and o.order_group = c.id::text`;
    await steps.database.asOwner(sql, [consentId]);
    await steps.interactions.recordReturn(interactionId, bound.cookie, nonce);
    const consent = await steps.until(bound, (now) => now.consent.state !== 'awaiting-authorisation');
    expect(consent).toMatchObject({ state: 'expired', reason: 'no-authorisation' });
    const [kept] = await steps.get(EvidenceStore).findEvidence(steps.get(Database), consentId, 'bank');
    expect(kept).toMatchObject({ kind: 'surplus' });
  });

  it('is rejected when no browser comes within 30 seconds', async () => {
    const { bound } = await waiting();
    steps.clock.advance(30_001);
    const consent = await steps.until(bound, (now) => now.consent.state !== 'awaiting-authorisation');
    expect(consent).toMatchObject({ state: 'rejected', reason: 'device-not-bound' });
  });
});

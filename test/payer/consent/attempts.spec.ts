import type { BoundInteraction } from '../../../src/consent/consent.ts';
import { EvidenceStore } from '../../../src/evidence/evidence-store.ts';
import { Database } from '../../../src/database/database.ts';
import { eventually } from '../../support/eventually.ts';
import { codeOf, ConsentHarness, signingRequest } from '../../support/in-process/consents.ts';

let harness: ConsentHarness;

beforeAll(async () => {
  harness = await ConsentHarness.start();
});

afterAll(() => harness.stop());

interface StartedByLink {
  readonly bound: BoundInteraction;
  readonly nonce: string;
  readonly id: string;
}

async function startByLink(): Promise<StartedByLink> {
  const bound = await harness.pushBound();
  let nonce = '';
  await harness.start(bound, { device: 'this', returnUrl: (made) => signingRequest.returnUrl((nonce = made)) });
  const link = await harness.signing.findLaunchLink(bound, signingRequest.userAgent);
  return { bound, nonce, id: (await harness.app.open(link!)).id };
}

describe('an attempt', () => {
  it('may fail four times before the signature', async () => {
    const bound = await harness.pushBound();
    for (let failed = 1; failed <= 4; failed += 1) expect((await harness.fail(bound)).failedAttempts).toBe(failed);
    expect(await harness.signing.getStatus(await harness.reload(bound))).toMatchObject({ attemptsLeft: 1 });
    expect((await harness.sign(bound)).state).toBe('authorised');
  });

  it('that fails a fifth time ends the consent', async () => {
    const bound = await harness.pushBound();
    for (let failed = 1; failed <= 5; failed += 1) await harness.fail(bound);
    expect((await harness.reload(bound)).consent).toMatchObject({ state: 'rejected', reason: 'attempts' });
    expect((await harness.eventTypes(bound)).at(-1)).toBe('consent.rejected');
  });

  it('is not lost by changing the mind on our page, nor by a BankID that does not answer', async () => {
    const bound = await harness.pushBound();
    await harness.scan(bound);
    await harness.signing.cancelSigning(bound);
    harness.clock.advance(3_000);
    await harness.app.setFault({
      next: 'request',
      endpoint: 'sign',
      kind: 'error',
      status: 503,
      errorCode: 'Maintenance',
      times: 3,
    });
    expect(await codeOf(harness.start(bound))).toBe('bankid.unavailable');
    await harness.app.clearFaults();
    const consent = await harness.sign(bound);
    expect(consent.failedAttempts).toBe(0);
  });
});

describe('an order that was started by a link', () => {
  it('waits for the nonce in the bound browser, and authorises when it comes', async () => {
    const { bound, nonce, id } = await startByLink();
    await harness.app.sign(id, { deviceIp: '198.51.100.4', risk: 'moderate' });
    const { interactionId } = bound.consent;
    const stranger = (await harness.pushBound()).cookie;
    expect(await codeOf(harness.interactions.recordReturn(interactionId, stranger, nonce))).toBe('browser.not-bound');
    await harness.interactions.recordReturn(interactionId, bound.cookie, 'another-nonce');
    await harness.until(bound, () => true);
    expect((await harness.reload(bound)).consent.state).toBe('awaiting-authorisation');
    await harness.interactions.recordReturn(interactionId, bound.cookie, nonce);
    await harness.until(bound, ({ consent }) => consent.state === 'authorised');
    expect(await harness.eventTypes(bound)).toContain('browser.returned');
  });

  it('authorises from the same address without the nonce', async () => {
    const { bound, id } = await startByLink();
    await harness.app.sign(id, { deviceIp: signingRequest.endUserIp, risk: 'moderate' });
    await harness.until(bound, ({ consent }) => consent.state === 'authorised');
  });

  it('authorises from another address when the risk is low', async () => {
    const { bound, id } = await startByLink();
    await harness.app.sign(id, { deviceIp: '198.51.100.4', risk: 'low' });
    await harness.until(bound, ({ consent }) => consent.state === 'authorised');
  });
});

describe('an answer that waits for the browser', () => {
  const waiting = async (): Promise<StartedByLink> => {
    const started = await startByLink();
    await harness.app.sign(started.id, { deviceIp: '198.51.100.4', risk: 'moderate' });
    await eventually(async () => {
      const sql = 'select 1 from sign_order where order_group = $1 and settle_after is not null';
      return (await harness.db.asOwner(sql, [started.bound.consent.consentId])).at(0);
    });
    return started;
  };

  it('is surplus when the payer declines meanwhile: kept, and authorises nothing', async () => {
    const { bound, nonce } = await waiting();
    expect(await codeOf(harness.start(bound))).toBe('order.already-open');
    await harness.interactions.decline(bound);
    await harness.interactions.recordReturn(bound.consent.interactionId, bound.cookie, nonce);
    const store = harness.get(EvidenceStore);
    const kept = await eventually(async () =>
      (await store.findEvidence(harness.get(Database), bound.consent.consentId, 'bank')).at(0),
    );
    expect(kept).toMatchObject({ kind: 'surplus', indication: 'TOTAL-PASSED' });
    expect((await harness.eventTypes(bound)).at(-1)).toBe('evidence.surplus');
    expect(await harness.findGrant(bound)).toBeUndefined();
  });

  it('keeps the consent alive past its time, because it came in time', async () => {
    const { bound, nonce } = await waiting();
    const { consentId, interactionId } = bound.consent;
    await harness.db.asOwner('update consent set expires_at = $2 where id = $1', [consentId, harness.clock.now()]);
    await harness.sweeper.sweep();
    expect((await harness.reload(bound)).consent.state).toBe('awaiting-authorisation');
    await harness.interactions.recordReturn(interactionId, bound.cookie, nonce);
    await harness.until(bound, ({ consent }) => consent.state === 'authorised');
  });

  it('is too late when it came after the time of the consent', async () => {
    const { bound, nonce } = await waiting();
    const { consentId, interactionId } = bound.consent;
    const sql = `update consent c set expires_at = o.answered_at from sign_order o where c.id = $1 and o.order_group = c.id::text`;
    await harness.db.asOwner(sql, [consentId]);
    await harness.interactions.recordReturn(interactionId, bound.cookie, nonce);
    const consent = await harness.until(bound, (now) => now.consent.state !== 'awaiting-authorisation');
    expect(consent).toMatchObject({ state: 'expired', reason: 'no-authorisation' });
    const [kept] = await harness.get(EvidenceStore).findEvidence(harness.get(Database), consentId, 'bank');
    expect(kept).toMatchObject({ kind: 'surplus' });
  });

  it('is rejected when no browser comes within 30 seconds', async () => {
    const { bound } = await waiting();
    harness.clock.advance(30_001);
    const consent = await harness.until(bound, (now) => now.consent.state !== 'awaiting-authorisation');
    expect(consent).toMatchObject({ state: 'rejected', reason: 'device-not-bound' });
  });
});

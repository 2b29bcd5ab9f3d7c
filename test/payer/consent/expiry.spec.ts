import { MINUTE_MS } from '../../../src/kernel/clock.ts';
import { Workers } from '../../../src/operations/workers.ts';
import { eventually } from '../../support/eventually.ts';
import { callerOf, codeOf, bank, ConsentSteps, shop } from '../../support/parties/consent-steps.ts';

let steps: ConsentSteps;

/** No sweeper comes by itself: what is told of an expired consent must not depend on it. */
beforeAll(async () => {
  steps = await ConsentSteps.start();
  await steps.get(Workers).stop('expiry-sweeper');
});

afterAll(() => steps.stop());

describe('before the sweeper has come, a consent whose time is up', () => {
  it('is expired for its TPP and its bank, once and for all', async () => {
    const bound = await steps.pushBound();
    const { consentId } = bound.consent;
    steps.clock.advance(15 * MINUTE_MS);
    for (const party of [shop, bank]) {
      const read = await steps.consents.getRepresentation(consentId, callerOf(party));
      expect(read).toMatchObject({ state: 'expired', reason: 'expired' });
    }
    expect((await steps.eventTypes(bound)).filter((type) => type === 'consent.expired')).toHaveLength(1);
    const revoked = steps.revocation.revokeConsent(consentId, callerOf(shop));
    await expect(revoked).rejects.toMatchObject({ code: 'consent.not-authorised', extra: { state: 'expired' } });
  });

  it('is expired in its browser, so that the way back leads to the TPP', async () => {
    const bound = await steps.pushBound();
    steps.clock.advance(15 * MINUTE_MS);
    expect((await steps.reload(bound)).consent).toMatchObject({ state: 'expired', reason: 'no-authorisation' });
  });

  it('is expired for a bank, too, whose revocation comes too late', async () => {
    const { consent } = await steps.pushBound();
    steps.clock.advance(15 * MINUTE_MS);
    const revoked = steps.revocation.revokeConsent(consent.consentId, callerOf(bank));
    await expect(revoked).rejects.toMatchObject({ extra: { state: 'expired' } });
  });

  it('has the order withdrawn that was left open at BankID', async () => {
    const bound = await steps.pushBound();
    await steps.scan(bound);
    await steps.database.asOwner('update consent set expires_at = $2 where id = $1', [
      bound.consent.consentId,
      steps.clock.now(),
    ]);
    expect((await steps.reload(bound)).consent.state).toBe('expired');
    await steps.sweeper.sweep();
    await eventually(async () => {
      const sql = `select 1 from sign_order where order_group = $1 and failure = 'withdrawn'`;
      return (await steps.database.asOwner(sql, [bound.consent.consentId])).at(0);
    });
  });
});

describe('a consent whose time is up while its signature waits for the verdict', () => {
  it('can be revoked, and is then never authorised', async () => {
    await steps.get(Workers).stop('settler');
    const bound = await steps.pushBound();
    const { consentId } = bound.consent;
    await steps.app.sign(await steps.scan(bound), {});
    await eventually(async () => {
      const sql = `select 1 from sign_order where order_group = $1 and state = 'answered'`;
      return (await steps.database.asOwner(sql, [consentId])).at(0);
    });
    await steps.database.asOwner(
      `update consent c set expires_at = o.answered_at + interval '1 millisecond' from sign_order o
        where c.id = $1 and o.order_group = c.id::text`,
      [consentId],
    );
    steps.clock.advance(MINUTE_MS);
    expect((await steps.reload(bound)).consent.state).toBe('awaiting-authorisation');
    await steps.revocation.revokeConsent(consentId, callerOf(shop));
    await steps.settle();
    expect((await steps.reload(bound)).consent.state).toBe('revoked');
    expect((await steps.eventTypes(bound)).at(-1)).toBe('evidence.surplus');
    expect(await codeOf(steps.revocation.revokeConsent(consentId, callerOf(shop)))).toBe('no error');
  });
});

import type { BoundInteraction } from '../../src/consent/consent.ts';
import { DomainError } from '../../src/kernel/errors.ts';
import { luhnDigit, type PersonalNumber } from '../../src/kernel/personal-number.ts';
import { eventually } from '../support/eventually.ts';
import { codeOf, ConsentSteps, shop } from '../support/parties/consent-steps.ts';
import { tamper } from '../support/database/tamper.ts';

const otherShop = { ...shop, id: 'another-shop' as typeof shop.id };

let steps: ConsentSteps;
beforeAll(async () => {
  steps = await ConsentSteps.start();
});
afterAll(() => steps.stop());

/** A person of their own for each test, so that no test fills another's limits. */
function person(day: number): PersonalNumber {
  const digits = `198507${String(day).padStart(2, '0')}980`;
  return `${digits}${luhnDigit(digits.slice(2))}` as PersonalNumber;
}

/** An order that was placed, and that no app has opened. */
async function unopened(bound: BoundInteraction): Promise<string> {
  await steps.start(bound, { device: 'this' });
  const [newest] = await steps.app.listOrders();
  return newest?.id ?? '';
}

async function untilFailed(bound: BoundInteraction): Promise<void> {
  const isOver = 'select 1 from signing_attempt where consent_id = $1 having bool_and(outcome is not null)';
  await eventually(async () => (await steps.database.asOwner(isOver, [bound.consent.consentId])).at(0));
}

/** BankID ends an order that no app has opened. */
async function endsUnopened(bound: BoundInteraction, hintCode: string): Promise<void> {
  await steps.app.fail(await unopened(bound), hintCode);
  await untilFailed(bound);
}

/** The person has the text in the app, BankID has said so, and then the order fails. */
async function failsInHand(bound: BoundInteraction, hintCode: string): Promise<void> {
  const id = await steps.scan(bound);
  await eventually(async () => {
    const { progress } = await steps.signing.getStatus(await steps.reload(bound));
    return progress?.hintCode === 'userSign' ? true : undefined;
  });
  await steps.app.fail(id, hintCode);
  await untilFailed(bound);
}

async function waitOf(press: Promise<unknown>): Promise<number | undefined> {
  const error = await press.then(
    () => undefined,
    (refused: unknown) => refused,
  );
  if (error instanceof DomainError && error.code === 'consent.too-many-orders') return error.retryAfterSeconds;
  throw error instanceof Error ? error : new Error('the press was accepted');
}

describe('a caller who knows a personal number and no more', () => {
  it.each([
    ['startFailed', 1],
    ['expiredTransaction', 2],
    // As when the attacker opens the order with a BankID of their own.
    ['certificateErr', 3],
    ['transactionRiskBlocked', 4],
  ])('locks no person out by orders that end as %s before the person is asked for the code', async (hintCode, day) => {
    const victim = person(day);
    const attack = await steps.pushBound({ payer: victim });
    for (let n = 0; n < 6; n += 1) await endsUnopened(attack, hintCode);
    expect((await steps.reload(attack)).consent).toMatchObject({
      state: 'awaiting-authorisation',
      failedAttempts: 0,
    });
    const same = await steps.pushBound({ payer: victim });
    const other = await steps.pushBound({ payer: victim, client: otherShop });
    expect((await steps.sign(other)).state).toBe('authorised');
    expect((await steps.sign(same)).state).toBe('authorised');
  });

  it('uses up twenty orders an hour of one TPP for that person, and says nothing of the person at another', async () => {
    const victim = person(5);
    const attacks = [await steps.pushBound({ payer: victim }), await steps.pushBound({ payer: victim })];
    for (const attack of attacks) for (let n = 0; n < 10; n += 1) await endsUnopened(attack, 'startFailed');
    const same = await steps.pushBound({ payer: victim });
    const waitSeconds = await waitOf(steps.start(same));
    expect(waitSeconds).toBeGreaterThan(3_400);
    expect(waitSeconds).toBeLessThanOrEqual(3_600);
    const unnamed = await steps.pushBound();
    expect((await steps.sign(unnamed, { personalNumber: victim })).state).toBe('authorised');
    const other = await steps.pushBound({ payer: victim, client: otherShop });
    expect((await steps.sign(other)).state).toBe('authorised');
  });

  it('orders no more than ten times on one link, however the orders end', async () => {
    const attack = await steps.pushBound();
    for (let n = 0; n < 10; n += 1) {
      await steps.start(attack);
      await steps.signing.cancelSigning(attack);
      if (n < 9) expect(await waitOf(steps.start(attack))).toBeLessThanOrEqual(3);
      steps.clock.advance(3_000);
    }
    steps.clock.advance(-30_000);
    await untilFailed(attack);
    const orders = 'select count(*)::int as orders from sign_order where order_group = $1';
    expect(await steps.database.asOwner(orders, [attack.consent.consentId])).toEqual([{ orders: 10 }]);
    expect((await steps.reload(attack)).consent).toMatchObject({ state: 'rejected', reason: 'attempts' });
    expect(await codeOf(steps.start(attack))).toBe('consent.not-awaiting-authorisation');
  });

  it('orders no more than ten times by fifty presses at once, and a double click costs no press', async () => {
    const attack = await steps.pushBound();
    const orders = 'select count(*)::int as orders from sign_order where order_group = $1';
    for (let round = 0; round < 4; round += 1) {
      await Promise.all(Array.from({ length: 50 }, () => codeOf(steps.start(attack))));
    }
    const [made] = await steps.database.asOwner(orders, [attack.consent.consentId]);
    expect(made?.['orders']).toBeLessThanOrEqual(10);
    const presses = `select count(*)::int as presses from signing_attempt where consent_id = $1 and outcome is distinct from 'not-asked'`;
    const [counted] = await steps.database.asOwner(presses, [attack.consent.consentId]);
    expect(counted?.['presses']).toBe(made?.['orders']);
  });
});

describe('a person who was asked for the code', () => {
  it('is paused everywhere for a day after five failures of the BankID itself, and the page knows until when', async () => {
    const payer = person(6);
    for (let n = 0; n < 5; n += 1) await failsInHand(await steps.pushBound({ payer }), 'certificateErr');
    const other = await steps.pushBound({ payer, client: otherShop });
    const waitSeconds = await waitOf(steps.start(other));
    expect(waitSeconds).toBeGreaterThan(86_000);
    const { pausedUntil, attemptsLeft } = await steps.signing.getStatus(other);
    expect([pausedUntil!.getTime() > steps.clock.now().getTime() + 86_000_000, attemptsLeft]).toEqual([true, 5]);
    // A day passes for the limits alone: a signature of yesterday would be refused.
    await tamper(
      steps.database,
      'signing_attempt',
      `update signing_attempt set started_at = started_at - interval '1 day', ended_at = ended_at - interval '1 day'`,
    );
    expect((await steps.sign(await steps.pushBound({ payer, client: otherShop }))).state).toBe('authorised');
  });

  it('is paused at one TPP alone after cancelling five times there', async () => {
    const payer = person(7);
    for (let n = 0; n < 5; n += 1) await failsInHand(await steps.pushBound({ payer }), 'userCancel');
    expect(await waitOf(steps.start(await steps.pushBound({ payer })))).toBeGreaterThan(86_000);
    expect((await steps.sign(await steps.pushBound({ payer, client: otherShop }))).state).toBe('authorised');
  });

  it('begins anew with a signature: what failed before it counts no more', async () => {
    const payer = person(8);
    for (let n = 0; n < 4; n += 1) await failsInHand(await steps.pushBound({ payer }), 'certificateErr');
    await steps.sign(await steps.pushBound({ payer }));
    await failsInHand(await steps.pushBound({ payer }), 'certificateErr');
    expect((await steps.sign(await steps.pushBound({ payer }))).state).toBe('authorised');
  });
});

describe('a press of the button', () => {
  it('that died with its process, the tenth, leaves no page from which there is no way', async () => {
    const bound = await steps.pushBound();
    const { consentId } = bound.consent;
    const press = (outcome: string | null, secondsAgo: number) =>
      steps.database.asOwner(
        `insert into signing_attempt (id, consent_id, client_id, return_nonce_hash, started_at, outcome, ended_at)
         values (gen_random_uuid(), $1, 'shop', sha256('x'), $2::timestamptz, $3::text, case when $3::text is not null then $2::timestamptz end)`,
        [consentId, new Date(steps.clock.now().getTime() - secondsAgo * 1000), outcome],
      );
    for (let n = 0; n < 9; n += 1) await press('unreached', 60);
    await press(null, 10);
    expect(await steps.signing.getStatus(bound)).toMatchObject({ attemptsLeft: 0 });
    expect((await steps.reload(bound)).consent.state).toBe('awaiting-authorisation');
    steps.clock.advance(21_000);
    expect(await steps.signing.getStatus(bound)).toMatchObject({ attemptsLeft: 0 });
    steps.clock.advance(-21_000);
    expect((await steps.reload(bound)).consent).toMatchObject({ state: 'rejected', reason: 'attempts' });
    expect((await steps.eventTypes(bound)).at(-1)).toBe('consent.rejected');
  });

  it('is one press however often its QR code is renewed', async () => {
    const bound = await steps.pushBound();
    await steps.start(bound);
    for (let renewal = 1; renewal <= 3; renewal += 1) {
      await steps.app.advanceClock(31_000);
      await eventually(async () => {
        const { progress } = await steps.signing.getStatus(bound);
        return progress?.renewals === renewal && progress.state === 'pending' ? true : undefined;
      });
    }
    const attempts = 'select count(*)::int as attempts from signing_attempt where consent_id = $1';
    expect(await steps.database.asOwner(attempts, [bound.consent.consentId])).toEqual([{ attempts: 1 }]);
  });
});

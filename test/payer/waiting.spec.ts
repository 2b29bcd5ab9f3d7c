import { PayerSteps, refusedReturn, type InHand } from '../support/parties/payer-steps.ts';
import { bo, payment } from '../support/parties/payment.ts';
import type { PayerBrowser } from '../../sandbox/payer-browser.ts';
import { tamper } from '../support/database/tamper.ts';

const startHere = (browser: PayerBrowser): string => `${browser.interactionPath}/start/this`;
const BUTTONS = /start\/this|start\/other/;

let steps: PayerSteps;
beforeAll(async () => {
  steps = await PayerSteps.start();
}, 60_000);
afterAll(() => steps.stop());

/** A payment for one named person, on its page; no button is pressed. */
async function visit(): Promise<Omit<InHand, 'orderId'>> {
  return steps.visit(payment, { login_hint: `personnummer:${bo}` });
}

/** As if the person's BankID had failed five times in the app today, the last time an hour ago. */
async function fillLimit(consentId: string): Promise<void> {
  await steps.database.asOwner(
    `insert into signing_attempt (id, consent_id, client_id, bound_payer_hash, return_nonce_hash, started_at, outcome, ended_at,
                                  failure, reached_signing)
     select gen_random_uuid(), id, 'another', bound_payer_hash, sha256('x'), $2, 'failed', $2, 'certificateErr', true
       from consent, generate_series(1, 5) where id = $1`,
    [consentId, new Date(steps.clock.now().getTime() - 3_600_000)],
  );
}

describe('a payer who cancels on our page', () => {
  it('and presses again at once learns how many seconds to wait, and then may sign', async () => {
    const inHand = await steps.open();
    const { browser } = inHand;
    await browser.post(`${browser.interactionPath}/cancel`);
    for (const [lang, words] of [
      ['sv', /om [1-3] sekund/],
      ['en', /in [1-3] second/],
    ] as const) {
      const early = await browser.post(`${startHere(browser)}?lang=${lang}`);
      expect([early.status, early.body]).toEqual([429, expect.stringMatching(words)]);
      // One cancel is not many attempts.
      expect(early.body).not.toMatch(/många försök|too many/i);
    }
    steps.clock.advance(3_000);
    await steps.sign({ ...inHand, ...(await steps.world.openInApp(inHand.pushed, browser)) });
    expect(await steps.token(inHand)).toHaveLength(43);
  });
});

describe('a payer whose limit is reached', () => {
  it('reads how long it lasts and is shown no button that would be refused, until it is over', async () => {
    const { pushed, browser } = await visit();
    await fillLimit(pushed.consentId);
    const refused = await browser.post(startHere(browser));
    expect([refused.status, refused.body]).toEqual([429, expect.stringContaining('om 23 timmar')]);
    const page = await browser.get(browser.interactionPath);
    expect(page.body).toContain('data-view="paused"');
    expect(page.body).toContain('om 23 timmar');
    expect(page.body).toContain('Den här begäran går ut innan dess.');
    expect(page.body).not.toMatch(BUTTONS);
    expect(page.body).not.toMatch(/gånger till/);
    expect((await browser.get(`${browser.interactionPath}?lang=en`)).body).toContain('in 23 hours');
    const { database } = steps.world;
    await tamper(database, 'signing_attempt', 'delete from signing_attempt where consent_id = $1', [pushed.consentId]);
    await browser.waitFor('payment');
    await steps.sign({ pushed, ...(await steps.world.openInApp(pushed, browser)) });
    expect(await steps.token({ pushed, browser })).toHaveLength(43);
  });

  it('may go back to the TPP, which learns that the payer declined and no more', async () => {
    const { pushed, browser } = await visit();
    await fillLimit(pushed.consentId);
    await browser.post(startHere(browser));
    await browser.post(`${browser.interactionPath}/decline`);
    const returned = Object.fromEntries((await browser.finish()).searchParams);
    expect(returned).toEqual(refusedReturn(pushed, 'declined', steps.parties.tpp.issuer));
  });
});

describe('a payer who presses and presses while an order is open', () => {
  it('need not wait for an hour: what BankID never heard of is no order', async () => {
    const { pushed, browser } = await visit();
    await steps.database.asOwner(
      `insert into signing_attempt (id, consent_id, client_id, bound_payer_hash, return_nonce_hash, started_at, outcome, ended_at)
       select gen_random_uuid(), id, client_id, bound_payer_hash, sha256('x'), $2, 'not-asked', $2
         from consent, generate_series(1, 30) where id = $1`,
      [pushed.consentId, steps.clock.now()],
    );
    expect((await browser.get(browser.interactionPath)).body).toMatch(BUTTONS);
    await steps.sign({ pushed, ...(await steps.world.openInApp(pushed, browser)) });
    expect(await steps.token({ pushed, browser })).toHaveLength(43);
  });
});

describe('a payer who has pressed ten times', () => {
  it('is led back to the TPP instead of to a button that would be refused', async () => {
    const inHand = await steps.open();
    const { browser, pushed } = inHand;
    await steps.database.asOwner(
      `insert into signing_attempt (id, consent_id, client_id, return_nonce_hash, started_at, outcome, ended_at)
       select gen_random_uuid(), id, client_id, sha256('x'), created_at, 'unreached', created_at
         from consent, generate_series(1, 9) where id = $1`,
      [pushed.consentId],
    );
    await steps.world.app.fail(inHand.orderId, 'cancelled');
    await browser.waitFor('attempts');
    expect((await browser.get(browser.interactionPath)).body).not.toMatch(BUTTONS);
    await steps.waitForState(pushed.consentId, 'rejected');
    const refusal = await steps.refusal(inHand);
    expect(refusal.returned).toEqual(refusedReturn(pushed, 'not-completed', steps.parties.tpp.issuer));
    expect(refusal).toMatchObject({ reason: 'attempts', evidence: [] });
  });
});

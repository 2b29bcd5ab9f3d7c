import { PayerSteps } from '../../support/parties/payer-steps.ts';

let steps: PayerSteps;
beforeAll(async () => {
  steps = await PayerSteps.start();
}, 60_000);
afterAll(() => steps.stop());

/** The orders of a consent, oldest first, with what its attempts have cost. */
async function ordersOf(consentId: string): Promise<unknown> {
  const [counted] = await steps.database.asOwner(
    `select c.failed_attempts as failed, c.expires_at, (select count(*)::int from signing_attempt where consent_id = c.id) as presses,
            (select count(*)::int from sign_order where order_group = c.id::text and state in ('requested', 'pending', 'answer-unknown')) as open,
            (select max(renewal) from sign_order where order_group = c.id::text) as renewals
       from consent c where id = $1`,
    [consentId],
  );
  return counted;
}

describe('fifty callers at the same moment leave one open order', () => {
  it('when fifty tabs keep one link current: it is renewed once, within its press', async () => {
    const { pushed, browser } = await steps.visit();
    const first = await browser.startOnThisDevice();
    const before = await ordersOf(pushed.consentId);
    steps.clock.advance(20_000);
    const path = `${browser.interactionPath}/status?keep=link`;
    const answers = await Promise.all(Array.from({ length: 50 }, () => browser.get(path)));
    expect(answers.map(({ status }) => status)).toEqual(Array<number>(50).fill(200));
    // A tab that asked while the order was being made has no link, and keeps the one that it shows until the next answer.
    const links = answers.map(({ body }) => (JSON.parse(body) as { link?: string }).link);
    const { link } = JSON.parse((await browser.get(path)).body) as { link: string };
    expect(link).not.toBe(first);
    expect(links.filter((given) => given !== undefined && given !== link)).toEqual([]);
    expect(await ordersOf(pushed.consentId)).toEqual({ ...(before as object), open: 1, renewals: 1 });
  });

  it('when more time is asked for fifty times: no attempt has failed, and the time to answer is what it was', async () => {
    const { pushed, browser } = await steps.visit();
    await browser.post(`${browser.interactionPath}/start/other`);
    const before = (await ordersOf(pushed.consentId)) as { readonly expires_at: Date };
    await Promise.all(Array.from({ length: 50 }, () => browser.post(`${browser.interactionPath}/start/other`)));
    const after = (await ordersOf(pushed.consentId)) as { readonly open: number };
    expect(after).toMatchObject({ failed: 0, expires_at: before.expires_at });
    expect(after.open).toBeLessThanOrEqual(1);
    const pending = (await steps.world.app.listOrders()).filter(({ status }) => status === 'pending');
    expect(pending.length).toBeLessThanOrEqual(2);
  }, 60_000);
});

describe('a page that is loaded again after the time to answer', () => {
  it('renews no order: nothing that would be signed could count', async () => {
    const { pushed, browser } = await steps.visit();
    await browser.startOnThisDevice();
    await browser.post(`${browser.interactionPath}/cancel`);
    const { expires_at: end } = (await ordersOf(pushed.consentId)) as { readonly expires_at: Date };
    steps.clock.advance(end.getTime() - steps.clock.now().getTime() - 5000);
    expect(await browser.startOnThisDevice()).toContain('autostarttoken');
    steps.clock.advance(20_000);
    const answers = await Promise.all([
      browser.get(browser.interactionPath),
      browser.get(`${browser.interactionPath}/status?keep=link`),
    ]);
    for (const { body } of answers) expect(body).toContain('expired');
    const renewals = await steps.database.asOwner(
      `select n.renewal from sign_order n join sign_order f on f.id = n.renewed_from
        where n.order_group = $1 and f.failure = 'withdrawn'`,
      [pushed.consentId],
    );
    expect(renewals).toEqual([]);
  });
});

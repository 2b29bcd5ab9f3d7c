import { PayerBrowser } from '../../sandbox/payer-browser.ts';
import { PayerSteps, refusedReturn } from '../support/parties/payer-steps.ts';
import { countRows } from '../support/parties/raw-parties.ts';

const MINUTE = 60_000;

let steps: PayerSteps;
beforeAll(async () => {
  steps = await PayerSteps.start();
}, 60_000);
afterAll(() => steps.stop());

describe('a payer whose first press comes more than five minutes after the push', () => {
  it.each(['start/this', 'start/other', 'decline'])(
    'by %s reads the truth, and goes back to the TPP',
    async (button) => {
      const { pushed, browser } = await steps.visit();
      steps.clock.advance(5 * MINUTE);
      const orders = (await steps.world.app.listOrders()).length;
      const page = await browser.post(`${browser.interactionPath}/${button}`);
      expect([page.status, page.body]).toEqual([200, expect.stringContaining('Tiden för att godkänna är slut')]);
      expect(page.body).toContain('data-view="expired"');
      expect(page.body).not.toMatch(/annan webbläsare|start\/this|start\/other/);
      expect((await browser.get(`${browser.interactionPath}?lang=en`)).body).toContain(
        'The time to approve has run out',
      );
      expect(page.body).toContain('/return"');
      const returned = Object.fromEntries((await browser.finish()).searchParams);
      expect(returned).toEqual(refusedReturn(pushed, 'expired', steps.parties.tpp.issuer));
      expect(await steps.consent(pushed.consentId, 'tpp')).toMatchObject({ state: 'expired', reason: 'expired' });
      expect(await steps.world.app.listOrders()).toHaveLength(orders);
    },
  );

  it('finds the same when the consent has expired meanwhile, or when only its page is loaded again', async () => {
    const { pushed, browser } = await steps.visit();
    steps.clock.advance(6 * MINUTE);
    const before = await countRows(steps.database);
    const late = await browser.get(browser.interactionPath);
    expect(late.body).toContain('data-view="expired"');
    // Looking changes nothing, however late.
    expect(await countRows(steps.database)).toEqual(before);
    steps.clock.advance(10 * MINUTE);
    await steps.waitForState(pushed.consentId, 'expired');
    const page = await browser.post(`${browser.interactionPath}/start/this`);
    expect([page.status, page.body]).toEqual([200, expect.stringContaining('/return"')]);
    const returned = Object.fromEntries((await browser.finish()).searchParams);
    expect(returned).toEqual(refusedReturn(pushed, 'expired', steps.parties.tpp.issuer));
  });

  it('reads that the TPP has withdrawn the request, where it has', async () => {
    const { pushed, browser } = await steps.visit();
    const { tpp } = steps.parties;
    await tpp.call(await tpp.machineToken('consents'), 'DELETE', `/consents/${pushed.consentId}`);
    const page = await browser.post(`${browser.interactionPath}/start/this`);
    expect([page.status, page.body]).toEqual([200, expect.stringContaining('data-view="revoked"')]);
    const returned = Object.fromEntries((await browser.finish()).searchParams);
    expect(returned).toEqual(refusedReturn(pushed, 'revoked', tpp.issuer));
  });
});

describe('a browser that is not the payer’s', () => {
  it('is not led back to the TPP while the payer may still begin, nor once another browser has begun', async () => {
    const { pushed, browser } = await steps.visit();
    const stranger = new PayerBrowser();
    await stranger.open(pushed.authorizationUrl);
    steps.clock.advance(5 * MINUTE - 1_000);
    await expect(stranger.finish()).rejects.toThrow('the return was answered 404');
    const opened = await steps.world.openInApp(pushed, browser);
    steps.clock.advance(2_000);
    await expect(stranger.finish()).rejects.toThrow('the return was answered 404');
    const refused = await stranger.post(`${stranger.interactionPath}/start/this`);
    expect([refused.status, refused.body]).toEqual([404, expect.stringContaining('annan webbläsare')]);
    await steps.sign({ pushed, ...opened });
    expect(await steps.token({ pushed, browser })).toHaveLength(43);
  });
});

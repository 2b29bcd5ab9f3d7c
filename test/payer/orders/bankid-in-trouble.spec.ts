import { PayerSteps } from '../../support/parties/payer-steps.ts';

let steps: PayerSteps;
beforeAll(async () => {
  steps = await PayerSteps.start();
}, 60_000);
afterAll(() => steps.stop());
afterEach(() => steps.world.app.clearFaults());

/** BankID spoke, or it was not the beginning that failed: neither page may say so. */
const UNTRUE = /svarar inte|does not answer|påbörjas|could not begin|Ingenting har ändrats|Nothing has changed/;

describe('a payer who meets trouble at BankID', () => {
  it('reads nothing untrue where BankID said no, and may press again', async () => {
    const { pushed, browser } = await steps.visit();
    for (const lang of ['sv', 'en']) {
      await steps.world.app.setFault({
        next: 'request',
        endpoint: 'sign',
        kind: 'error',
        status: 400,
        errorCode: 'invalidParameters',
      });
      const page = await browser.post(`${browser.interactionPath}/start/this?lang=${lang}`);
      expect([page.status, page.body]).toEqual([expect.any(Number), expect.stringContaining('data-rfa=')]);
      expect(page.status).toBeGreaterThanOrEqual(500);
      expect(page.body).not.toMatch(UNTRUE);
    }
    await steps.world.app.clearFaults();
    await steps.sign({ pushed, ...(await steps.world.openInApp(pushed, browser)) });
    expect(await steps.token({ pushed, browser })).toHaveLength(43);
  });

  it('reads nothing untrue where the cancel did not reach BankID, and may sign all the same', async () => {
    const inHand = await steps.open();
    const { browser } = inHand;
    await steps.world.app.setFault({ next: 'request', endpoint: 'cancel', kind: 'not-json', status: 502 });
    const page = await browser.post(`${browser.interactionPath}/cancel`);
    expect(page.status).toBe(503);
    expect(page.body).not.toMatch(UNTRUE);
    expect(page.body).toMatch(/Inget har betalats|Nothing has been paid/);
    await steps.world.app.clearFaults();
    expect(await steps.sign(inHand)).toBe('authorised');
  });
});

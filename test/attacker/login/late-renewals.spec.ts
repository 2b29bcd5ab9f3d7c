import { PayerBrowser } from '../../../sandbox/payer-browser.ts';
import { WebLoginSteps } from '../../support/login/web-login-steps.ts';

let steps: WebLoginSteps;
beforeAll(async () => {
  steps = await WebLoginSteps.start();
}, 60_000);
afterAll(() => steps.stop());

describe('a page of a login that is loaded again after the time to answer', () => {
  it('renews no order: no one could log in by it', async () => {
    const { authorizationUrl } = await steps.push();
    const browser = new PayerBrowser();
    await browser.open(authorizationUrl);
    await browser.startOnThisDevice();
    await browser.post(`${browser.interactionPath}/cancel`);
    const [login] = await steps.database.asOwner('select id, expires_at from login where interaction_id = $1', [
      browser.interactionPath.slice('/login/'.length),
    ]);
    const { id, expires_at: end } = login as { readonly id: string; readonly expires_at: Date };
    steps.clock.advance(end.getTime() - steps.clock.now().getTime() - 5000);
    expect(await browser.startOnThisDevice()).toContain('autostarttoken');
    steps.clock.advance(20_000);
    const answers = await Promise.all([
      browser.get(browser.interactionPath),
      browser.get(`${browser.interactionPath}/status?keep=link`),
    ]);
    for (const { body } of answers) expect(body).toContain('expired');
    const renewals = await steps.database.asOwner(
      'select renewal from sign_order where order_group = $1 and renewal > 0',
      [id],
    );
    expect(renewals).toEqual([]);
  });
});

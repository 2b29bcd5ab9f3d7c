import { newBrowserCookie, type BrowserCookie } from '../../../src/attempts/browser-cookie.ts';
import { Clients } from '../../../src/clients/clients.ts';
import { Database } from '../../../src/database/database.ts';
import { MINUTE_MS } from '../../../src/kernel/clock.ts';
import type { InteractionId } from '../../../src/kernel/ids.ts';
import type { BoundLogin, Login } from '../../../src/login/login.ts';
import { LoginInteractions } from '../../../src/login/login-interactions.ts';
import { LoginSigning } from '../../../src/login/login-signing.ts';
import { eventually } from '../../support/eventually.ts';
import { codeOf, signingRequest } from '../../support/parties/consent-steps.ts';
import { LoginSteps, type AskedLogin } from '../../support/login/login-steps.ts';

let steps: LoginSteps;
beforeAll(async () => {
  steps = await LoginSteps.start();
});
afterAll(() => steps.stop());

const interactions = (): LoginInteractions => steps.get(LoginInteractions);
const signing = (): LoginSigning => steps.get(LoginSigning);

interface Pushed {
  readonly login: Login;
  readonly interactionId: InteractionId;
}

async function push(part: AskedLogin = {}): Promise<Pushed> {
  const client = steps.get(Clients).getClient('exempelbutiken');
  const request = steps.request('browser', { client, ...part });
  const { login } = await steps.get(Database).inTransaction((tx) => interactions().push(tx, request));
  return { login, interactionId: login.interactionId ?? ('' as InteractionId) };
}

async function bound(part: AskedLogin = {}): Promise<BoundLogin & Pushed> {
  const { interactionId } = await push(part);
  return { ...(await interactions().bindBrowser(interactionId, undefined)), interactionId };
}

async function press(browser: { interactionId: InteractionId; cookie: BrowserCookie }, device?: 'this'): Promise<void> {
  await signing().startSigning(await signing().press(browser, { ...signingRequest, ...(device && { device }) }));
}

/** Presses, and the person opens the QR code: the simulator's name of the order. */
async function scan(browser: BoundLogin & Pushed): Promise<string> {
  await press(browser);
  return (await steps.app.scan((await signing().findQrFrame(browser)) ?? 'no frame')).id;
}

const reload = ({ interactionId, cookie }: BoundLogin & Pushed): Promise<BoundLogin> =>
  interactions().checkBrowser(interactionId, cookie);

describe('a login in a browser', () => {
  it('is bound by the first POST, pressed, and ends authenticated, for that browser alone', async () => {
    const browser = await bound();
    expect(await codeOf(interactions().getInteraction(browser.interactionId))).toBe('browser.not-bound');
    expect(await interactions().findBound(browser.interactionId, newBrowserCookie())).toBeUndefined();
    expect(await signing().getStatus(browser)).toMatchObject({ progress: undefined, attemptsLeft: 5 });
    await steps.app.sign(await scan(browser));
    await steps.until(browser.login, 'authenticated');
    expect(await signing().getStatus(await reload(browser))).toMatchObject({ progress: { state: 'complete' } });
    expect(await codeOf(press(browser))).toBe('login.not-awaiting');
    expect(await codeOf(interactions().decline(browser))).toBe('login.not-awaiting');
    const subject = `login:${browser.login.clientId}:${browser.login.loginId}`;
    expect((await steps.events({ subject })).map(({ type }) => type)).toEqual([
      'login.requested',
      'browser.bound',
      'order.requested',
      'login.authenticated',
    ]);
  });

  it('is bound by a press too, by one of fifty browsers', async () => {
    const { interactionId } = await push();
    const pressing = Array.from({ length: 50 }, () => codeOf(press({ interactionId, cookie: newBrowserCookie() })));
    const codes = await Promise.all(pressing);
    expect(codes.filter((code) => code === 'no error')).toHaveLength(1);
    expect(codes.filter((code) => code === 'browser.not-bound')).toHaveLength(49);
  });

  it('is too late for a browser that comes after five minutes', async () => {
    const { interactionId } = await push({ expiresAt: new Date(steps.clock.now().getTime() + 20 * MINUTE_MS) });
    steps.clock.advance(6 * MINUTE_MS);
    try {
      expect(await codeOf(interactions().bindBrowser(interactionId, undefined))).toBe('browser.too-late');
    } finally {
      steps.clock.advance(-6 * MINUTE_MS);
    }
  });

  it('accepts what was started by a link where the browser came back, at whatever address', async () => {
    const browser = await bound();
    await press(browser, 'this');
    const link = signing().launchLink(await signing().getStatus(browser), 'Mozilla/5.0 (Windows NT 10.0; Win64; x64)');
    const { id } = await steps.app.open(link ?? '');
    const { returnUrl } = await steps.app.sign(id, { risk: 'moderate', deviceIp: '203.0.113.9' });
    await signing().recordReturn(browser, new URL(returnUrl ?? '').searchParams.get('nonce') ?? '');
    await steps.until(browser.login, 'authenticated');
  });

  it('lets the person try again, and ends with the fifth failure', async () => {
    const browser = await bound();
    for (let failed = 1; failed <= 5; failed += 1) {
      await steps.app.cancel(await scan(browser));
      await eventually(async () => ((await reload(browser)).login.failedAttempts === failed ? true : undefined));
    }
    expect((await reload(browser)).login).toMatchObject({ state: 'rejected', reason: 'attempts' });
  });

  it('ends with its tenth press, and a press waits a little after a cancel', async () => {
    const browser = await bound();
    await press(browser);
    await signing().cancelSigning(browser);
    expect(await codeOf(press(browser))).toBe('login.too-many-orders');
    for (let presses = 2; presses <= 10; presses += 1) {
      steps.clock.advance(4_000);
      await press(browser);
      await signing().cancelSigning(browser);
    }
    steps.clock.advance(4_000);
    expect(await codeOf(press(browser))).toMatch(/attempts-exhausted|not-awaiting/);
    await eventually(async () => {
      await signing().getStatus(await reload(browser));
      return (await reload(browser)).login.state === 'rejected' ? true : undefined;
    });
  });

  it('is declined on the page, for good', async () => {
    const browser = await bound();
    const id = await scan(browser);
    await interactions().decline(browser);
    expect((await reload(browser)).login).toMatchObject({ state: 'rejected', reason: 'declined' });
    expect((await steps.app.getOrder(id)).status).toBe('cancelled');
  });
});

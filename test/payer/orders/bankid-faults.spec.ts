import { PayerBrowser } from '../../../sandbox/payer-browser.ts';
import type { PushedConsent } from '../../../sandbox/tpp.ts';
import type { OrderFault, Signer } from '../../../simulator/client.ts';
import { Hold, letAnswersBeHeld } from '../../support/database/hold.ts';
import { Ledger } from '../../support/database/ledger.ts';
import { bo, payment } from '../../support/parties/payment.ts';
import { anna, TestSystem } from '../../support/system/system.ts';

let world: TestSystem;
let ledger: Ledger;

beforeAll(async () => {
  world = await TestSystem.start({ logLevel: 'fatal' });
  ledger = new Ledger(world.database);
  await letAnswersBeHeld(world.database);
});
afterAll(() => world.stop());

afterEach(async () => {
  await world.app.clearFaults();
  expect(await ledger.findFaults()).toEqual([]);
});

interface Visit {
  readonly pushed: PushedConsent;
  readonly browser: PayerBrowser;
}

/** A payer on the page of a payment that any payer may sign, unless one is named. */
async function visit(personalNumber?: string): Promise<Visit> {
  const pushed = await world.push(payment, personalNumber === undefined ? {} : { personalNumber });
  const browser = new PayerBrowser();
  await browser.open(pushed.authorizationUrl);
  return { pushed, browser };
}

/** Opens the order on this device in the app; gives its id there. */
async function press({ browser }: Visit): Promise<string> {
  const link = new URL(await browser.startOnThisDevice());
  return (await world.app.open(link.searchParams.get('autostarttoken') ?? '')).id;
}

/** Gives where the app sends the payer. */
async function signs(orderId: string, signer: Signer = {}): Promise<string | undefined> {
  return (await world.app.sign(orderId, signer)).returnUrl;
}

async function signsAndReturns({ pushed, browser }: Visit, orderId: string): Promise<void> {
  const returnUrl = await signs(orderId);
  if (returnUrl !== undefined) await browser.get(returnUrl);
  await browser.waitFor('authorised');
  await world.tpp.redeem(await browser.finish(), pushed);
  expect((await ledger.entryOf(browser)).evidence).toContain('accepted');
}

/** The end of a consent that a signature did not authorise. */
async function isRejected({ browser }: Visit, reason: string): Promise<void> {
  const entry = await ledger.until(browser, ({ state }) => state !== 'awaiting-authorisation');
  expect(entry).toMatchObject({
    state: 'rejected',
    reason,
    orders: [{ state: 'settled' }],
    evidence: ['refused'],
    codeMade: false,
    tokens: 0,
  });
  const page = await browser.get(browser.interactionPath);
  expect(page.body).not.toMatch(/start\/this|start\/other/);
  const returned = await browser.finish();
  expect(returned.searchParams.get('error')).toBe('access_denied');
  expect(returned.searchParams.get('error_description')).toBe('not-completed');
  expect(returned.searchParams.has('code')).toBe(false);
}

describe('an order that BankID does not take', () => {
  it.each<[string, Parameters<TestSystem['app']['setFault']>[0], string]>([
    ['408', { next: 'request', endpoint: 'sign', kind: 'error', status: 408 }, 'RFA5'],
    ['500', { next: 'request', endpoint: 'sign', kind: 'error', status: 500 }, 'RFA5'],
    ['503', { next: 'request', endpoint: 'sign', kind: 'error', status: 503 }, 'RFA5'],
    ['a page of HTML', { next: 'request', endpoint: 'sign', kind: 'not-json' }, 'RFA22'],
    ['a lost answer', { next: 'request', endpoint: 'sign', kind: 'lost-answer' }, 'RFA5'],
  ])('for %s costs the payer nothing but another press', async (_, fault, rfa) => {
    const payer = await visit();
    await world.app.setFault(fault);
    const page = await payer.browser.post(`${payer.browser.interactionPath}/start/this`);
    expect([page.status >= 400, page.body.includes(`data-rfa="${rfa}"`)]).toEqual([true, true]);
    const entry = await ledger.entryOf(payer.browser);
    expect(entry).toMatchObject({ state: 'awaiting-authorisation', failedAttempts: 0, evidence: [] });
    expect(['refused', 'unknown']).toContain(entry.orders[0]?.state);
    await signsAndReturns(payer, await press(payer));
  });

  it('because the same person has another under way ends both at BankID, and either may be begun again', async () => {
    const [one, other] = [await visit(bo), await visit(bo)];
    await press(one);
    const page = await other.browser.post(`${other.browser.interactionPath}/start/this`);
    expect(page.body).toContain('data-rfa="RFA4"');
    await one.browser.waitFor('try-again');
    const entry = await ledger.until(one.browser, ({ orders }) => orders[0]?.state === 'settled');
    expect(entry).toMatchObject({ failedAttempts: 0, orders: [{ failure: 'cancelled' }] });
    await signsAndReturns(other, await press(other));
    await signsAndReturns(one, await press(one));
  });
});

describe('a collect that goes wrong', () => {
  it.each<[string, Parameters<TestSystem['app']['setFault']>[0]]>([
    ['408', { next: 'request', endpoint: 'collect', kind: 'error', status: 408 }],
    ['500', { next: 'request', endpoint: 'collect', kind: 'error', status: 500 }],
    ['503', { next: 'request', endpoint: 'collect', kind: 'error', status: 503 }],
    ['a page of HTML that claims success', { next: 'request', endpoint: 'collect', kind: 'not-json', status: 200 }],
    ['a broken connection', { next: 'request', endpoint: 'collect', kind: 'drop' }],
  ])('with %s is made again, and the signature counts', async (_, fault) => {
    const payer = await visit();
    const orderId = await press(payer);
    await world.app.setFault(fault);
    await world.app.collectNow();
    await signsAndReturns(payer, orderId);
  });

  it('so that the final answer is lost fails the order after a wait; the payer may try again', async () => {
    const payer = await visit();
    const orderId = await press(payer);
    await world.app.setFault({ next: 'request', endpoint: 'collect', kind: 'lost-answer' });
    await signs(orderId);
    await ledger.until(payer.browser, ({ orders }) => orders[0]?.state === 'answer-unknown');
    await ledger.passSeconds(31);
    await payer.browser.waitFor('try-again');
    await signsAndReturns(payer, await press(payer));
    expect(await ledger.entryOf(payer.browser)).toMatchObject({
      failedAttempts: 0,
      orders: [{ failure: 'answer-lost' }, { failure: null }],
      evidence: ['accepted'],
    });
  });
});

describe('a BankID that does not answer', () => {
  it('is given up after ten seconds: the order is placed or collected once more', async () => {
    const [collecting, placing] = [await visit(), await visit()];
    const orderId = await press(collecting);
    await world.app.setFault({ next: 'request', endpoint: 'collect', kind: 'hang' });
    await world.app.setFault({ next: 'request', endpoint: 'sign', kind: 'hang' });
    await Promise.all([
      signsAndReturns(collecting, orderId),
      (async () => {
        const page = await placing.browser.post(`${placing.browser.interactionPath}/start/this`);
        expect(page.body).toContain('data-rfa="RFA5"');
        await signsAndReturns(placing, await press(placing));
      })(),
    ]);
  });
});

describe('a signature that is not the one we need', () => {
  it.each<[string, OrderFault, string]>([
    ['of a BankID that was revoked', { revocation: 'revoked' }, 'signature'],
    ['of a BankID that its issuer does not vouch for', { revocation: 'unknown' }, 'signature'],
    ['without an OCSP response', { revocation: 'absent' }, 'signature'],
    ['with the OCSP response of another signature', { nonce: 'another' }, 'signature'],
    ['with an OCSP response without a nonce', { nonce: 'absent' }, 'signature'],
    ['over another text', { visibleText: 'Jag godkänner något annat.' }, 'signature'],
    ['over the text alone, without our data', { nonVisibleData: null }, 'signature'],
    ['for another service', { relyingPartyName: 'cn=Annan tjänst,o=Annan AB,c=SE' }, 'signature'],
    ['that is an identification', { function: 'Identification' }, 'signature'],
    ['with one bit wrong', { brokenSignature: true }, 'signature'],
    ['of one person reported as another', { reportedPersonalNumber: bo }, 'signature'],
    ['made at an hour that is not now', { ocspOffsetMs: -3_600_000 }, 'signature'],
    ['of high risk', { risk: 'high' }, 'risk'],
    ['of a risk that has no name yet', { risk: 'extreme' }, 'risk'],
  ])('%s ends the consent: kept, no token, and the TPP is not told why', async (_, fault, reason) => {
    const payer = await visit();
    await world.app.setFault({ next: 'order', ...fault });
    const orderId = await press(payer);
    const returnUrl = await signs(orderId, { personalNumber: anna });
    if (returnUrl !== undefined) await payer.browser.get(returnUrl);
    await isRejected(payer, reason);
  });

  it('by another person than the one named ends the consent', async () => {
    const payer = await visit(bo);
    await world.app.setFault({ next: 'order', personalNumber: anna });
    await signs(await press(payer));
    await isRejected(payer, 'signature');
  });

  it('of a person whose BankID was revoked since ends the consent', async () => {
    await world.app.revoke(bo);
    const payer = await visit(bo);
    await signs(await press(payer));
    await world.app.restore(bo);
    await isRejected(payer, 'signature');
  });
});

describe('two orders of one consent', () => {
  /** The payer signs; the answer is received, and lost to all others before it is stored. */
  async function signsIntoTheVoid(payer: Visit): Promise<Hold> {
    const orderId = await press(payer);
    const { orders } = await ledger.entryOf(payer.browser);
    const hold = await Hold.answer(world.database, orders[0]?.id ?? '');
    await signs(orderId);
    await hold.untilBlocked();
    await ledger.passSeconds(16);
    await ledger.until(payer.browser, (entry) => entry.orders[0]?.state === 'answer-unknown');
    await ledger.passSeconds(31);
    await payer.browser.waitFor('try-again');
    return hold;
  }

  it('that were both signed authorise once; the other signature is kept as surplus, and tells why the payer signed twice', async () => {
    const payer = await visit();
    const hold = await signsIntoTheVoid(payer);
    await signsAndReturns(payer, await press(payer));
    await hold.release();
    const entry = await ledger.until(payer.browser, ({ evidence }) => evidence.length === 2);
    expect(entry).toMatchObject({ state: 'authorised', evidence: ['accepted', 'surplus'], tokens: 1, liveTokens: 1 });
    expect(entry.orders.map(({ state }) => state)).toEqual(['settled', 'settled']);
  });

  it('are but one when the answer thought to be lost comes after all: the payer is not asked again', async () => {
    const payer = await visit();
    const hold = await signsIntoTheVoid(payer);
    const second = await press(payer);
    await hold.release();
    await payer.browser.waitFor('authorised');
    await ledger.until(payer.browser, ({ orders }) => orders[1]?.failure === 'withdrawn');
    await expect(world.app.sign(second)).rejects.toMatchObject({ code: 'order-over' });
    await world.tpp.redeem(await payer.browser.finish(), payer.pushed);
    expect(await ledger.entryOf(payer.browser)).toMatchObject({ evidence: ['accepted'], failedAttempts: 0 });
  });
});

describe('a link opened in a phone far from the browser', () => {
  const faraway: Signer = { deviceIp: '198.51.100.4', risk: 'moderate' };

  it('counts when the nonce comes back in the browser that began', async () => {
    const payer = await visit();
    const returnUrl = await signs(await press(payer), faraway);
    await payer.browser.get(returnUrl ?? '');
    await payer.browser.waitFor('authorised');
  });

  it('gives no consent when the nonce comes back in another browser, or never', async () => {
    const payer = await visit();
    const orderId = await press(payer);
    const returnUrl = await signs(orderId, faraway);
    expect((await new PayerBrowser().get(returnUrl ?? '')).status).toBe(404);
    await payer.browser.waitFor('checking');
    expect(await ledger.entryOf(payer.browser)).toMatchObject({ state: 'awaiting-authorisation', evidence: [] });
    world.clock.advance(31_000);
    await isRejected(payer, 'device-not-bound');
  });
});

import { PayerBrowser } from '../../../sandbox/payer-browser.ts';
import type { Answer } from '../../../sandbox/oauth-client.ts';
import type { IssuedToken, PushedConsent } from '../../../sandbox/tpp.ts';
import { Hold } from '../../support/database/hold.ts';
import { findLeaks } from '../../support/database/ledger.ts';
import { anna, payment } from '../../support/parties/payment.ts';
import { ProcessSystem } from '../../support/system/process-system.ts';
import type { ServiceProcess } from '../../support/system/service-process.ts';

let world: ProcessSystem;
let first: ServiceProcess;
let second: ServiceProcess;
const secrets: string[] = [];

beforeAll(async () => {
  world = await ProcessSystem.start(2);
  [first, second] = world.instances as [ServiceProcess, ServiceProcess];
});

afterAll(() => world.stop());

afterEach(async () => {
  expect(await world.ledger.findFaults()).toEqual([]);
});

const many = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index));

async function open(): Promise<{ pushed: PushedConsent; browser: PayerBrowser; orderId: string }> {
  const pushed = await world.push(payment, {});
  return { pushed, ...(await world.openInApp(pushed)) };
}

async function signed(): Promise<{ pushed: PushedConsent; browser: PayerBrowser; returned: URL }> {
  const { pushed, browser } = await world.authorisedPayment(payment, {});
  const returned = await browser.finish();
  secrets.push(returned.searchParams.get('code') ?? '');
  return { pushed, browser, returned };
}

/** What all of `calls` came to: the values, and the reasons of those that failed. */
async function outcomes<T>(calls: readonly Promise<T>[]): Promise<{ won: T[]; lost: unknown[] }> {
  const settled = await Promise.allSettled(calls);
  return {
    won: settled.filter((call) => call.status === 'fulfilled').map((call) => call.value),
    lost: settled.filter((call) => call.status === 'rejected').map((call): unknown => call.reason),
  };
}

describe('ten payments at once over two instances', () => {
  it('are each collected, authorised and redeemed once, whichever instance did what', async () => {
    const opened = await Promise.all(many(10, open));
    await Promise.all(opened.map(({ orderId }) => world.app.sign(orderId)));
    const tokens = await Promise.all(
      opened.map(async ({ pushed, browser }) => {
        await browser.waitFor('authorised');
        return world.tpp.redeem(await browser.finish(), pushed);
      }),
    );
    secrets.push(...tokens.map(({ accessToken }) => accessToken));
    expect(new Set(tokens.map(({ consentId }) => consentId)).size).toBe(10);
    for (const { browser } of opened) {
      expect(await world.ledger.entryOf(browser)).toMatchObject({
        state: 'authorised',
        orders: [{ state: 'settled', failure: null }],
        evidence: ['accepted'],
        tokens: 1,
      });
    }
    expect((await world.app.listOrders()).every(({ collected }) => collected)).toBe(true);
  });

  it('are placed once when the button is pressed on both at the same moment', async () => {
    const pushed = await world.push(payment, {});
    const browser = new PayerBrowser();
    await browser.open(pushed.authorizationUrl);
    const presses = await outcomes(many(10, () => browser.post(`${browser.interactionPath}/start/other`)));
    expect(presses.lost).toEqual([]);
    const { orders } = await world.ledger.entryOf(browser);
    const isOpen = ({ state }: { readonly state: string }): boolean => ['requested', 'pending'].includes(state);
    expect(orders.filter(isOpen)).toHaveLength(1);
    const atBankId = (await world.app.listOrders()).filter(({ status }) => status === 'pending');
    expect(atBankId).toHaveLength(1);
  });
});

describe('an answer that one instance received and has not stored yet', () => {
  it('is not lost to the other, whose collect is answered 400', async () => {
    const { pushed, browser, orderId } = await open();
    world.balancer.serveBy(first);
    second.pause();
    const hold = await Hold.take(world.database, 'lock table bankid_answer in exclusive mode');
    await world.app.sign(orderId);
    // Whatever the paused instance may have leased is the other's after fifteen seconds.
    await world.ledger.passSeconds(16);
    await hold.untilBlocked();
    first.pause();
    await world.ledger.passSeconds(16);
    second.resume();
    const waiting = await world.ledger.until(browser, ({ orders }) => orders[0]?.state === 'answer-unknown');
    expect(waiting.state).toBe('awaiting-authorisation');
    await hold.release();
    first.resume();
    await browser.waitFor('authorised');
    world.balancer.serveBy(first, second);
    const token = await world.tpp.redeem(await browser.finish(), pushed);
    secrets.push(token.accessToken);
    expect(await world.ledger.entryOf(browser)).toMatchObject({
      orders: [{ state: 'settled', failure: null }],
      evidence: ['accepted'],
    });
  });

  it('is finished by the other when the one was killed', async () => {
    const { pushed, browser, orderId } = await open();
    world.balancer.serveBy(second);
    await first.kill();
    await world.app.sign(orderId);
    await world.ledger.passSeconds(16);
    await browser.waitFor('authorised');
    secrets.push((await world.tpp.redeem(await browser.finish(), pushed)).accessToken);
    await first.start();
    world.balancer.serveBy(first, second);
  });
});

describe('fifty redemptions of one code in flight', () => {
  it('give one token; and as the code was shown twice, that token and its consent end', async () => {
    const { pushed, browser, returned } = await signed();
    const { won, lost } = await outcomes(many(50, () => world.tpp.redeem(returned, pushed)));
    secrets.push(...won.map(({ accessToken }) => accessToken));
    expect(won).toHaveLength(1);
    expect(lost.map((reason) => (reason as { error?: string }).error)).toEqual(many(49, () => 'invalid_grant'));
    // RFC 6749 §4.1.2, FAPI 2.0 Security Profile §5.3.2.2: what was issued for a code that is used again is revoked.
    expect(await world.ledger.entryOf(browser)).toMatchObject({
      state: 'revoked',
      reason: 'code-reused',
      tokens: 1,
      liveTokens: 0,
    });
    expect(await world.bank.introspect(won[0]!.accessToken)).toEqual({ active: false });
  });
});

describe('fifty consumptions of one consent in flight', () => {
  async function tokenOf(): Promise<IssuedToken> {
    const { pushed, returned } = await signed();
    const token = await world.tpp.redeem(returned, pushed);
    secrets.push(token.accessToken);
    return token;
  }

  const consume = (token: IssuedToken, paymentReference: string): Promise<Answer> =>
    world.bank.consume(token.consentId, {
      accessToken: token.accessToken,
      payment,
      personalNumber: anna,
      paymentReference,
    });

  it('are one consumption and forty-nine refusals when each names another payment', async () => {
    const token = await tokenOf();
    const { won, lost } = await outcomes(many(50, (index) => consume(token, `race-${index}`)));
    expect(lost).toEqual([]);
    expect(won.map(({ status }) => status).sort()).toEqual([200, ...many(49, () => 409)]);
    expect(await world.bank.introspect(token.accessToken)).toEqual({ active: false });
  });

  it('are one consumption and fifty equal answers when all are the same call', async () => {
    const token = await tokenOf();
    const { won, lost } = await outcomes(many(50, () => consume(token, 'repeated')));
    expect(lost).toEqual([]);
    expect(won.map(({ status }) => status)).toEqual(many(50, () => 200));
    expect(new Set(won.map(({ body }) => JSON.stringify(body))).size).toBe(1);
  });

  it('are one consumption when two consents are consumed for one payment reference', async () => {
    const tokens = await Promise.all([tokenOf(), tokenOf()]);
    const calls = many(50, (index) => consume(tokens[index % 2]!, 'shared'));
    const { won, lost } = await outcomes(calls);
    expect(lost).toEqual([]);
    const consumed = new Set(won.filter(({ status }) => status === 200).map(({ body }) => body['consentId']));
    expect(consumed.size).toBe(1);
    expect(won.filter(({ status }) => status === 409)).toHaveLength(25);
  });
});

it('leaves neither personal number nor token, code, signature or key in any log line of either instance', () => {
  expect(world.log).toContain('"level":"info"');
  expect(findLeaks(world.log, secrets)).toEqual([]);
});

import { createHash } from 'node:crypto';
import { PayerBrowser } from '../../../sandbox/payer-browser.ts';
import { readBundle } from '../../../src/bundle/read-bundle.ts';
import { eventually } from '../../support/eventually.ts';
import { Hold, holdCommitsOf } from '../../support/database/hold.ts';
import { findLeaks, type LedgerEntry } from '../../support/database/ledger.ts';
import { anna, payment } from '../../support/parties/payment.ts';
import type { SignedPayment } from '../../support/parties/parties.ts';
import { ProcessSystem } from '../../support/system/process-system.ts';
import type { ServiceProcess } from '../../support/system/service-process.ts';

let world: ProcessSystem;
let service: ServiceProcess;
let pushed = 0;
const secrets: string[] = [];
beforeAll(async () => {
  world = await ProcessSystem.start(1);
  service = world.instances[0]!;
  const tables = 'bankid_answer authorisation authorization_request consent evidence_attachment';
  await holdCommitsOf(world.database, ...tables.split(' '));
});

afterAll(() => world.stop());

afterEach(async () => {
  await world.app.clearFaults();
  // A test that failed half-way must not fail those after it.
  if (!service.isRunning) await restart();
  expect(await world.ledger.findFaults()).toEqual([]);
  expect(await world.ledger.countConsents()).toBe(pushed);
});

type Open = Awaited<ReturnType<ProcessSystem['openInApp']>> & Pick<SignedPayment, 'pushed'>;

/** A payment whose order is open in the payer's app. Nobody is named, so that no earlier order stands in the way. */
async function open(): Promise<Open> {
  const consent = await world.push(payment, {});
  pushed += 1;
  return { pushed: consent, ...(await world.openInApp(consent)) };
}

/** A payment that was signed, in a browser that has not gone back yet. */
async function authorised(): Promise<Open> {
  const opened = await open();
  await world.app.sign(opened.orderId);
  await opened.browser.waitFor('authorised');
  return opened;
}

/** Does `act`, kills the service when it waits for what is held, and lets go. */
async function killHeld(hold: Hold, act: () => Promise<unknown>, noticed = (): Promise<void> => Promise.resolve()) {
  const acting = act().catch((error: unknown) => error);
  await hold.untilBlocked();
  await service.kill();
  await noticed();
  await hold.release();
  await acting;
}

/** The same, but what is held is let go only when PostgreSQL has given up the dead process's statement. */
const killWaiting = (hold: Hold, act: () => Promise<unknown>): Promise<void> =>
  killHeld(hold, act, () => hold.untilReleased());

/** The leases of the dead process run out, and the service comes up again. */
async function restart(): Promise<void> {
  await world.ledger.passSeconds(31);
  await service.start();
}

/** The payer presses the button once more, signs, and the TPP gets its token. */
async function signsAgain({ browser, pushed: consent }: Pick<Open, 'browser' | 'pushed'>): Promise<LedgerEntry> {
  const link = new URL(await browser.startOnThisDevice());
  const order = await world.app.open(link.searchParams.get('autostarttoken') ?? '');
  await world.app.sign(order.id);
  return finishes({ browser, pushed: consent });
}

/** The browser goes back and the TPP redeems. */
async function finishes({ browser, pushed: consent }: Pick<Open, 'browser' | 'pushed'>): Promise<LedgerEntry> {
  await browser.waitFor('authorised');
  const returned = await browser.finish();
  const token = await world.tpp.redeem(returned, consent);
  secrets.push(token.accessToken, returned.searchParams.get('code') ?? '');
  const found = await world.ledger.entryOf(browser);
  expect(found).toMatchObject({ state: 'authorised', evidence: ['accepted'], tokens: 1, liveTokens: 1 });
  return found;
}

const states = ({ orders }: LedgerEntry): unknown => orders.map(({ state, failure }) => [state, failure]);

describe('a payer whose order was being placed when the service was killed', () => {
  async function requested(): Promise<Pick<Open, 'browser' | 'pushed'>> {
    const consent = await world.push(payment, {});
    pushed += 1;
    const browser = new PayerBrowser();
    await browser.open(consent.authorizationUrl);
    await world.app.setFault({ next: 'request', endpoint: 'sign', kind: 'hang' });
    const pressing = browser.startOnThisDevice().catch((error: unknown) => error);
    await world.ledger.until(browser, ({ orders }) => orders[0]?.state === 'requested');
    await service.kill();
    await pressing;
    // The process may have died before it had asked BankID.
    await world.app.clearFaults();
    return { browser, pushed: consent };
  }

  it('may try again, and has lost no attempt', async () => {
    const consent = await requested();
    await restart();
    await world.ledger.until(consent.browser, ({ orders }) => orders[0]?.state === 'unknown');
    const found = await signsAgain(consent);
    expect(states(found)).toEqual([
      ['unknown', 'unanswered'],
      ['settled', null],
    ]);
    expect(found.failedAttempts).toBe(0);
  });

  it('need not wait until the order is given up', async () => {
    const consent = await requested();
    await service.start();
    await consent.browser.post(`${consent.browser.interactionPath}/cancel`);
    await world.ledger.passSeconds(3);
    expect(states(await signsAgain(consent))).toEqual([
      ['unknown', 'withdrawn'],
      ['settled', null],
    ]);
  });
});

describe('a payer who signs while the service is dead', () => {
  it('has signed: the answer is collected after the restart', async () => {
    const consent = await open();
    expect((await world.ledger.entryOf(consent.browser)).orders[0]?.state).toBe('pending');
    await service.kill();
    await world.app.sign(consent.orderId);
    await restart();
    expect(states(await finishes(consent))).toEqual([['settled', null]]);
  });

  it('or cancels in the app has cancelled, and may try again after the restart', async () => {
    const consent = await open();
    await service.kill();
    await world.app.cancel(consent.orderId);
    await restart();
    await consent.browser.waitFor('try-again');
    const found = await signsAgain(consent);
    expect(found).toMatchObject({ failedAttempts: 1 });
    expect(states(found)).toEqual([
      ['settled', 'userCancel'],
      ['settled', null],
    ]);
  });
});

describe('an answer that BankID gives only once', () => {
  it('is lost with the process that received it: the order fails for that reason, and the payer may try again', async () => {
    const consent = await open();
    const hold = await Hold.take(world.database, 'lock table bankid_answer in exclusive mode');
    await killWaiting(hold, () => world.app.sign(consent.orderId));
    await restart();
    await world.ledger.until(consent.browser, ({ orders }) => orders[0]?.state === 'answer-unknown');
    await world.ledger.passSeconds(31);
    await consent.browser.waitFor('try-again');
    const found = await signsAgain(consent);
    expect(found).toMatchObject({ failedAttempts: 0 });
    expect(states(found)).toEqual([
      ['settled', 'answer-lost'],
      ['settled', null],
    ]);
  });

  it('is settled when it was stored, though the process died before it heard so', async () => {
    const consent = await open();
    await killHeld(await Hold.commit(world.database), () => world.app.sign(consent.orderId));
    await world.ledger.until(consent.browser, ({ orders }) => orders[0]?.state === 'answered');
    await restart();
    expect(states(await finishes(consent))).toEqual([['settled', null]]);
  });

  it('is settled after the restart when the process died before it had begun to settle it', async () => {
    const consent = await open();
    const { consentId } = await world.ledger.entryOf(consent.browser);
    const hold = await Hold.take(world.database, 'select id from consent where id = $1 for update', [consentId]);
    await killWaiting(hold, () => world.app.sign(consent.orderId));
    const found = await world.ledger.entryOf(consent.browser);
    expect([found.state, ...found.orders.map(({ state }) => state)]).toEqual(['awaiting-authorisation', 'answered']);
    await restart();
    expect(states(await finishes(consent))).toEqual([['settled', null]]);
  });
});

describe('the transaction that authorises', () => {
  it('leaves nothing when the process dies in it, neither evidence nor authorisation, and is done again', async () => {
    const consent = await open();
    const { subject } = await world.ledger.entryOf(consent.browser);
    await killWaiting(await Hold.audit(world.database, subject), () => world.app.sign(consent.orderId));
    expect(await world.ledger.entryOf(consent.browser)).toMatchObject({
      state: 'awaiting-authorisation',
      evidence: [],
    });
    await restart();
    await finishes(consent);
  });

  it('is not done twice when it was committed and the process died before it heard so', async () => {
    const consent = await open();
    const answered = await Hold.audit(world.database, (await world.ledger.entryOf(consent.browser)).subject);
    await world.app.sign(consent.orderId);
    await answered.untilBlocked();
    const commit = await Hold.commit(world.database);
    await answered.release();
    await killHeld(commit, () => Promise.resolve());
    const found = await world.ledger.until(consent.browser, ({ state }) => state === 'authorised');
    expect(found.evidence).toEqual(['accepted']);
    await restart();
    await finishes(consent);
  });
});

describe('an authorised consent', () => {
  it('is still there for the browser that comes back after the restart', async () => {
    const consent = await authorised();
    await service.kill();
    await restart();
    await finishes(consent);
  });

  it('gives a code at the second visit when the process died in the first', async () => {
    const consent = await authorised();
    const { subject } = await world.ledger.entryOf(consent.browser);
    await killWaiting(await Hold.audit(world.database, subject), () => consent.browser.finish());
    expect(await world.ledger.entryOf(consent.browser)).toMatchObject({ codeMade: false });
    await restart();
    await finishes(consent);
  });

  it('gives another code when the first was made and never sent', async () => {
    const consent = await authorised();
    await killHeld(await Hold.commit(world.database), () => consent.browser.finish());
    await world.ledger.until(consent.browser, ({ codeMade }) => codeMade);
    await restart();
    await finishes(consent);
  });
});

describe('a TPP and a bank whose request was never answered', () => {
  it('may redeem the code again when no token was issued', async () => {
    const { browser, pushed: consent } = await authorised();
    const returned = await browser.finish();
    const { subject } = await world.ledger.entryOf(browser);
    await killWaiting(await Hold.audit(world.database, subject), () => world.tpp.redeem(returned, consent));
    await restart();
    await expect(world.tpp.redeem(returned, consent)).resolves.toHaveProperty('accessToken');
  });

  it('may not redeem it again when a token was issued: a lost token looks like a stolen code, so the consent ends', async () => {
    const { browser, pushed: consent } = await authorised();
    const returned = await browser.finish();
    await killHeld(await Hold.commit(world.database), () => world.tpp.redeem(returned, consent));
    await world.ledger.until(browser, ({ tokens }) => tokens === 1);
    await restart();
    await expect(world.tpp.redeem(returned, consent)).rejects.toMatchObject({ error: 'invalid_grant' });
    const found = await world.ledger.entryOf(browser);
    expect(found).toMatchObject({ state: 'revoked', reason: 'code-reused', liveTokens: 0 });
  });

  it('may consume again with the same words, and hear that it was consumed once', async () => {
    const { browser, pushed: consent } = await authorised();
    const token = await world.tpp.redeem(await browser.finish(), consent);
    secrets.push(token.accessToken);
    const consumption = { accessToken: token.accessToken, payment, personalNumber: anna, paymentReference: 'killed-1' };
    await killHeld(await Hold.commit(world.database), () => world.bank.consume(token.consentId, consumption));
    await world.ledger.until(browser, ({ state }) => state === 'consumed');
    await restart();
    const repeated = await world.bank.consume(token.consentId, consumption);
    expect(repeated).toMatchObject({ status: 200, body: { state: 'consumed', paymentReference: 'killed-1' } });
    const other = await world.bank.consume(token.consentId, { ...consumption, paymentReference: 'killed-2' });
    expect(other.status).toBe(409);
  });

  it.each([
    ['gets one that is made anew when none was kept', killWaiting],
    ['gets the one that was kept, though it was never answered', killHeld],
  ])('may ask again for the sealed evidence, and %s', async (_, killed) => {
    const { browser } = await authorised();
    const { consentId, subject } = await world.ledger.entryOf(browser);
    const ask = (): Promise<Uint8Array | undefined> => world.bank.findEvidenceBundle(consentId, 'audit');
    await killed(await Hold.commit(world.database), () => eventually(ask));
    await restart();
    const [one, other] = (await Promise.all([eventually(ask), eventually(ask)])).map((bytes) => Buffer.from(bytes));
    expect([one, (await readBundle(one!)).fault]).toEqual([other, undefined]);
    expect(await world.ledger.sealingsOf(subject)).toEqual([createHash('sha256').update(one!).digest('hex')]);
  });
});

it('leaves neither personal number nor token, code, signature or key in any log line of its many lives', () => {
  expect(service.log).toContain('"level":"info"');
  expect(findLeaks(service.log, secrets)).toEqual([]);
});

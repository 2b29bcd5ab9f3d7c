import { readFileSync } from 'node:fs';
import { SignOrders } from '../../../src/bankid-sign/sign-orders.ts';
import { Workers } from '../../../src/operations/workers.ts';
import type { BoundInteraction } from '../../../src/consent/consent.ts';
import { OrderVerification } from '../../../src/consent/settlement/order-verification.ts';
import { MINUTE_MS } from '../../../src/kernel/clock.ts';
import { eventually } from '../../support/eventually.ts';
import { ConsentSteps } from '../../support/parties/consent-steps.ts';

const TRIES = 8;

let steps: ConsentSteps;
let verification: OrderVerification;
let verify: OrderVerification['verify'];

beforeAll(async () => {
  steps = await ConsentSteps.start({ logLevel: 'fatal' });
  await steps.get(Workers).stop('settler');
  verification = steps.get(OrderVerification);
  verify = verification.verify.bind(verification);
});

beforeEach(() => {
  verification.verify = () => {
    throw new Error('a verifier that is broken');
  };
});

afterAll(() => steps.stop());

/** As an operator would mend it. */
function mend(): void {
  verification.verify = verify;
}

/** A payment whose payer has signed, and that is not settled. */
async function signed(): Promise<BoundInteraction> {
  const bound = await steps.pushBound();
  await steps.app.sign(await steps.scan(bound), {});
  await eventually(async () => ((await orderOf(bound)).state === 'answered' ? true : undefined));
  return bound;
}

interface OrderRow {
  readonly id: string;
  readonly state: string;
  readonly failure: string | null;
  readonly tries: number;
  /** Seconds until it is tried again. */
  readonly wait: number | null;
}

async function orderOf({ consent }: BoundInteraction): Promise<OrderRow> {
  const [row] = await steps.database.asOwner(
    `select id, state, failure, settle_tries as tries,
            round(extract(epoch from settle_lease_until - clock_timestamp()))::int as wait
       from sign_order where order_group = $1 order by seq desc limit 1`,
    [consent.consentId],
  );
  return row as unknown as OrderRow;
}

/** Tries it now, whenever it was due. */
async function tryNow(bound: BoundInteraction): Promise<OrderRow> {
  await steps.database.asOwner(
    `update sign_order set settle_lease_until = clock_timestamp() - interval '1 second'
      where order_group = $1 and settle_lease_until is not null`,
    [bound.consent.consentId],
  );
  await steps.settle();
  return orderOf(bound);
}

async function setAside(): Promise<BoundInteraction> {
  const bound = await signed();
  for (let count = 0; count <= TRIES; count++) await tryNow(bound);
  expect(await orderOf(bound)).toMatchObject({ state: 'set-aside', failure: 'not-settled' });
  return bound;
}

/** The statement that the runbook gives to the operator. */
async function putBack({ id }: OrderRow): Promise<void> {
  const runbook = readFileSync(new URL('../../../docs/runbooks/health.md', import.meta.url), 'utf8');
  const [, statement = ''] = /```sql\n([^`]*set state = 'answered'[^`]*)```/.exec(runbook) ?? [];
  await steps.database.asOwner(statement.replace('ORDER', id));
}

const evidenceOf = async ({ consent }: BoundInteraction): Promise<unknown[]> =>
  (await steps.database.asOwner('select kind from evidence where consent_id = $1', [consent.consentId])).map(
    ({ kind }) => kind,
  );

describe('a signature that cannot be settled', () => {
  it('is tried eight times at growing intervals, then set aside with all that BankID said', async () => {
    const bound = await signed();
    const waits: (number | null)[] = [];
    for (let count = 1; count <= TRIES; count++) {
      const { state, tries, wait } = await tryNow(bound);
      expect([state, tries]).toEqual(['answered', count]);
      waits.push(wait);
    }
    expect(waits).toEqual([15, 30, 60, 120, 240, 300, 300, 300]);
    // Nobody tries it before its time.
    await steps.settle();
    expect((await orderOf(bound)).tries).toBe(TRIES);

    expect(await tryNow(bound)).toMatchObject({ state: 'set-aside', failure: 'not-settled', wait: null });
    expect(await tryNow(bound)).toMatchObject({ state: 'set-aside', tries: TRIES });
    const kept = await steps.database.asOwner(
      `select event from sign_order_event e join bankid_answer a using (order_id) where order_id = $1 order by seq desc limit 1`,
      [(await orderOf(bound)).id],
    );
    expect(kept).toEqual([{ event: 'set-aside' }]);
    expect(await evidenceOf(bound)).toEqual([]);
    expect(await steps.metrics.exposition()).toContain('\nsigill_orders_set_aside 1\n');
  });

  it('lets the payer try again, and then authorises nothing more', async () => {
    const bound = await setAside();
    expect(await steps.get(SignOrders).findProgress(bound.consent.consentId)).toMatchObject({
      state: 'failed',
      failure: 'not-settled',
    });
    const former = await orderOf(bound);
    mend();
    await steps.app.sign(await steps.scan(bound), {});
    await eventually(async () => ((await orderOf(bound)).state === 'answered' ? true : undefined));
    await steps.settle();
    expect((await steps.reload(bound)).consent).toMatchObject({ state: 'authorised', failedAttempts: 0 });
    await putBack(former);
    await steps.settle();
    expect((await evidenceOf(bound)).sort()).toEqual(['accepted', 'surplus']);
  });

  it('authorises when it is put back in time', async () => {
    const bound = await setAside();
    mend();
    await putBack(await orderOf(bound));
    await steps.settle();
    expect((await steps.reload(bound)).consent.state).toBe('authorised');
    expect(await orderOf(bound)).toMatchObject({ state: 'settled', failure: null });
    expect(await evidenceOf(bound)).toEqual(['accepted']);
  });

  it('does not keep its consent alive: that expires, and the signature put back later is surplus', async () => {
    const bound = await setAside();
    steps.clock.advance(16 * MINUTE_MS);
    await steps.sweeper.sweep();
    expect((await steps.reload(bound)).consent).toMatchObject({ state: 'expired', reason: 'no-authorisation' });
    mend();
    await putBack(await orderOf(bound));
    await steps.settle();
    expect((await steps.reload(bound)).consent.state).toBe('expired');
    expect(await evidenceOf(bound)).toEqual(['surplus']);
  });
});

import { randomInt } from 'node:crypto';
import pg from 'pg';
import { SandboxTpp } from '../../sandbox/tpp.ts';
import type { Undo } from '../../sandbox/undo.ts';
import { createApp } from '../../src/app.ts';
import { parseClients } from '../../src/clients/parse-clients.ts';
import { loadConfigFrom } from '../../src/config/load-config.ts';
import { listen } from '../../src/http/listener.ts';
import { inFlight } from '../in-flight.ts';
import { payment } from '../payment.ts';
import { percentile } from '../percentile.ts';
import type { Prepared } from '../service/prepare.ts';
import { Settlement } from '../token/settlement.ts';
import { untilNumbered } from './numbering.ts';

/** As many as a settler has in hand. */
const IN_HAND = 4;
/** On each side of a round: few, so that both sides of it find the machine as it was. */
const TIMED = 30;
/** After each switch, which makes every connection plan anew: these are not timed. */
const SETTLING = 12;

export interface Slowdown {
  /** What the ledger adds to the transaction that authorises: 0.02 is two per cent. */
  readonly slowdownOfAuthorisations: number;
  /** In 95 of 100 measurements the true one lies between these. */
  readonly slowdownBetween: readonly [number, number];
}

type Mode = 'on' | 'off';

/**
 * Compares the transaction that authorises with the ledger and without its trigger, on one service whose sequencer and heads run. A
 * round authorises as many with as without, in random order, and compares their medians; the median of all rounds is given. The bounds
 * are the order statistics that enclose the median in 95 of 100 samples of any distribution.
 */
export async function measureSlowdown(prepared: Prepared, rounds: number, undo: Undo): Promise<Slowdown> {
  const app = await createApp({ config: loadConfigFrom(prepared.env, parseClients) });
  undo.later(() => app.close());
  await listen(app, Number(prepared.env['PORT']), '127.0.0.1');
  const settlement = new Settlement(app);
  const tpp = await SandboxTpp.connect(prepared.issuer, prepared.clients.tpp);
  const owner = new pg.Client({ connectionString: prepared.database.ownerUrl });
  await owner.connect();
  try {
    const timed = async (mode: Mode): Promise<number> => {
      const ready = await prepareMany(settlement, await pushMany(tpp, prepared, SETTLING + TIMED));
      // What the other side has left to number is not this side's.
      await untilNumbered(owner);
      await switchLedger(owner, mode);
      await authoriseMany(ready.slice(0, SETTLING));
      return percentile(await authoriseMany(ready.slice(SETTLING)), 0.5);
    };
    for (let warmUp = 0; warmUp < 5; warmUp += 1) await timed('on');
    const ratios: number[] = [];
    while (ratios.length < rounds) ratios.push(await compare(timed));
    await switchLedger(owner, 'on');
    return summarise(ratios);
  } finally {
    await owner.end();
  }
}

async function compare(timed: (mode: Mode) => Promise<number>): Promise<number> {
  if (randomInt(2) === 0) {
    const on = await timed('on');
    return on / (await timed('off'));
  }
  const off = await timed('off');
  return (await timed('on')) / off;
}

function summarise(ratios: readonly number[]): Slowdown {
  const reach = 0.98 / Math.sqrt(ratios.length);
  const at = (share: number): number => Number((percentile(ratios, share) - 1).toFixed(3));
  return { slowdownOfAuthorisations: at(0.5), slowdownBetween: [at(Math.max(0, 0.5 - reach)), at(0.5 + reach)] };
}

/** Interactions of pushed payments. */
async function pushMany(tpp: SandboxTpp, { clients }: Prepared, count: number): Promise<readonly string[]> {
  const resource = clients.bank.resource ?? '';
  return inFlight(IN_HAND, Array.from({ length: count }), async () => {
    const { authorizationUrl } = await tpp.push(payment, { resource });
    const { headers } = await fetch(authorizationUrl, { redirect: 'manual' });
    return headers.get('location')?.split('/').at(-1) ?? '';
  });
}

type Ready = Awaited<ReturnType<Settlement['prepare']>>;

function prepareMany(settlement: Settlement, interactions: readonly string[]): Promise<readonly Ready[]> {
  return inFlight(IN_HAND, interactions, (interaction) => settlement.prepare(interaction));
}

/** Milliseconds of each. */
function authoriseMany(ready: readonly Ready[]): Promise<readonly number[]> {
  return inFlight(IN_HAND, ready, async ({ authorise }) => {
    const begun = performance.now();
    await authorise();
    return performance.now() - begun;
  });
}

async function switchLedger(owner: pg.Client, mode: Mode): Promise<void> {
  await owner.query(
    `alter table evidence ${mode === 'on' ? 'enable always' : 'disable'} trigger evidence_awaits_ledger`,
  );
}

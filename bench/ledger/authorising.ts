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

/** As many as a settler has in hand. */
const IN_HAND = 4;

/**
 * What the ledger adds to the transaction that authorises: 0.02 is two per cent. In each round as many are authorised with the ledger
 * and without its trigger, in random order, on one service whose sequencer and heads run. Of each round the two medians are compared,
 * and of all rounds the median is given.
 */
export async function measureSlowdown(prepared: Prepared, rounds: number, count: number, undo: Undo): Promise<number> {
  const app = await createApp({ config: loadConfigFrom(prepared.env, parseClients) });
  undo.later(() => app.close());
  await listen(app, Number(prepared.env['PORT']), '127.0.0.1');
  const settlement = new Settlement(app);
  const tpp = await SandboxTpp.connect(prepared.issuer, prepared.clients.tpp);
  const ratios: number[] = [];
  await authoriseMany(settlement, await pushMany(tpp, prepared, count), []);
  for (let round = 0; round < rounds; round += 1) {
    const times = { on: [] as number[], off: [] as number[] };
    const order = randomInt(2) === 0 ? (['on', 'off'] as const) : (['off', 'on'] as const);
    for (const mode of order) {
      await switchLedger(prepared.database.ownerUrl, mode);
      await authoriseMany(settlement, await pushMany(tpp, prepared, count), times[mode]);
    }
    ratios.push(percentile(times.on, 0.5) / percentile(times.off, 0.5));
  }
  await switchLedger(prepared.database.ownerUrl, 'on');
  return Number((percentile(ratios, 0.5) - 1).toFixed(3));
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

async function authoriseMany(settlement: Settlement, interactions: readonly string[], times: number[]): Promise<void> {
  const ready = await inFlight(IN_HAND, interactions, (interaction) => settlement.prepare(interaction));
  await inFlight(IN_HAND, ready, async ({ authorise }) => {
    const begun = performance.now();
    await authorise();
    times.push(performance.now() - begun);
  });
}

async function switchLedger(ownerUrl: string, mode: 'on' | 'off'): Promise<void> {
  const owner = new pg.Client({ connectionString: ownerUrl });
  await owner.connect();
  try {
    await owner.query(
      `alter table evidence ${mode === 'on' ? 'enable always' : 'disable'} trigger evidence_awaits_ledger`,
    );
  } finally {
    await owner.end();
  }
}

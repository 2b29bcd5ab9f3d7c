import { parseArgs } from 'node:util';
import { Undo } from '../sandbox/undo.ts';
import { printResult } from './print-result.ts';
import type { Contender } from './token/contender.ts';
import { startContenders, type Contenders } from './token/contenders.ts';
import { fillHistory } from './history.ts';
import { measureRound, type Effort, type Round } from './token/measure.ts';

/**
 * Our authorization server against oidc-provider: flows (push, redirect, return, redemption: four HTTP requests) and
 * introspections, each server a process of its own on the same durable PostgreSQL, alternating. The clients' cryptography is done
 * before the clock starts. The payer's yes is given directly, without BankID, and outside the clock: ours by the service's own press
 * and settlement, the peer's by its interaction. What that took stands under `payerStep…`. `durableCommits` are fsyncs, one for each
 * commit where one request is in flight (durable-commits.ts).
 */
const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    flows: { type: 'string', default: '160' },
    rounds: { type: 'string', default: '4' },
    history: { type: 'string', default: '200000' },
  },
});

/** A server that has just started compiles its code while it answers. */
const WARM_UP_ROUNDS = 3;
/** About as long as the flows of a round take. */
const INTROSPECTIONS_PER_FLOW = 10;

type FigureName =
  | 'flowsPerSecond'
  | 'introspectionsPerSecond'
  | 'cpuMsPerFlow'
  | 'cpuMsPerIntrospection'
  | 'postgresCpuMsPerFlow'
  | 'postgresCpuMsPerIntrospection'
  | 'payerStepCpuMs'
  | 'payerStepStatements'
  | 'statements'
  | 'statementsPerIntrospection'
  | 'durableCommits'
  | 'durableCommitsPerIntrospection';

interface Pair {
  readonly ours: number;
  readonly peer: number;
}

type Figures = Readonly<Record<string, Pair>>;

const undo = new Undo();
await printResult(measure, undo, values.json);

async function measure(): Promise<object> {
  const contenders = await startContenders(undo);
  await alternate(contenders, 8, WARM_UP_ROUNDS);
  const few = await alternate(contenders, 8);
  const one = await alternate(contenders, 1);
  const many = await alternate(contenders, 32);
  const rows = Number(values.history);
  const history = rows > 0 ? await withHistory(contenders, few, rows) : {};
  return {
    ...few,
    rssMb: { ours: (await contenders.ours.usage()).rssMb, peer: (await contenders.peer.usage()).rssMb },
    inFlight: { 1: one, 32: many },
    history,
    settled: 'directly: by a press and a settlement without BankID, outside the clock',
  };
}

/** Ours alone, as fast with a long history as with a short one? */
async function withHistory({ ours, ownerUrl }: Contenders, few: Figures, rows: number): Promise<object> {
  const short = figures([await measureRound(ours, effort(8)), await measureRound(ours, effort(8))]);
  await fillHistory(ownerUrl, rows);
  await measureRound(ours, effort(8));
  const long = figures([await measureRound(ours, effort(8)), await measureRound(ours, effort(8))]);
  return {
    rows,
    flowsPerSecond: {
      short: short.flowsPerSecond,
      long: long.flowsPerSecond,
      ratio: ratio(long.flowsPerSecond, short.flowsPerSecond),
    },
    introspectionsPerSecond: {
      short: short.introspectionsPerSecond,
      long: long.introspectionsPerSecond,
      ratio: ratio(long.introspectionsPerSecond, short.introspectionsPerSecond),
    },
    cpuMsPerFlow: { short: few['cpuMsPerFlow']?.ours, long: long.cpuMsPerFlow },
  };
}

async function alternate(
  { ours, peer }: Contenders,
  inFlight: number,
  rounds = Number(values.rounds),
): Promise<Figures> {
  const results = new Map<Contender, Round[]>([
    [ours, []],
    [peer, []],
  ]);
  for (let round = 0; round < rounds; round += 1) {
    for (const [contender, measured] of results) measured.push(await measureRound(contender, effort(inFlight)));
  }
  const [our, theirs] = [figures(results.get(ours) ?? []), figures(results.get(peer) ?? [])];
  const pairs = Object.keys(our).map((name) => {
    const key = name as keyof typeof our;
    return [name, { ours: our[key], peer: theirs[key], ratio: ratio(our[key], theirs[key]) }];
  });
  return Object.fromEntries(pairs) as Figures;
}

function effort(inFlight: number): Effort {
  const flows = inFlight === 1 ? Math.ceil(Number(values.flows) / 3) : Number(values.flows);
  return { inFlight, flows, introspections: flows * INTROSPECTIONS_PER_FLOW };
}

function figures(rounds: readonly Round[]): Record<FigureName, number> {
  const sum = (read: (round: Round) => number): number => rounds.reduce((total, round) => total + read(round), 0);
  const flows = sum((round) => round.flows);
  const introspections = sum((round) => round.introspections);
  return {
    flowsPerSecond: rounded(flows / sum((round) => round.flowSeconds)),
    introspectionsPerSecond: rounded(introspections / sum((round) => round.introspectionSeconds)),
    cpuMsPerFlow: rounded(sum((round) => round.flowUsage.cpuMs) / flows),
    cpuMsPerIntrospection: rounded(sum((round) => round.introspectionUsage.cpuMs) / introspections),
    postgresCpuMsPerFlow: rounded(sum((round) => round.flowUsage.postgresCpuMs) / flows),
    postgresCpuMsPerIntrospection: rounded(sum((round) => round.introspectionUsage.postgresCpuMs) / introspections),
    payerStepCpuMs: rounded(sum((round) => round.payerUsage.cpuMs) / flows),
    payerStepStatements: rounded(sum((round) => round.payerUsage.statements) / flows),
    statements: rounded(sum((round) => round.flowUsage.statements) / flows),
    statementsPerIntrospection: rounded(sum((round) => round.introspectionUsage.statements) / introspections),
    durableCommits: rounded(sum((round) => round.flowUsage.fsyncs) / flows),
    durableCommitsPerIntrospection: rounded(sum((round) => round.introspectionUsage.fsyncs) / introspections),
  };
}

function ratio(a: number, b: number): number {
  return rounded(a / b);
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}

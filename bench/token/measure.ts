import { inFlight } from '../in-flight.ts';
import type { Contender, TotalUsage } from './contender.ts';

/** What a part of a round took. */
type Effect = TotalUsage & { readonly fsyncs: number };

/** What a number of flows, and of introspections of their tokens, took. */
export interface Round {
  readonly flows: number;
  readonly flowSeconds: number;
  readonly flowUsage: Effect;
  /** What the payer's yes took, outside the clock. */
  readonly payerUsage: Effect;
  readonly introspections: number;
  readonly introspectionSeconds: number;
  readonly introspectionUsage: Effect;
}

export interface Effort {
  readonly inFlight: number;
  readonly flows: number;
  readonly introspections: number;
}

/** One round: cryptography first, then the clock; the payer's yes between two parts of it. */
export async function measureRound(contender: Contender, effort: Effort): Promise<Round> {
  const pushes = Array.from({ length: effort.flows }, () => contender.preparePush());
  const beginning = await timed(contender, () => inFlight(effort.inFlight, pushes, (push) => contender.begin(push)));
  const ready = await timed(contender, () =>
    inFlight(effort.inFlight, beginning.results, (begun) => contender.prepareFinish(begun)),
  );
  const finishing = await timed(contender, () =>
    inFlight(effort.inFlight, ready.results, (settled) => contender.finish(settled)),
  );
  const tokens = finishing.results;
  const forms = Array.from({ length: effort.introspections }, (_, at) =>
    contender.prepareIntrospection(tokens[at % tokens.length] ?? ''),
  );
  const asking = await timed(contender, () => inFlight(effort.inFlight, forms, (form) => contender.introspect(form)));
  return {
    flows: pushes.length,
    flowSeconds: beginning.seconds + finishing.seconds,
    flowUsage: added(beginning.used, finishing.used),
    payerUsage: ready.used,
    introspections: forms.length,
    introspectionSeconds: asking.seconds,
    introspectionUsage: asking.used,
  };
}

function added(a: Effect, b: Effect): Effect {
  return {
    cpuMs: a.cpuMs + b.cpuMs,
    postgresCpuMs: a.postgresCpuMs + b.postgresCpuMs,
    statements: a.statements + b.statements,
    fsyncs: a.fsyncs + b.fsyncs,
    rssMb: Math.max(a.rssMb, b.rssMb),
  };
}

interface Timed<T> {
  readonly results: readonly T[];
  readonly seconds: number;
  readonly used: Effect;
}

async function timed<T>(contender: Contender, work: () => Promise<readonly T[]>): Promise<Timed<T>> {
  const fsyncs = await contender.countFsyncs();
  const before = await contender.usage();
  const begun = performance.now();
  const results = await work();
  const seconds = (performance.now() - begun) / 1000;
  const after = await contender.usage();
  const used = {
    cpuMs: after.cpuMs - before.cpuMs,
    postgresCpuMs: after.postgresCpuMs - before.postgresCpuMs,
    statements: after.statements - before.statements,
    fsyncs: (await contender.countFsyncs()) - fsyncs,
    rssMb: after.rssMb,
  };
  return { results, seconds, used };
}

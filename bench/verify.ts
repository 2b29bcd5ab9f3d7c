import { parseArgs } from 'node:util';
import { policies } from '../src/verification/policy.ts';
import { isVerified } from '../src/verification/verified-signature.ts';
import { verifyConsent } from '../src/verification/verify-consent.ts';
import { verifySignature } from '../src/verification/verify-signature.ts';
import { doLimit, limitOf, operations } from './verify/limit.ts';
import { makeMaterial, type Item, type Material } from './verify/material.ts';
import { watchMemory } from './verify/memory.ts';
import { refusals } from './verify/refused.ts';
import { around, compare, measure } from './verify/slices.ts';

/**
 * Full verification of consents on one thread, compared with the operations that it cannot avoid: three RSA verifications, the
 * import of the payer's key, the digests. Both take turns, so that a busy machine slows both. `--memory` verifies a million times and
 * prints the process's memory on the way.
 */
const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    memory: { type: 'boolean', default: false },
    payers: { type: 'string', default: '64' },
    pairs: { type: 'string', default: '480' },
    verifications: { type: 'string', default: '1000000' },
  },
});

/** Short, so that both kinds of work meet the same moments of a shared machine. */
const SLICE_MS = 10;
const PART_MS = 60;
/** Until V8 has compiled what runs often, as it has in a service or in a run over thousands of files. */
const WARM_UP = 20_000;

const material = await makeMaterial(Number(values.payers), new Date());
const result = values.memory ? runMemory() : run();
process.stdout.write(values.json ? `${JSON.stringify(result)}\n` : `${JSON.stringify(result, null, 2)}\n`);

function accept(item: Item, { trust, at }: Material): void {
  const verdict = verifyConsent(item.completion, item.expectation, { trust, policy: policies.bankid, now: at });
  if (!isVerified(verdict)) throw new Error(`sound material is refused: ${JSON.stringify(verdict.checks)}`);
}

function runMemory(): object {
  const next = around(material.items);
  const steps = watchMemory(Number(values.verifications), () => accept(next(), material));
  return { verifications: Number(values.verifications), payers: material.items.length, steps };
}

function run(): object {
  const next = around(material.items);
  const nextLimit = around(material.items.map(({ completion }) => limitOf(completion)));
  const verification = (): void => accept(next(), material);
  const limit = (): void => doLimit(nextLimit());
  for (let done = 0; done < WARM_UP; done++) verification();
  for (let done = 0; done < WARM_UP / 4; done++) limit();
  const { first, second, ratio } = compare(Number(values.pairs), SLICE_MS, verification, limit);
  return {
    perSecond: Math.round(first),
    limitPerSecond: Math.round(second),
    ratioToLimit: round(ratio.median),
    ratioMin: round(ratio.min),
    ratioMax: round(ratio.max),
    payers: material.items.length,
    parts: partsOf(nextLimit),
    largestMs: largestMs(),
    refusedToAccepted: refusedToAccepted(verification),
  };
}

/** Microseconds of each operation of the limit. */
function partsOf(next: () => ReturnType<typeof limitOf>): Record<string, number> {
  const cost = (work: () => void): number => round(1e6 / measure(PART_MS, work));
  return Object.fromEntries(Object.entries(operations).map(([name, work]) => [name, cost(() => work(next()))]));
}

/** Milliseconds for verifying the largest signature that BankID makes. */
function largestMs(): number {
  const { largest, trust, at } = material;
  const time = { now: at, vouchedAt: undefined };
  const rate = measure(1000, () => {
    const report = verifySignature(largest, { trust, policy: policies.bankid, time });
    if (report.indication !== 'TOTAL-PASSED')
      throw new Error(`the largest is refused: ${JSON.stringify(report.checks)}`);
  });
  return round(1000 / rate);
}

/** The time of a refusal as a share of that of an acceptance, for each way to be refused. */
function refusedToAccepted(verification: () => void): Record<string, number> {
  const { items, trust, at } = material;
  const share = (change: (typeof refusals)[string]): number => {
    const changed = items.map((item, index) => {
      const other = items[(index + 1) % items.length] ?? item;
      return { ...item, completion: change(item.completion, other.completion) };
    });
    const next = around(changed);
    const refusal = (): void => {
      const { completion, expectation } = next();
      if (isVerified(verifyConsent(completion, expectation, { trust, policy: policies.bankid, now: at })))
        throw new Error('accepted');
    };
    measure(PART_MS, refusal);
    return round(compare(30, SLICE_MS, verification, refusal).ratio.median);
  };
  return Object.fromEntries(Object.entries(refusals).map(([name, change]) => [name, share(change)]));
}

function round(value: number): number {
  return Number(value.toPrecision(3));
}

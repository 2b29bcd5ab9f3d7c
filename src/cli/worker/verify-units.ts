import { workerData } from 'piscina';
import { unitVerifierOf, type WorkerSource } from '../verify/units/runner.ts';
import type { Unit, UnitResult } from '../verify/units/unit.ts';

const verifier = unitVerifierOf(workerData as WorkerSource);

/** One of the threads of `sigill verify`. */
export default function run(unit: Unit): Promise<readonly UnitResult[]> {
  return verifier.verify(unit);
}

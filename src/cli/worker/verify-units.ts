import { workerData } from 'piscina';
import { makeSettings } from '../../evidence-files/verify-settings.ts';
import type { WorkerSource } from '../verify/units/runner.ts';
import { UnitVerifier, type Unit, type UnitResult } from '../verify/units/unit.ts';

const { source, reveal, form } = workerData as WorkerSource;
const verifier = new UnitVerifier(makeSettings(source), reveal, form);

/** One of the threads of `sigill verify`. */
export default function run(unit: Unit): readonly UnitResult[] {
  return verifier.verify(unit);
}

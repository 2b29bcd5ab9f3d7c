import { needsSeal, type Findings, type LedgerFinding, type SealFinding, type TimestampFinding } from './findings.ts';

/** How much a finding weighs beside the verdict on the signature: the worst of all decides the exit code. */
export type Outcome = 'passed' | 'indeterminate' | 'failed';

/** What the caller demands of what stands around the signature. */
export interface Demands {
  /** A checkpoint that the caller has kept was given to compare with. */
  readonly keptCheckpoint: boolean;
}

/**
 * A folder needs no seal; a bundle and an export do. Anything `unsound` fails. A seal or a timestamp whose issuer was not given, a
 * seal that no trusted timestamp dates, and a kept checkpoint that could not be compared, leave it open.
 */
export function outcomeOf({ container, seal, ledger }: Findings, demands: Demands): Outcome {
  return worst([sealOutcome(seal, needsSeal(container)), ledgerOutcome(ledger, demands)]);
}

function sealOutcome(seal: SealFinding, isNeeded: boolean): Outcome {
  switch (seal.state) {
    case 'none':
      return isNeeded ? 'failed' : 'passed';
    case 'unsound':
      return 'failed';
    case 'untrusted':
      return worst(['indeterminate', timestampOutcome(seal.timestamp)]);
    case 'sound':
      return timestampOutcome(seal.timestamp);
  }
}

function ledgerOutcome(ledger: LedgerFinding, { keptCheckpoint }: Demands): Outcome {
  switch (ledger.state) {
    case 'none':
      return keptCheckpoint ? 'indeterminate' : 'passed';
    case 'unsound':
      return 'failed';
    case 'exporters-word':
      return worst([keptCheckpoint ? 'indeterminate' : 'passed', timestampOutcome(ledger.timestamp)]);
    case 'proved':
      return timestampOutcome(ledger.timestamp);
  }
}

function timestampOutcome({ state }: TimestampFinding): Outcome {
  if (state === 'unsound') return 'failed';
  return state === 'untrusted' ? 'indeterminate' : 'passed';
}

export function worst(outcomes: readonly Outcome[]): Outcome {
  if (outcomes.includes('failed')) return 'failed';
  return outcomes.includes('indeterminate') ? 'indeterminate' : 'passed';
}

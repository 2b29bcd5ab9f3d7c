import type { Findings, TimestampFinding } from '../../bundle/findings.ts';

/** Which option would have let more be decided. */
export function hintsOf({ seal, ledger }: Findings): readonly string[] {
  const stamps: readonly TimestampFinding[] = [
    ...('timestamp' in seal ? [seal.timestamp] : []),
    ...('timestamp' in ledger ? [ledger.timestamp] : []),
  ];
  const hints = [
    [
      seal.state === 'untrusted' && seal.reason === 'issuer',
      'whose seal it is was not decided: give its issuer with --seal-trust',
    ],
    [stamps.some(({ state }) => state === 'untrusted'), 'no timestamp was trusted: give the issuer with --tsa-trust'],
    [
      'reason' in ledger && ledger.reason === 'tiles-needed',
      'the checkpoints differ in size: give the tiles with --ledger',
    ],
    [
      'reason' in ledger && ledger.reason === 'not-covered',
      'the kept checkpoint is older than the evidence: give the key that signed the newer one with --ledger-key',
    ],
  ] as const;
  return hints.flatMap(([isOpen, hint]) => (isOpen ? [hint] : []));
}

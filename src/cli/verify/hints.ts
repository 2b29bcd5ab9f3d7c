import { timestampsOf, type Findings } from '../../bundle/findings.ts';

/** Which option would have let more be decided. */
export function hintsOf(findings: Findings): readonly string[] {
  const { seal, ledger } = findings;
  const hints = [
    [
      seal.state === 'untrusted' && seal.reason === 'issuer',
      'the issuer of the seal is not trusted yet: give its certificate with --seal-trust',
    ],
    [
      timestampsOf(findings).some(({ stamp }) => stamp.state === 'untrusted'),
      'the timestamp authority is not trusted yet: give the certificate of its issuer with --tsa-trust',
    ],
    [
      'reason' in ledger && ledger.reason === 'tiles-needed',
      'the checkpoints differ in size: give the tiles with --ledger',
    ],
    [
      'reason' in ledger && ledger.reason === 'tiles-unreadable',
      'the tiles cannot be read there: give --ledger a directory with the tiles, or the address of a public log',
    ],
    [
      'reason' in ledger && ledger.reason === 'not-covered',
      'the kept checkpoint is older than the evidence: give the key that signed the newer one with --ledger-key',
    ],
  ] as const;
  return hints.flatMap(([isOpen, hint]) => (isOpen ? [hint] : []));
}

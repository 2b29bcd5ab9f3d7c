/** The two logs of a bank: the numbers of its evidence, and the chains of its audit events. */
export const logKinds = ['evidence', 'audit'] as const;
export type LogKind = (typeof logKinds)[number];

/** One log. */
export interface LedgerLog {
  readonly bank: string;
  readonly kind: LogKind;
  /** Its folder in LEDGER_DIRECTORY, and its path below `/ledger/`. */
  readonly folder: string;
  /** The first line of its checkpoints and the name of its keys: its address without the scheme (C2SP tlog-tiles). */
  readonly origin: string;
}

/** @param issuer an origin, e.g. `https://sigill.example` */
export function ledgerLog(issuer: string, bank: string, kind: LogKind, logId: string): LedgerLog {
  const folder = kind === 'evidence' ? logId : `${logId}/audit`;
  return { bank, kind, folder, origin: `${new URL(issuer).host}/ledger/${folder}` };
}

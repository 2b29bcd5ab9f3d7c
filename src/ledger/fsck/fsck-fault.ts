import type { LogKind } from '../log/ledger-log.ts';

/**
 * What is wrong with a log.
 *
 * Of what is kept outside:
 * - `directory`: LEDGER_DIRECTORY cannot be read;
 * - `directory-lost`: heads were published, and none is kept;
 * - `rolled-back`: a larger head is kept than the database has: it was set back;
 * - `two-heads`: database and folder have two heads of one size;
 * - `head-missing`: a kept head has no row in the database;
 * - `head-not-kept`: a head that was published is not kept;
 * - `head-unsigned`: a note that none of our keys signed, or that states another head than its row;
 * - `tile-missing`, `tile-changed`: a file of the tree.
 *
 * Of what the database has:
 * - `head-root`: from this head on, the root is not that of the leaves;
 * - `number-missing`: a row of a leaf was removed;
 * - `leaf-changed`: its digest is not the kept one;
 * - `evidence-missing`, `evidence-changed`: the evidence of a leaf is not stored, or has another digest;
 * - `unnumbered`: evidence has waited for its number for more than a minute, or waits for none;
 * - `audit-uncovered`: so many chains of audit events have had an event for more than two hours that no leaf covers;
 * - `audit-list-changed`: the list of chains is not the one that its leaf covers;
 * - `audit-event-missing`, `audit-event-changed`: an event that a leaf covers.
 *
 * Of its timestamps:
 * - `timestamp-wrong`, `timestamp-not-kept`: a token.
 */
export type FsckFaultKind =
  | 'directory'
  | 'directory-lost'
  | 'rolled-back'
  | 'two-heads'
  | 'head-missing'
  | 'head-not-kept'
  | 'head-unsigned'
  | 'tile-missing'
  | 'tile-changed'
  | 'head-root'
  | 'number-missing'
  | 'leaf-changed'
  | 'evidence-missing'
  | 'evidence-changed'
  | 'unnumbered'
  | 'audit-uncovered'
  | 'audit-list-changed'
  | 'audit-event-missing'
  | 'audit-event-changed'
  | 'timestamp-wrong'
  | 'timestamp-not-kept';

/** One fault. */
export interface FsckFault {
  readonly bank: string;
  readonly log: LogKind;
  readonly fault: FsckFaultKind;
  /** Of a leaf. */
  readonly number?: number;
  /** Of a head. */
  readonly size?: number;
  /** A file below the log's folder, a chain and place, a reason or a count. */
  readonly detail?: string;
}

/** A fault of a log whose name is already known. */
export type LogFault = Omit<FsckFault, 'bank' | 'log'>;

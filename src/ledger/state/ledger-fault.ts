/**
 * Why a log gets no head:
 * - `ahead`: the folder has a head that the database has not, as after a restore of the database;
 * - `differs`: the same size with another root, a head that our key did not sign, or leaves that are not those of a signed head;
 * - `behind`: the database has heads that were published and that the folder has not.
 */
export type LedgerFaultReason = 'ahead' | 'differs' | 'behind';

/** Database and LEDGER_DIRECTORY contradict each other, so nothing more is signed. */
export class LedgerFault extends Error {
  constructor(
    readonly reason: LedgerFaultReason,
    /** Of which log. */
    readonly folder: string,
  ) {
    super(`the heads kept of ${folder}: ${reason}`);
    this.name = 'LedgerFault';
  }
}

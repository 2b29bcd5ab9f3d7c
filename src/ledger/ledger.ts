import { Injectable } from '@nestjs/common';
import { inclusionProof } from '../crypto/tlog/tiles.ts';
import { Database } from '../database/database.ts';
import { DomainError } from '../kernel/errors.ts';
import { LedgerLogs } from './log/ledger-logs.ts';
import { DirectoryFault } from './outside/directory-fault.ts';
import { LedgerDirectory } from './outside/ledger-directory.ts';
import { selectCosignatures, selectCovering, selectNumber, selectTimestamped } from './proof/covering.repository.ts';

/** Evidence in the ledger of its bank, and a signed head that was published and has it. */
export interface CoveredEvidence {
  /** From 1. */
  readonly number: number;
  /** The leaf's index in the tree: number − 1. */
  readonly index: number;
  /** How many leaves the tree of the head has. */
  readonly size: number;
  /** The note of the head, with the signatures of witnesses (C2SP tlog-checkpoint). */
  readonly checkpoint: string;
  /** From the leaf's sibling upwards, 32 octets each (RFC 6962 §2.1.1). */
  readonly proof: readonly Buffer[];
  /** RFC 3161 token over the note of the log, where the head has one. */
  readonly timestamp?: Buffer;
}

/** What other modules learn of the ledger. */
@Injectable()
export class Ledger {
  constructor(
    private readonly database: Database,
    private readonly logs: LedgerLogs,
    private readonly directory: LedgerDirectory,
  ) {}

  /**
   * The proof that evidence of a bank is in its ledger, by the smallest head with a timestamp that has it, or else by the smallest
   * head. `not-yet`: it has no number, or no published head has it; a head follows within LEDGER_HEAD_SECONDS.
   * @throws DomainError `ledger.unavailable` while LEDGER_DIRECTORY cannot be read
   */
  async findCovered(bank: string, evidenceId: string): Promise<CoveredEvidence | 'not-yet'> {
    const number = await selectNumber(this.database, bank, evidenceId);
    const log = await this.logs.findLog(bank, 'evidence');
    if (number === undefined || !log) return 'not-yet';
    try {
      return await this.#prove(bank, number, log.folder);
    } catch (error) {
      if (error instanceof DirectoryFault) throw new DomainError('ledger.unavailable', { cause: error });
      throw error;
    }
  }

  async #prove(bank: string, number: number, folder: string): Promise<CoveredEvidence | 'not-yet'> {
    const published = (await this.directory.findNewest(folder))?.size ?? 0;
    const head =
      (await selectTimestamped(this.database, bank, number, published)) ??
      (await selectCovering(this.database, bank, number, published));
    if (!head) return 'not-yet';
    const { size, note, ...timestamp } = head;
    const cosignatures = await selectCosignatures(this.database, bank, size);
    const proof = await inclusionProof(this.directory.readTile(folder), number - 1, size);
    return { number, index: number - 1, size, checkpoint: note + cosignatures.join(''), proof, ...timestamp };
  }
}

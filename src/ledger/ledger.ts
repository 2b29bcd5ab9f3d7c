import { Injectable } from '@nestjs/common';
import { inclusionProof } from '../crypto/tlog/tiles.ts';
import { Clients } from '../clients/clients.ts';
import { Database } from '../database/database.ts';
import { DomainError } from '../kernel/errors.ts';
import type { LedgerLog } from './log/ledger-log.ts';
import { LedgerLogs } from './log/ledger-logs.ts';
import { DirectoryFault } from './outside/directory-fault.ts';
import { LedgerDirectory } from './outside/ledger-directory.ts';
import { selectCovering, selectNumber, selectTimestamped } from './proof/covering.repository.ts';
import { selectCosignaturesOfHead } from './witnesses/cosignature.repository.ts';
import { soundCosignatures } from './witnesses/sound-cosignatures.ts';

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
    private readonly clients: Clients,
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
      return await this.#prove(log, number);
    } catch (error) {
      if (error instanceof DirectoryFault) throw new DomainError('ledger.unavailable', { cause: error });
      throw error;
    }
  }

  async #prove(log: LedgerLog, number: number): Promise<CoveredEvidence | 'not-yet'> {
    const { bank, folder } = log;
    const published = (await this.directory.findNewest(folder))?.size ?? 0;
    const head =
      (await selectTimestamped(this.database, bank, number, published)) ??
      (await selectCovering(this.database, bank, number, published));
    if (!head) return 'not-yet';
    const { size, note, ...timestamp } = head;
    const cosignatures = await this.#cosignaturesOf(log, size, note);
    const proof = await inclusionProof(this.directory.readTile(folder), number - 1, size);
    return { number, index: number - 1, size, checkpoint: note + cosignatures.join(''), proof, ...timestamp };
  }

  async #cosignaturesOf(log: LedgerLog, size: number, note: string): Promise<readonly string[]> {
    const stored = await selectCosignaturesOfHead(this.database, log, size);
    const head = { note: Buffer.from(note), origin: log.origin };
    const { witnesses = [] } = this.clients.findClient(log.bank)?.ledger ?? {};
    return soundCosignatures(head, stored, witnesses).map(({ line }) => line);
  }
}

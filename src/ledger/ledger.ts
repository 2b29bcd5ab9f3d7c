import { Injectable } from '@nestjs/common';
import { parseCheckpoint } from '../crypto/tlog/checkpoint.ts';
import { Malformed } from '../crypto/malformed.ts';
import { parseNote } from '../crypto/tlog/note.ts';
import { rangeProof, type RangeProof } from '../crypto/tlog/range-proof.ts';
import { inclusionProof } from '../crypto/tlog/tiles.ts';
import { formatVerifierKey } from '../crypto/tlog/verifier-key.ts';
import { Clients } from '../clients/clients.ts';
import { Database } from '../database/database.ts';
import { DomainError } from '../kernel/errors.ts';
import { HeadSigner } from './heads/head-signer.ts';
import type { LedgerLog } from './log/ledger-log.ts';
import { LedgerLogs } from './log/ledger-logs.ts';
import { DirectoryFault } from './outside/directory-fault.ts';
import { LedgerDirectory } from './outside/ledger-directory.ts';
import { selectCovering, selectNumber, selectTimestamped, type CoveringHead } from './proof/covering.repository.ts';
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

/** Numbers of a bank that follow each other, and a signed head that was published and has them all. */
export interface CoveredRange {
  readonly first: number;
  readonly last: number;
  /** The name of the log: the first line of its checkpoints. */
  readonly origin: string;
  /** The verifier key of the log, that which signs now (C2SP signed-note). */
  readonly key: string;
  /** How many leaves the tree of the head has, and its root. */
  readonly size: number;
  readonly root: Buffer;
  /** The note of the head, with the signatures of witnesses (C2SP tlog-checkpoint). */
  readonly checkpoint: string;
  readonly proof: RangeProof;
}

/** What other modules learn of the ledger. */
@Injectable()
export class Ledger {
  constructor(
    private readonly database: Database,
    private readonly logs: LedgerLogs,
    private readonly directory: LedgerDirectory,
    private readonly clients: Clients,
    private readonly signer: HeadSigner,
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
    return reading(() => this.#prove(log, number));
  }

  /**
   * The proof that numbers of a bank, with the digests of their leaves, are in its ledger, by the smallest head that has the last of
   * them. `not-yet`: no published head has it.
   * @throws DomainError `ledger.unavailable` while LEDGER_DIRECTORY cannot be read
   */
  async findCoveredRange(bank: string, first: number, last: number): Promise<CoveredRange | 'not-yet'> {
    const log = await this.logs.findLog(bank, 'evidence');
    return log ? reading(() => this.#proveRange(log, first, last)) : 'not-yet';
  }

  async #prove(log: LedgerLog, number: number): Promise<CoveredEvidence | 'not-yet'> {
    const { bank, folder } = log;
    const published = await this.#published(log);
    const head =
      (await selectTimestamped(this.database, bank, number, published)) ??
      (await selectCovering(this.database, bank, number, published));
    if (!head) return 'not-yet';
    const { size, note, ...timestamp } = head;
    const checkpoint = await this.#cosigned(log, { size, note });
    const proof = await inclusionProof(this.directory.readTile(folder), number - 1, size);
    return { number, index: number - 1, size, checkpoint, proof, ...timestamp };
  }

  async #proveRange(log: LedgerLog, first: number, last: number): Promise<CoveredRange | 'not-yet'> {
    const { bank, folder, origin } = log;
    const head = await selectCovering(this.database, bank, last, await this.#published(log));
    const [key] = this.signer.keysOf(origin);
    if (!head || !key) return 'not-yet';
    const { size, root } = parseCheckpoint(parseNote(Buffer.from(head.note)).text);
    const proof = await rangeProof(this.directory.readTile(folder), { begin: first - 1, end: last, size });
    const checkpoint = await this.#cosigned(log, head);
    return { first, last, origin, key: formatVerifierKey(key), size, root, checkpoint, proof };
  }

  /** The size of the largest head that readers see. */
  async #published({ folder }: LedgerLog): Promise<number> {
    return (await this.directory.findNewest(folder))?.size ?? 0;
  }

  /** The note of a head with the lines of its witnesses. */
  async #cosigned(log: LedgerLog, { size, note }: CoveringHead): Promise<string> {
    const stored = await selectCosignaturesOfHead(this.database, log, size);
    const head = { note: Buffer.from(note), origin: log.origin };
    const { witnesses = [] } = this.clients.findClient(log.bank)?.ledger ?? {};
    return (
      note +
      soundCosignatures(head, stored, witnesses)
        .map(({ line }) => line)
        .join('')
    );
  }
}

/** A folder that cannot be read, or whose files are none of a log's, is unavailable to those who ask for a proof. */
async function reading<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof DirectoryFault || error instanceof Malformed)
      throw new DomainError('ledger.unavailable', { cause: error });
    throw error;
  }
}

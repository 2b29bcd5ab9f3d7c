import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Agent } from 'undici';
import { Clients, type Witness } from '../../clients/clients.ts';
import { formatSignature } from '../../crypto/tlog/note.ts';
import { consistencyProof } from '../../crypto/tlog/tiles.ts';
import { Database } from '../../database/database.ts';
import { tryTurn } from '../heads/checkpoint.repository.ts';
import { logKinds, type LedgerLog } from '../log/ledger-log.ts';
import { LedgerLogs } from '../log/ledger-logs.ts';
import { LedgerDirectory, type KeptCheckpoint } from '../outside/ledger-directory.ts';
import { addCheckpoint } from './add-checkpoint.ts';
import { insertCosignature, selectCosignaturesOfHead } from './cosignature.repository.ts';
import { WitnessFailure } from './witness-failure.ts';
import { WitnessHealth } from './witness-health.ts';

/**
 * Has the newest head of each log cosigned by the witnesses of its bank, and shows it with their signatures. Each signature is stored
 * first. Two instances may ask for the same one: the second answer changes nothing.
 */
@Injectable()
export class Cosigner implements OnApplicationShutdown {
  readonly #agent = new Agent();
  /** By witness and log, the size of the last head that it cosigned. */
  readonly #known = new Map<string, number>();

  constructor(
    private readonly database: Database,
    private readonly clients: Clients,
    private readonly logs: LedgerLogs,
    private readonly directory: LedgerDirectory,
    private readonly health: WitnessHealth,
  ) {}

  /** One round. A bank or a witness that fails holds up no other. */
  async runOnce(): Promise<void> {
    const rounds = this.clients.banks().flatMap(({ id, ledger }) =>
      logKinds.map(async (kind) => {
        if (!ledger || ledger.witnesses.length === 0) return;
        const log = await this.logs.findLog(id, kind);
        if (log) await this.#cosignNewest(log, ledger.witnesses);
      }),
    );
    const failed = (await Promise.allSettled(rounds)).find(({ status }) => status === 'rejected');
    if (failed?.status === 'rejected') throw failed.reason;
  }

  async onApplicationShutdown(): Promise<void> {
    await this.#agent.destroy();
  }

  async #cosignNewest(log: LedgerLog, witnesses: readonly Witness[]): Promise<void> {
    const newest = await this.directory.findNewest(log.folder);
    const own = newest && (await this.directory.findCheckpoint(log.folder, newest.size));
    if (!own) return;
    const { size } = own;
    const signed = new Set((await selectCosignaturesOfHead(this.database, log, size)).map(({ witness }) => witness));
    const missing = witnesses.filter((witness) => !signed.has(nameOf(witness)));
    await Promise.all(missing.map((witness) => this.#ask(log, witness, { size, note: own.note.toString() })));
    await this.#show(log, own);
  }

  /** In the turn of the log, or in a later round: a head that is published meanwhile must not be replaced by this older one. */
  async #show(log: LedgerLog, { size, note }: KeptCheckpoint): Promise<void> {
    await this.database.inTransaction(async (tx) => {
      if (!(await tryTurn(tx, log))) return;
      const lines = (await selectCosignaturesOfHead(tx, log, size)).map(({ line }) => line);
      await this.directory.showNewest(log.folder, note.toString() + lines.join(''));
    });
  }

  async #ask(log: LedgerLog, witness: Witness, { size, note }: { size: number; note: string }): Promise<void> {
    const name = nameOf(witness);
    const what = `${witness.key.name} of ${log.origin}`;
    if (!this.health.isDue(what)) return;
    const consistencyFrom = (older: number) => consistencyProof(this.directory.readTile(log.folder), older, size);
    try {
      const known = Math.min(size, this.#known.get(what) ?? 0);
      const signature = await addCheckpoint(witness, { size, note, consistencyFrom }, known, this.#agent);
      await insertCosignature(this.database, log, size, { witness: name, line: formatSignature(signature) });
      this.#known.set(what, size);
      this.health.succeeded(what);
    } catch (error) {
      if (!(error instanceof WitnessFailure)) throw error;
      this.health.failed(what, error.reason);
    }
  }
}

function nameOf({ key }: Witness): string {
  return `${key.name}+${key.keyId}`;
}

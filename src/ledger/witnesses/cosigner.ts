import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Agent } from 'undici';
import { Clients, type Witness } from '../../clients/clients.ts';
import { formatSignature } from '../../crypto/tlog/note.ts';
import { consistencyProof } from '../../crypto/tlog/tiles.ts';
import { Database } from '../../database/database.ts';
import { tryTurn } from '../heads/checkpoint.repository.ts';
import { logKinds, type LedgerLog, type LogKind } from '../log/ledger-log.ts';
import { LedgerLogs } from '../log/ledger-logs.ts';
import { LedgerDirectory, type KeptCheckpoint } from '../outside/ledger-directory.ts';
import { Failures } from '../state/failures.ts';
import { addCheckpoint } from './add-checkpoint.ts';
import { insertCosignature, selectCosignaturesOfHead, type Cosignature } from './cosignature.repository.ts';
import { nameOf, soundCosignatures } from './sound-cosignatures.ts';
import { WitnessFailure } from './witness-failure.ts';
import { WitnessHealth } from './witness-health.ts';

/** A head that witnesses are to be asked about, or that is to be shown with what they signed. */
interface DueHead {
  readonly log: LedgerLog;
  readonly own: KeptCheckpoint;
  /** Of the bank. */
  readonly witnesses: readonly Witness[];
  readonly missing: readonly Witness[];
}

/**
 * Has the newest head of each log cosigned by the witnesses of its bank, and shows it with their signatures. Each signature is stored
 * first. Two instances may ask for the same one: the second answer changes nothing.
 */
@Injectable()
export class Cosigner implements OnApplicationShutdown {
  readonly #agent = new Agent();
  /** By witness and log, the size of the last head that it cosigned. */
  readonly #known = new Map<string, number>();
  /** The one that is shown now. */
  #shown: Promise<void> = Promise.resolve();

  constructor(
    private readonly database: Database,
    private readonly clients: Clients,
    private readonly logs: LedgerLogs,
    private readonly directory: LedgerDirectory,
    private readonly health: WitnessHealth,
  ) {}

  /**
   * One round. A bank or a witness that fails holds up no other: all witnesses are asked at the same time. Database and folder are used
   * for one log after the other, so that requests find connections however many banks there are.
   */
  async runOnce(): Promise<void> {
    const failures = new Failures();
    const due: DueHead[] = [];
    for (const { id, ledger } of this.clients.banks())
      for (const kind of ledger && ledger.witnesses.length > 0 ? logKinds : []) {
        const found = await failures.collect(() => this.#findDue(id, kind, ledger?.witnesses ?? []));
        if (found) due.push(found);
      }
    await Promise.all(due.map((head) => failures.collect(() => this.#cosign(head))));
    failures.throwFirst();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.#agent.destroy();
  }

  /** The newest head of a log, if a witness can be asked to sign it, or it is not shown with all that have. */
  async #findDue(bank: string, kind: LogKind, witnesses: readonly Witness[]): Promise<DueHead | undefined> {
    const log = await this.logs.findLog(bank, kind);
    const newest = log && (await this.directory.findNewest(log.folder));
    const own = newest && (await this.directory.findCheckpoint(log.folder, newest.size));
    if (!own) return undefined;
    const stored = await selectCosignaturesOfHead(this.database, log, own.size);
    const sound = soundCosignatures(own, stored, witnesses);
    const missing = witnesses.filter((witness) => this.#isMissing(log, witness, stored, sound));
    const isShown = newest.note.equals(withLines(own, sound));
    return isShown && missing.length === 0 ? undefined : { log, own, witnesses, missing };
  }

  /** Whether the witness is to be asked. Where a line is stored that it did not sign, none can be: it is asked about the next head. */
  #isMissing(log: LedgerLog, witness: Witness, stored: readonly Cosignature[], sound: readonly Cosignature[]): boolean {
    const isIn = (list: readonly Cosignature[]): boolean => list.some((one) => one.witness === nameOf(witness));
    const what = subjectOf(witness, log);
    if (isIn(stored) && !isIn(sound)) this.health.failed(what, 'forged');
    return !isIn(stored) && this.health.isDue(what);
  }

  async #cosign({ log, own, witnesses, missing }: DueHead): Promise<void> {
    await Promise.all(missing.map((witness) => this.#ask(log, witness, own)));
    const shown = this.#shown.then(() => this.#show(log, own, witnesses));
    this.#shown = shown.catch(() => undefined);
    await shown;
  }

  /** In the turn of the log, or in a later round: a head that is published meanwhile must not be replaced by this older one. */
  async #show(log: LedgerLog, own: KeptCheckpoint, witnesses: readonly Witness[]): Promise<void> {
    await this.database.inTransaction(async (tx) => {
      if (!(await tryTurn(tx, log))) return;
      const sound = soundCosignatures(own, await selectCosignaturesOfHead(tx, log, own.size), witnesses);
      await this.directory.showNewest(log.folder, withLines(own, sound).toString());
    });
  }

  async #ask(log: LedgerLog, witness: Witness, own: KeptCheckpoint): Promise<void> {
    const name = nameOf(witness);
    const what = subjectOf(witness, log);
    const [size, note] = [own.size, own.note.toString()];
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

/** What a health is kept of. */
function subjectOf({ key }: Witness, { origin }: LedgerLog): string {
  return `${key.name} of ${origin}`;
}

function withLines({ note }: KeptCheckpoint, signed: readonly Cosignature[]): Buffer {
  return Buffer.from(note.toString() + signed.map(({ line }) => line).join(''));
}

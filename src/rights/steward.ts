import { Database } from '../database/database.ts';
import { openPool } from '../database/open-database.ts';
import { KeptErasures } from '../ledger/kept-erasures.ts';
import {
  carryOut,
  eraseAgain,
  eraseEndedLogins,
  selectErasedDigests,
  selectUnfinished,
  selectWaiting,
  type WaitingRequest,
} from './stewardship/steward.repository.ts';

/** What a round did. */
export interface StewardRound {
  /** Requests that it found waiting and that are done. */
  readonly done: readonly string[];
  /** Requests whose erasure it repeated, because the database had been set back. */
  readonly repeated: readonly string[];
  /** The same, but something of them is held, or kept by its retention. */
  readonly kept: readonly string[];
  /** How many logins were erased at the end of their retention. */
  readonly logins: number;
  /** What failed; the round goes on after each. */
  readonly failures: readonly Error[];
}

/** Consents in one transaction, which another steward or a hold may have to wait for. */
const CONSENTS_AT_ONCE = 50;
const REQUESTS_AT_ONCE = 20;
/** The most that one transaction erases of logins: then another one follows. */
const LOGINS_AT_ONCE = 1_000;

/**
 * Carries out what two persons asked for, with the login of the eraser, and nothing else: the functions of the database check bank,
 * approval, retention and hold again. It may die at any moment, and several may run: each step is one transaction, and what is to be
 * erased stands in LEDGER_DIRECTORY before the first of it is gone.
 */
export class Steward {
  constructor(
    private readonly database: Database,
    private readonly kept: KeptErasures,
  ) {}

  async runOnce(): Promise<StewardRound> {
    const failures: Error[] = [];
    const attempt = async <T>(work: () => Promise<T>): Promise<T | undefined> => {
      try {
        return await work();
      } catch (error) {
        failures.push(error instanceof Error ? error : new Error('a step failed', { cause: error }));
        return undefined;
      }
    };
    const again = (await attempt(() => this.repeat())) ?? { repeated: [], kept: [] };
    const done: string[] = [];
    for (const request of (await attempt(() => selectWaiting(this.database, REQUESTS_AT_ONCE))) ?? [])
      if (await attempt(() => this.#carryOut(request))) done.push(request.id);
    await attempt(() => this.#confirm());
    const logins = (await attempt(() => this.#eraseLogins())) ?? 0;
    return { done, ...again, logins, failures };
  }

  /**
   * Erases again what had been erased before the database was set back.
   * @throws DirectoryFault, and what the database reports
   */
  async repeat(): Promise<Pick<StewardRound, 'repeated' | 'kept'>> {
    const { begun } = await this.kept.list();
    const [repeated, kept]: [string[], string[]] = [[], []];
    for (const request of await selectUnfinished(this.database, begun)) {
      const left = await eraseAgain(this.database, request, await this.kept.read(request));
      (left === 0 ? repeated : kept).push(request);
    }
    return { repeated, kept };
  }

  async #carryOut({ id, action, digests }: WaitingRequest): Promise<true> {
    if (action === 'erase') await this.kept.announce(id, digests);
    while (!(await carryOut(this.database, id, CONSENTS_AT_ONCE)));
    return true;
  }

  /** What became of each request, where a steward died before it kept that. */
  async #confirm(): Promise<void> {
    const { begun, done } = await this.kept.list();
    for (const request of begun) {
      if (done.has(request)) continue;
      const digests = await selectErasedDigests(this.database, request);
      if (digests) await this.kept.confirm(request, digests);
    }
  }

  async #eraseLogins(): Promise<number> {
    let erased = 0;
    for (let count = LOGINS_AT_ONCE; count === LOGINS_AT_ONCE; erased += count)
      count = await eraseEndedLogins(this.database);
    return erased;
  }
}

/**
 * A steward with two connections of the eraser's login.
 * @param ledgerDirectory LEDGER_DIRECTORY
 */
export async function openSteward(
  url: string,
  ledgerDirectory: string,
): Promise<{ readonly steward: Steward; readonly close: () => Promise<void> }> {
  const source = await openPool(url, 2);
  const steward = new Steward(new Database(source), new KeptErasures(ledgerDirectory));
  return { steward, close: () => source.destroy() };
}

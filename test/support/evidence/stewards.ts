import { join } from 'node:path';
import { consentSubject } from '../../../src/kernel/subject.ts';
import { openSteward, type StewardRound } from '../../../src/rights/steward.ts';
import type { CommandEnd } from '../commands/built-command.ts';
import { runOperatorCommand } from '../commands/operator-command.ts';
import { approve, ask } from '../database/erase.ts';
import { EvidenceSteps } from './evidence-steps.ts';

export type Accepted = Awaited<ReturnType<EvidenceSteps['accept']>> & { readonly subject: string };

/** Longer ago than evidence is kept. */
const LONG_AGO = new Date('2015-03-01T12:00:00.000Z');

/** A service with evidence whose retention has ended, and the persons and stewards who erase it. */
export class Stewards {
  private constructor(readonly steps: EvidenceSteps) {}

  static async start(): Promise<Stewards> {
    return new Stewards(await EvidenceSteps.start());
  }

  stop(): Promise<void> {
    return this.steps.stop();
  }

  /** LEDGER_DIRECTORY of the service under test. */
  get ledger(): string {
    return join(this.steps.world.folder, 'service/ledger');
  }

  get bank(): string {
    return this.steps.world.system.clients.bank.id;
  }

  /** Accepted evidence of a registered bank, whose retention has ended unless it is stored `now`. */
  async accept(at: 'long-ago' | 'now' = 'long-ago'): Promise<Accepted> {
    const { clock } = this.steps;
    const now = clock.now();
    if (at === 'long-ago') clock.stopAt(LONG_AGO);
    const accepted = await this.steps.accept({ bank: this.bank });
    clock.stopAt(now);
    return { ...accepted, subject: consentSubject(accepted.bank, accepted.consentId) };
  }

  async acceptMany(count: number): Promise<Accepted[]> {
    const accepted: Accepted[] = [];
    while (accepted.length < count) accepted.push(await this.accept());
    return accepted;
  }

  /** Has one person ask for an erasure. @returns the id of the request */
  askFor(subjects: readonly string[]): Promise<string> {
    return ask(this.steps.database, { action: 'erase', bank: this.bank, subjects });
  }

  /** Has another one approve it. */
  async approved(subjects: readonly string[]): Promise<string> {
    const request = await this.askFor(subjects);
    await approve(this.steps.database, request);
    return request;
  }

  /** One round of a steward of its own. */
  async runSteward(folder = this.ledger): Promise<StewardRound> {
    const { steward, close } = await openSteward(this.steps.database.eraserUrl, folder);
    try {
      return await steward.runOnce();
    } finally {
      await close();
    }
  }

  /** What became of each consent of a request. */
  async outcomes(request: string): Promise<Readonly<Record<string, string>>> {
    const sql = 'select subject, outcome from steward_outcome where request_id = $1';
    const rows = await this.steps.database.asOwner(sql, [request]);
    return Object.fromEntries(rows.map(({ subject, outcome }) => [String(subject), String(outcome)]));
  }

  async erasedEvents(subject: string): Promise<number> {
    const events = await this.steps.trail.listEvents(subject);
    return events.filter(({ event }) => event.includes('"evidence.erased"')).length;
  }

  sigill(words: readonly string[], env = {}, input = ''): Promise<CommandEnd> {
    return runOperatorCommand(this.steps.world, words, env, input);
  }
}

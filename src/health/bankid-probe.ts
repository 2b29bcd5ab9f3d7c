import { Inject, Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { Agent, request } from 'undici';
import { CONFIG, type AppConfig } from '../config/config.ts';
import { mutualTls, type MutualTls } from '../config/mutual-tls.ts';
import type { Clock } from '../kernel/clock.ts';
import { CLOCK } from '../operations/clock.ts';

const TIMEOUT_MS = 5000;
/** Of a further certificate, whose silence must not make the whole part late. */
const FURTHER_MS = 2000;
/** Any caller may check our health; BankID is called no more often than this. */
const CACHE_MS = 15_000;

export interface BankIdAnswer {
  /**
   * Our clock minus BankID's, by the Date header of its answer. That header is exact to the second, which is enough: a
   * signature's time may differ from ours by 60 seconds. Undefined when the answer has no date.
   */
  readonly clockOffsetMs: number | undefined;
  /** Ids of the further RP certificates with which BankID does not answer. */
  readonly unanswered: readonly string[];
}

/** Sends BankID an empty request over the same mutual TLS as real orders, with each RP certificate. It places no order and names no person. */
@Injectable()
export class BankIdProbe implements OnApplicationShutdown {
  readonly #log = new Logger(BankIdProbe.name);
  readonly #url: string;
  readonly #own: Agent;
  readonly #further: ReadonlyMap<string, Agent>;
  /** Of the last probe. */
  #unanswered = '';
  #latest: { readonly until: number; readonly answer: Promise<BankIdAnswer> } | undefined;

  constructor(
    @Inject(CONFIG) { bankid }: AppConfig,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {
    this.#url = bankid.url;
    this.#own = agentOf({ ...mutualTls(bankid), timeout: TIMEOUT_MS });
    const further = [...bankid.furtherCertificates].map(
      ([id, { client }]) => [id, agentOf({ ...mutualTls({ ...bankid, client }), timeout: FURTHER_MS })] as const,
    );
    this.#further = new Map(further);
  }

  /**
   * @throws when the connection or the TLS handshake with the default certificate fails, or at a server error; a refusal of the empty
   *   request is an answer
   */
  ask(): Promise<BankIdAnswer> {
    const now = this.clock.now().getTime();
    if (!this.#latest || now >= this.#latest.until) this.#latest = { until: now + CACHE_MS, answer: this.#ask() };
    return this.#latest.answer;
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([this.#own, ...this.#further.values()].map((agent) => agent.destroy()));
  }

  async #ask(): Promise<BankIdAnswer> {
    const further = [...this.#further].map(async ([id, agent]) =>
      this.#call(agent, FURTHER_MS).then(
        () => [],
        () => [id],
      ),
    );
    const [clockOffsetMs, found] = await Promise.all([this.#call(this.#own, TIMEOUT_MS), Promise.all(further)]);
    const unanswered = found.flat();
    this.#logChange(unanswered.join(', '));
    return { clockOffsetMs, unanswered };
  }

  #logChange(unanswered: string): void {
    if (unanswered === this.#unanswered) return;
    this.#unanswered = unanswered;
    if (unanswered === '') this.#log.log('BankID answers with every RP certificate again');
    else this.#log.warn(`BankID does not answer with the RP certificate ${unanswered}`);
  }

  /** The offset of our clock, by the answer. */
  async #call(dispatcher: Agent, timeoutMs: number): Promise<number | undefined> {
    const options = { dispatcher, headersTimeout: timeoutMs, bodyTimeout: timeoutMs };
    const { statusCode, headers, body } = await request(this.#url, options);
    const answeredAt = this.clock.now();
    await body.dump();
    if (statusCode >= 500) throw new Error(`BankID answered the health probe with HTTP status ${statusCode}`);
    return offsetFrom(headers.date, answeredAt);
  }
}

function agentOf(connect: MutualTls & { readonly timeout: number }): Agent {
  return new Agent({ connect, connections: 1, pipelining: 1 });
}

/** A Date header has no fraction of a second: a difference within that second is not an offset. */
function offsetFrom(date: string | string[] | undefined, now: Date): number | undefined {
  const theirs = typeof date === 'string' ? Date.parse(date) : NaN;
  if (Number.isNaN(theirs)) return undefined;
  const difference = now.getTime() - theirs;
  return difference >= 0 && difference < 1000 ? 0 : difference;
}

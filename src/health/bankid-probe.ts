import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Agent, request } from 'undici';
import { CONFIG, type AppConfig } from '../config/config.ts';
import { mutualTls } from '../config/mutual-tls.ts';
import type { Clock } from '../kernel/clock.ts';
import { CLOCK } from '../operations/clock.ts';

const TIMEOUT_MS = 5000;
/** Any caller may check our health; BankID is called no more often than this. */
const CACHE_MS = 15_000;

export interface BankIdAnswer {
  /**
   * Our clock minus BankID's, by the Date header of its answer. That header is exact to the second, which is enough: a
   * signature's time may differ from ours by 60 seconds. Undefined when the answer has no date.
   */
  readonly clockOffsetMs: number | undefined;
}

/** Sends BankID an empty request over the same mutual TLS as real orders. It places no order and names no person. */
@Injectable()
export class BankIdProbe implements OnApplicationShutdown {
  readonly #url: string;
  readonly #agent: Agent;
  #latest: { readonly until: number; readonly answer: Promise<BankIdAnswer> } | undefined;

  constructor(
    @Inject(CONFIG) { bankid }: AppConfig,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {
    this.#url = bankid.url;
    const connect = { ...mutualTls(bankid), timeout: TIMEOUT_MS };
    this.#agent = new Agent({ connect, connections: 1, pipelining: 1 });
  }

  /** @throws when the connection or the TLS handshake fails, or at a server error; a refusal of the empty request is an answer */
  ask(): Promise<BankIdAnswer> {
    const now = this.clock.now().getTime();
    if (!this.#latest || now >= this.#latest.until) this.#latest = { until: now + CACHE_MS, answer: this.#ask() };
    return this.#latest.answer;
  }

  async onApplicationShutdown(): Promise<void> {
    await this.#agent.destroy();
  }

  async #ask(): Promise<BankIdAnswer> {
    const options = { dispatcher: this.#agent, headersTimeout: TIMEOUT_MS, bodyTimeout: TIMEOUT_MS };
    const { statusCode, headers, body } = await request(this.#url, options);
    const answeredAt = this.clock.now();
    await body.dump();
    if (statusCode >= 500) throw new Error(`BankID answered the health probe with HTTP status ${statusCode}`);
    return { clockOffsetMs: offsetFrom(headers.date, answeredAt) };
  }
}

/** A Date header has no fraction of a second: a difference within that second is not an offset. */
function offsetFrom(date: string | string[] | undefined, now: Date): number | undefined {
  const theirs = typeof date === 'string' ? Date.parse(date) : NaN;
  if (Number.isNaN(theirs)) return undefined;
  const difference = now.getTime() - theirs;
  return difference >= 0 && difference < 1000 ? 0 : difference;
}

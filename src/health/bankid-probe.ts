import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Agent, request } from 'undici';
import { CONFIG, type AppConfig, type BankIdClientKey } from '../config/config.ts';
import type { Clock } from '../kernel/clock.ts';
import { CLOCK } from '../operations/clock.ts';

const TIMEOUT_MS = 5000;
/** Any caller may check our health; BankID is called no more often than this. */
const CACHE_MS = 15_000;

export interface BankIdAnswer {
  /** Our clock minus BankID's, by the Date header of its answer: to the second, which is what matters against the
   *  60 seconds that a signature's time may differ from ours. Undefined when the answer has no date. */
  readonly clockOffsetMs: number | undefined;
}

/** Asks BankID for anything at all, over the same mutual TLS as real orders. It places no order and names no one. */
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
    const connect = { ca: bankid.tlsRoot, ...credentials(bankid.client), timeout: TIMEOUT_MS };
    this.#agent = new Agent({ connect, connections: 1, pipelining: 1 });
  }

  /** @throws when there is no connection, no mutual trust or a server error: a refusal of the empty request is an answer */
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

function credentials(client: BankIdClientKey): Record<string, unknown> {
  return client.kind === 'pem'
    ? { cert: client.cert, key: client.key.reveal() }
    : { pfx: client.pfx.reveal(), passphrase: client.passphrase.reveal() };
}

/** A Date header cuts the second off: what lies within that second is no offset. */
function offsetFrom(date: string | string[] | undefined, now: Date): number | undefined {
  const theirs = typeof date === 'string' ? Date.parse(date) : NaN;
  if (Number.isNaN(theirs)) return undefined;
  const difference = now.getTime() - theirs;
  return difference >= 0 && difference < 1000 ? 0 : difference;
}

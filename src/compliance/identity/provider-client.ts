import { Agent, request } from 'undici';
import { SECOND_MS } from '../../kernel/clock.ts';

export const PROVIDER_WITHIN_MS = 5 * SECOND_MS;
/** Metadata and keys of public providers have some ten thousand octets. */
const MAX_ANSWER_BYTES = 256 * 1024;

/** Fetches what the providers of banks publish: bounded in time and size, without credentials, and no redirect is followed. */
export class ProviderClient {
  readonly #agent: Agent;
  readonly #withinMs: number;

  constructor(withinMs = PROVIDER_WITHIN_MS) {
    this.#withinMs = withinMs;
    this.#agent = new Agent({ connect: { timeout: withinMs }, connections: 4, maxResponseSize: MAX_ANSWER_BYTES });
  }

  /** @throws Error unless the answer is 200 and JSON */
  async getJson(url: string): Promise<unknown> {
    const { statusCode, body } = await request(url, {
      method: 'GET',
      headers: { accept: 'application/json, application/jwk-set+json' },
      dispatcher: this.#agent,
      signal: AbortSignal.timeout(this.#withinMs),
    });
    if (statusCode !== 200) {
      await body.dump();
      throw new Error(`the provider answered with HTTP status ${statusCode}`);
    }
    return body.json();
  }

  async close(): Promise<void> {
    await this.#agent.destroy();
  }
}

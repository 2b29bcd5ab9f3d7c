import { Agent, request } from 'undici';

export const ANSWER_WITHIN_MS = 5000;
/** A token with its authority's certificates and CRLs; those of public authorities have some ten thousand bytes. */
const MAX_ANSWER_BYTES = 512 * 1024;

/** What is fetched from authorities of others: bounded in time and size, and no redirect is followed. */
export class AuthorityClient {
  readonly #agent: Agent;
  readonly #withinMs: number;

  constructor(withinMs = ANSWER_WITHIN_MS) {
    this.#withinMs = withinMs;
    this.#agent = new Agent({ connect: { timeout: withinMs }, connections: 4, maxResponseSize: MAX_ANSWER_BYTES });
  }

  /** Posts a TimeStampReq and returns the TimeStampResp. @throws Error if there is none @see RFC 3161 §3.4 */
  async ask(url: string, query: Buffer): Promise<Buffer> {
    const headers = { 'content-type': 'application/timestamp-query', accept: 'application/timestamp-reply' };
    return this.#fetch(url, { method: 'POST', headers, body: query }, 'application/timestamp-reply');
  }

  /** Fetches a CRL in DER. @throws Error if there is none @see RFC 2585 §4 */
  async crl(url: string): Promise<Buffer> {
    return this.#fetch(url, { method: 'GET' });
  }

  async close(): Promise<void> {
    await this.#agent.destroy();
  }

  async #fetch(url: string, options: Parameters<typeof request>[1], type?: string): Promise<Buffer> {
    const signal = AbortSignal.timeout(this.#withinMs);
    const { statusCode, headers, body } = await request(url, { ...options, dispatcher: this.#agent, signal });
    if (statusCode !== 200) {
      await body.dump();
      throw new Error(`answered with HTTP status ${statusCode}`);
    }
    const bytes = Buffer.from(await body.arrayBuffer());
    const given = String(headers['content-type']).split(';')[0];
    if (type !== undefined && given?.trim().toLowerCase() !== type) throw new Error('answered with another media type');
    return bytes;
  }
}

import { AsyncLocalStorage } from 'node:async_hooks';
import type { CustomFetch } from 'openid-client';

type Headers = readonly (readonly [string, string])[];

/** One HTTP request of a party of the sandbox, as it was sent, and its answer. */
export interface Exchange {
  readonly clientId: string;
  readonly method: string;
  readonly url: string;
  readonly headers: Headers;
  readonly body: string;
  readonly answer: {
    readonly status: number;
    readonly statusText: string;
    readonly headers: Headers;
    readonly body: Buffer;
  };
}

/** What was done, and the requests by which it was done. */
export interface Recorded<T> {
  readonly result: T;
  readonly exchanges: readonly Exchange[];
}

/** The service refused: the last exchange says how. */
export class RefusedStep extends Error {
  readonly exchanges: readonly Exchange[];

  constructor(reason: unknown, exchanges: readonly Exchange[]) {
    super(reason instanceof Error ? reason.message : 'unknown', { cause: reason });
    this.exchanges = exchanges;
  }
}

/** Keeps the requests that the sandbox's parties send while a step is done, for the page that shows the step. */
export class Recorder {
  readonly #step = new AsyncLocalStorage<Exchange[]>();

  /** A fetch for one party. */
  fetchOf(clientId: string, reach: CustomFetch): CustomFetch {
    return async (url, options) => {
      const response = await reach(url, options);
      const { method, headers, body } = options;
      this.#step.getStore()?.push({
        clientId,
        method,
        url,
        headers: Object.entries(headers),
        body: typeof body === 'string' || body instanceof URLSearchParams ? body.toString() : '',
        answer: {
          status: response.status,
          statusText: response.statusText,
          headers: [...response.headers],
          body: Buffer.from(await response.clone().arrayBuffer()),
        },
      });
      return response;
    };
  }

  /** Does one step. @throws RefusedStep */
  async record<T>(work: () => Promise<T>): Promise<Recorded<T>> {
    const exchanges: Exchange[] = [];
    try {
      return { result: await this.#step.run(exchanges, work), exchanges };
    } catch (error) {
      throw new RefusedStep(error, exchanges);
    }
  }
}

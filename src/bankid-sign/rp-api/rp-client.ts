import { request, type Agent } from 'undici';
import { isJsonObject, type JsonObject } from '../../kernel/json.ts';
import type { Metrics } from '../../operations/metrics.ts';
import {
  MalformedAnswer,
  parseCollectAnswer,
  parseDeviceAnswer,
  parsePhoneAnswer,
  type CollectAnswer,
  type StartedOrder,
} from './parse-answer.ts';
import { failureOfAnswer, failureOfError, failureWithoutJson, type RpFailure } from './rp-failure.ts';
import type { OrderBody, OrderEndpoint } from './order-body.ts';

type Endpoint = OrderEndpoint | 'collect' | 'cancel';

/** The result of a call. A failure is a value, because most failures are recorded, and none may be overlooked. */
export type RpResult<T> =
  | { readonly answered: true; readonly value: T; /** The body as received. */ readonly received: Buffer }
  | { readonly answered: false; readonly failure: RpFailure };

/**
 * BankID's Relying Party API v6 over mutual TLS, with one RP certificate.
 * @see BankID, Relying Party API v6 (`/sign`, `/auth`, `/phone/sign`, `/phone/auth`, `/collect`, `/cancel`)
 */
export class RpClient {
  constructor(
    private readonly baseUrl: string,
    private readonly agent: Agent,
    private readonly timeoutMs: number,
    private readonly metrics: Metrics,
  ) {}

  placeOrder(endpoint: OrderEndpoint, body: OrderBody): Promise<RpResult<StartedOrder>> {
    const parse = endpoint.startsWith('phone/') ? parsePhoneAnswer : parseDeviceAnswer;
    return this.#call(endpoint, { ...body }, parse);
  }

  async collect(orderRef: string): Promise<RpResult<CollectAnswer>> {
    const result = await this.#call('collect', { orderRef }, (answer) => parseCollectAnswer(answer, orderRef));
    // A final answer is given once.
    if (result.answered && result.value.status === 'failed')
      this.metrics.count('sigill_bankid_orders_failed_total', 'Orders that BankID ended without a signature', {
        hint: result.value.hintCode,
      });
    return result;
  }

  cancel(orderRef: string): Promise<RpResult<undefined>> {
    return this.#call('cancel', { orderRef }, () => undefined);
  }

  async close(): Promise<void> {
    await this.agent.destroy();
  }

  async #call<T>(endpoint: Endpoint, body: object, parse: (answer: JsonObject) => T): Promise<RpResult<T>> {
    const start = performance.now();
    const result = await this.#post(endpoint, body, parse);
    const outcome = result.answered ? 'answered' : result.failure.kind;
    const seconds = (performance.now() - start) / 1000;
    this.metrics.count('sigill_bankid_calls_total', 'Calls to BankID by outcome', { endpoint, outcome });
    this.metrics.observeSeconds('sigill_bankid_call_seconds', 'Time that BankID took', seconds, { endpoint });
    return result;
  }

  async #post<T>(endpoint: Endpoint, body: object, parse: (answer: JsonObject) => T): Promise<RpResult<T>> {
    try {
      const response = await request(new URL(endpoint, this.baseUrl), {
        method: 'POST',
        // Exactly this: with a charset parameter BankID answers 415.
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
        dispatcher: this.agent,
        signal: AbortSignal.timeout(this.timeoutMs),
      });
      const received = Buffer.from(await response.body.arrayBuffer());
      return readAnswer(response.statusCode, received, parse);
    } catch (error) {
      return { answered: false, failure: failureOfError(error) };
    }
  }
}

function readAnswer<T>(status: number, received: Buffer, parse: (answer: JsonObject) => T): RpResult<T> {
  const body = findJsonObject(received);
  if (!body) return { answered: false, failure: failureWithoutJson(status) };
  if (status !== 200) return { answered: false, failure: failureOfAnswer(status, body) };
  try {
    return { answered: true, value: parse(body), received };
  } catch (error) {
    if (!(error instanceof MalformedAnswer)) throw error;
    return { answered: false, failure: { kind: 'malformed', status, details: error.message } };
  }
}

/** The JSON object in `bytes`; undefined for anything else, whatever the content type claims. */
export function findJsonObject(bytes: Uint8Array): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

import { request } from 'undici';
import type { OrderFault, RequestFault, Endpoint } from './orders/faults.ts';
import type { OrderView } from './order-view.ts';
import type { ScenarioId } from './scenarios/scenario.ts';

export type { OrderFault, OrderView };

/** What goes wrong next; `times` is 1 by default. */
export type PlannedFault = { readonly times?: number } & (
  | { readonly next: 'connection' }
  | ({ readonly next: 'request'; readonly endpoint?: Endpoint } & LooseRequestFault)
  | ({ readonly next: 'order' } & OrderFault)
);

type Method = 'GET' | 'POST' | 'DELETE';

type LooseRequestFault =
  | Exclude<RequestFault, { readonly kind: 'error' | 'not-json' }>
  | { readonly kind: 'error'; readonly status: number; readonly errorCode?: string }
  | { readonly kind: 'not-json'; readonly status?: number };

/** Who signs; by default the required person, or Anna Andersson. */
export interface Signer {
  readonly personalNumber?: string;
  readonly name?: string;
  readonly deviceIp?: string;
  readonly risk?: string;
  /** Six digits, needed where the order requires the security code; 000000 is a wrong one. */
  readonly securityCode?: string;
}

/** The app refused: `code` is one of those in simulator/README.md. */
export class PretendAppError extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(`${code}: ${message}`);
    this.name = 'PretendAppError';
    this.status = status;
    this.code = code;
  }
}

/** What a payer does in the pretend BankID app, over its HTTP API. All methods @throws PretendAppError. */
export class PretendApp {
  readonly #appUrl: string;

  constructor(appUrl: string) {
    this.#appUrl = appUrl;
  }

  /** Reads the text of a QR frame, `bankid.<token>.<t>.<code>`. */
  scan(qr: string): Promise<OrderView> {
    return this.#order('POST', 'scan', { qr });
  }

  /** Opens the app by an autostart token, or by a launch link that holds one. */
  open(autoStartToken: string): Promise<OrderView> {
    return this.#order('POST', 'open', { autoStartToken });
  }

  /** Scans this order's QR code, on any screen that shows it. */
  scanScreen(id: string): Promise<OrderView> {
    return this.#order('POST', `orders/${id}/scan`);
  }

  /** The person opens the app, which finds the phone order that waits for them. */
  openFor(personalNumber: string): Promise<OrderView> {
    return this.#order('POST', `people/${personalNumber}/open`);
  }

  /** Answers whether the payer is in a call with the relying party; `false` ends the order. */
  answerCall(id: string, inCall: boolean): Promise<OrderView> {
    return this.#order('POST', `orders/${id}/call`, { inCall });
  }

  /** The app reads the payer's identity document, where the order asks for it. */
  readDocument(id: string): Promise<OrderView> {
    return this.#order('POST', `orders/${id}/document`);
  }

  sign(id: string, signer: Signer = {}): Promise<OrderView> {
    return this.#order('POST', `orders/${id}/sign`, signer);
  }

  cancel(id: string): Promise<OrderView> {
    return this.#order('POST', `orders/${id}/cancel`);
  }

  /** BankID ends the order with a failed hint code. */
  fail(id: string, hintCode: string): Promise<OrderView> {
    return this.#order('POST', `orders/${id}/fail`, { hintCode });
  }

  /** The payer waits; the relying party sees this pending hint code. */
  wait(id: string, hintCode = 'userSign'): Promise<OrderView> {
    return this.#order('POST', `orders/${id}/wait`, { hintCode });
  }

  getOrder(id: string): Promise<OrderView> {
    return this.#order('GET', `orders/${id}`);
  }

  /** Newest first. */
  async listOrders(): Promise<readonly OrderView[]> {
    return (await this.#call<{ orders: readonly OrderView[] }>('GET', 'orders')).orders;
  }

  async setFault(fault: PlannedFault): Promise<void> {
    await this.#call('POST', 'faults', fault);
  }

  /** Adds faults to an order that is already placed. */
  setOrderFault(id: string, fault: OrderFault): Promise<OrderView> {
    return this.#order('POST', `orders/${id}/faults`, fault);
  }

  /** Plays a scenario with the next order that is opened, or, for `maintenance`, placed; null takes it back. */
  async setNextScenario(scenario: ScenarioId | null): Promise<void> {
    await this.#call('POST', 'scenarios', { scenario });
  }

  /** Plays a scenario with every order of this person from now on; null takes it back. */
  async setScenarioOf(personalNumber: string, scenario: ScenarioId | null): Promise<void> {
    await this.#call('POST', `people/${personalNumber}/scenario`, { scenario });
  }

  /** Plays a scenario with an order that is already placed; null plays none. */
  setOrderScenario(id: string, scenario: ScenarioId | null): Promise<OrderView> {
    return this.#order('POST', `orders/${id}/scenario`, { scenario });
  }

  async clearScenarios(): Promise<void> {
    await this.#call('DELETE', 'scenarios');
  }

  async clearFaults(): Promise<void> {
    await this.#call('DELETE', 'faults');
  }

  async revoke(personalNumber: string): Promise<void> {
    await this.#call('POST', `people/${personalNumber}/revoke`);
  }

  async restore(personalNumber: string): Promise<void> {
    await this.#call('POST', `people/${personalNumber}/restore`);
  }

  /** Lets time pass for orders. */
  async advanceClock(advanceMs: number): Promise<void> {
    await this.#call('POST', 'clock', { advanceMs });
  }

  async #order(method: Method, path: string, body?: object): Promise<OrderView> {
    return (await this.#call<{ order: OrderView }>(method, path, body)).order;
  }

  async #call<T>(method: Method, path: string, body?: object): Promise<T> {
    const { statusCode, body: text } = await request(new URL(`api/${path}`, this.#appUrl), {
      method,
      headers: { 'content-type': 'application/json' },
      body: body === undefined ? null : JSON.stringify(body),
    });
    const answer = (await text.json()) as T & { readonly error?: string; readonly message?: string };
    if (statusCode >= 300) throw new PretendAppError(statusCode, answer.error ?? 'unknown', answer.message ?? '');
    return answer;
  }
}

import type { SignatureFunction } from '../pki/payer-certificates.ts';
import { orderEndpoints } from '../rp/order-request.ts';

/** What goes wrong with one connection or one request to the RP API. */
export type RequestFault =
  /** The answer is held back for `ms`, then is what it would have been. */
  | { readonly kind: 'latency'; readonly ms: number }
  /** The request is read and never answered. */
  | { readonly kind: 'hang' }
  /** `{errorCode, details}` with this status, nothing done. */
  | { readonly kind: 'error'; readonly status: number; readonly errorCode: string }
  /** A proxy's page of HTML with this status, nothing done. */
  | { readonly kind: 'not-json'; readonly status: number }
  /** The connection breaks before anything is done. */
  | { readonly kind: 'drop' }
  /** The request is carried out (a final result counts as collected), and the connection breaks before the answer. */
  | { readonly kind: 'lost-answer' };

export const endpoints = [...orderEndpoints, 'collect', 'cancel'] as const;

export type Endpoint = (typeof endpoints)[number];

/** What goes wrong with one order; what is left out goes right. */
export interface OrderFault {
  /** The OCSP response: `absent` leaves it out of completionData. */
  readonly revocation?: 'revoked' | 'unknown' | 'absent';
  /** The OCSP nonce: of `another` signature, `absent`, or 32 `random` bytes. */
  readonly nonce?: 'another' | 'absent' | 'random';
  /** The text that is signed instead of the requested one. */
  readonly visibleText?: string;
  /** Non-visible data signed instead (base64), or null for none. */
  readonly nonVisibleData?: string | null;
  /** `completionData.risk`, any word, or null for none. Without this: `low` when asked for. */
  readonly risk?: string | null;
  /** What kind of signature is made, whatever was asked for. */
  readonly function?: SignatureFunction;
  /** `srvInfo/name` of another service. */
  readonly relyingPartyName?: string;
  /** The personal number of the payer's certificate, instead of the signer's or the required one. */
  readonly personalNumber?: string;
  /** The number in completionData.user alone. */
  readonly reportedPersonalNumber?: string;
  readonly deviceIp?: string;
  /** `completionData.bankIdIssueDate`, any text, or null for none. Without this: the day on which the certificate became valid. */
  readonly bankIdIssueDate?: string | null;
  /** `completionData.stepUp.mrtd`, or null for no `stepUp`. Without this: true when a document was asked for. */
  readonly mrtd?: boolean | null;
  /** The hint code of every pending answer. */
  readonly pendingHint?: string;
  /** Signing fails with this hint code. */
  readonly failedHint?: string;
  /** For so long after the signature, collects still say that it is pending. */
  readonly answerAfterMs?: number;
  /** The person says that there is no such call, even if the app is then told to sign. */
  readonly declinesCall?: true;
  /** The order is not taken: 503 Maintenance. */
  readonly inMaintenance?: true;
  /** By how many milliseconds the time in the OCSP response is wrong. */
  readonly ocspOffsetMs?: number;
  /** One bit of SignatureValue is wrong. */
  readonly brokenSignature?: true;
}

interface Planned<T> {
  readonly value: T;
  times: number;
}

/** Planned faults: the first planned is the first used. */
export class Faults {
  #connections = 0;
  #requests: (Planned<RequestFault> & { readonly endpoint: Endpoint | undefined })[] = [];
  #orders: Planned<OrderFault>[] = [];

  /** The next `times` TLS connections hang before the handshake. */
  planConnectionHang(times: number): void {
    this.#connections += times;
  }

  planRequest(value: RequestFault, endpoint: Endpoint | undefined, times: number): void {
    this.#requests.push({ value, endpoint, times });
  }

  planOrder(value: OrderFault, times: number): void {
    this.#orders.push({ value, times });
  }

  clear(): void {
    this.#connections = 0;
    this.#requests = [];
    this.#orders = [];
  }

  takeConnectionHang(): boolean {
    if (this.#connections === 0) return false;
    this.#connections -= 1;
    return true;
  }

  /** `isFinal`: whether the request is a collect whose answer will be final. A lost collect is a lost final answer. */
  takeRequest(endpoint: Endpoint, isFinal: boolean): RequestFault | undefined {
    const index = this.#requests.findIndex(
      (plan) =>
        (plan.endpoint ?? endpoint) === endpoint &&
        (plan.value.kind !== 'lost-answer' || endpoint !== 'collect' || isFinal),
    );
    return take(this.#requests, index);
  }

  takeOrder(): OrderFault {
    return take(this.#orders, 0) ?? {};
  }

  /** How many of each still wait. */
  waiting(): { readonly connections: number; readonly requests: number; readonly orders: number } {
    const total = (plans: readonly { readonly times: number }[]): number =>
      plans.reduce((sum, plan) => sum + plan.times, 0);
    return { connections: this.#connections, requests: total(this.#requests), orders: total(this.#orders) };
  }
}

function take<T>(plans: Planned<T>[], index: number): T | undefined {
  const plan = plans[index];
  if (!plan) return undefined;
  plan.times -= 1;
  if (plan.times <= 0) plans.splice(index, 1);
  return plan.value;
}

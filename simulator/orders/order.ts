import type { OrderRequest } from '../rp/order-request.ts';
import type { RelyingParty } from '../rp/relying-party.ts';
import type { ScenarioId } from '../scenarios/scenario.ts';
import type { OrderFault } from './faults.ts';

/** `completionData` as the wire has it. */
export interface CompletionData {
  readonly user: {
    readonly personalNumber: string;
    readonly name: string;
    readonly givenName: string;
    readonly surname: string;
  };
  readonly device: { readonly ipAddress: string; readonly uhi: string };
  readonly bankIdIssueDate?: string;
  readonly stepUp?: { readonly mrtd: boolean };
  readonly signature: string;
  readonly ocspResponse?: string;
  readonly risk?: string;
}

/** What the app asks the payer for, one after the other. */
export type Ask = 'call' | 'document' | 'signature';

export type StartedBy = 'qr' | 'autostart' | 'phone';

/** Times are milliseconds of the orders' time (simulator-time.ts). */
export type OrderState =
  | {
      readonly status: 'pending';
      readonly hintCode: string;
      readonly startedAt: number | undefined;
      /** What the app asks the payer for; undefined until it has been opened. */
      readonly asks: Ask | undefined;
      readonly busy: boolean;
    }
  | { readonly status: 'failed'; readonly hintCode: string; readonly at: number }
  | { readonly status: 'complete'; readonly completionData: CompletionData; readonly at: number }
  /** Ended by the relying party: unknown to it from now on. */
  | { readonly status: 'cancelled'; readonly at: number };

/** What starts the app for an order. */
export interface StartTokens {
  readonly autoStartToken: string;
  readonly qrStartToken: string;
  readonly qrStartSecret: string;
}

export interface Order {
  readonly orderRef: string;
  /** Undefined for a phone order, which the app finds by its person. */
  readonly tokens: StartTokens | undefined;
  /** Who placed it; it is unknown to any other. */
  readonly relyingParty: RelyingParty;
  readonly request: OrderRequest;
  readonly placedAt: number;
  /** The wall-clock time, in milliseconds, from which QR frames are counted. */
  readonly qrEpochMs: number;
  fault: OrderFault;
  /** The scenario that is played, and what the faults were without it. */
  scenario: { readonly id: ScenarioId; readonly faultBefore: OrderFault } | undefined;
  state: OrderState;
  startedBy: StartedBy | undefined;
  wrongCodes: number;
  /** A final result is given once. */
  collected: boolean;
}

const SECOND_MS = 1000;
export const limits = {
  startMs: 30 * SECOND_MS,
  signMs: 180 * SECOND_MS,
  keepCompleteMs: 180 * SECOND_MS,
  keepFailedMs: 300 * SECOND_MS,
  forgetMs: 600 * SECOND_MS,
} as const;

/**
 * Lets the time that has passed take effect: startFailed after 30 s, expired 3 minutes after the start. A phone order waits 3 minutes
 * for its person to open the app, and then is expired too.
 */
export function ageOrder(order: Order, now: number): void {
  const { state } = order;
  if (state.status !== 'pending') return;
  const waitsForToken = state.startedAt === undefined && order.tokens !== undefined;
  const endsAt = (state.startedAt ?? order.placedAt) + (waitsForToken ? limits.startMs : limits.signMs);
  if (now >= endsAt) failOrder(order, waitsForToken ? 'startFailed' : 'expiredTransaction', endsAt);
}

export function failOrder(order: Order, hintCode: string, now: number): void {
  order.state = { status: 'failed', hintCode, at: now };
}

/** Whether a collect says how it ended. A fault may hold back the answer to a signature. */
export function isAnswered({ state, fault }: Order, now: number): boolean {
  if (state.status === 'pending') return false;
  return state.status !== 'complete' || now - state.at >= (fault.answerAfterMs ?? 0);
}

/** Whether the relying party may still collect. */
export function isCollectable(order: Order, now: number): boolean {
  const { state } = order;
  switch (state.status) {
    case 'pending':
      return true;
    case 'complete':
      return !order.collected && now - state.at < limits.keepCompleteMs;
    case 'failed':
      return !order.collected && now - state.at < limits.keepFailedMs;
    case 'cancelled':
      return false;
  }
}

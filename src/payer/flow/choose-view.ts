import type { Progress } from '../../bankid-sign/sign-order.ts';
import type { EndReason } from '../../consent/consent.ts';
import type { InteractionStatus } from '../../consent/signing.ts';
import { addMs } from '../../kernel/clock.ts';
import { REDEEM_MS, type LoginEndReason } from '../../login/login.ts';
import type { LoginStatus } from '../../login/login-signing.ts';
import type { Ending } from '../pages/ending-pages.ts';

/** The page for the state of an interaction. */
export type View =
  | 'payment'
  | 'qr'
  | 'launch'
  | 'wait'
  | 'checking'
  | 'cancelled'
  | 'try-again'
  | 'unopened'
  | 'renew'
  | 'paused'
  | 'authorised'
  | Ending;

/** How far an interaction has come, of whichever purpose. */
export type Status = InteractionStatus | LoginStatus;

/** The page for a bound interaction. `now`: what has run out has expired, even before the sweeper marks it. */
export function chooseView(status: Status, now: Date): View {
  return 'consent' in status ? chooseConsentView(status, now) : chooseLoginView(status, now);
}

/** The moment after which the person can no longer answer. */
export function expiryOf(status: Status): Date {
  return 'consent' in status ? status.consent.expiresAt : status.login.expiresAt;
}

function chooseConsentView(status: InteractionStatus, now: Date): View {
  const { consent } = status;
  switch (consent.state) {
    case 'awaiting-authorisation':
      return chooseSigningView(status, now);
    case 'authorised':
      return consent.expiresAt > now ? 'authorised' : 'expired';
    case 'consumed':
      return 'done';
    case 'rejected':
    case 'expired':
    case 'revoked':
      return consent.reason === undefined ? 'expired' : endings[consent.reason];
  }
}

const endings: Readonly<Record<EndReason, Ending>> = {
  declined: 'declined',
  attempts: 'attempts',
  'order-failed': 'attempts',
  signature: 'signature',
  risk: 'risk',
  'device-not-bound': 'device',
  'bank-policy': 'policy',
  'no-authorisation': 'expired',
  'no-return': 'expired',
  'no-consumption': 'expired',
  tpp: 'revoked',
  bank: 'revoked',
  'code-reused': 'revoked',
};

function chooseLoginView(status: LoginStatus, now: Date): View {
  const { state, reason, endedAt } = status.login;
  switch (state) {
    case 'awaiting':
      return chooseSigningView(status, now);
    case 'authenticated':
      return endedAt !== undefined && addMs(endedAt, REDEEM_MS) > now ? 'authorised' : 'expired';
    case 'rejected':
    case 'expired':
    case 'cancelled':
      return reason === undefined ? 'expired' : loginEndings[reason];
  }
}

const loginEndings: Readonly<Record<LoginEndReason, Ending>> = {
  declined: 'declined',
  'order-failed': 'signature',
  attempts: 'attempts',
  signature: 'signature',
  risk: 'risk',
  'device-not-bound': 'device',
  'no-authentication': 'expired',
  client: 'revoked',
  superseded: 'revoked',
};

function chooseSigningView(status: Status, now: Date): View {
  const { progress, attemptsLeft, pausedUntil } = status;
  // A signature that came in time is settled, even after the expiry.
  if (progress?.state === 'complete') return 'checking';
  if (expiryOf(status) <= now) return 'expired';
  if (progress !== undefined && progress.state !== 'failed') return chooseOpenView(progress);
  // The following pages have buttons, but none that would be refused.
  if (attemptsLeft <= 0) return 'attempts';
  if (pausedUntil !== undefined && pausedUntil > now) return 'paused';
  return progress === undefined ? 'payment' : chooseFailedView(progress);
}

function chooseFailedView({ failure, device }: Progress): View {
  if (failure === 'withdrawn') return 'cancelled';
  if (failure !== 'startFailed') return 'try-again';
  return device === 'this' ? 'unopened' : 'renew';
}

function chooseOpenView({ device, qr, state, hintCode }: Progress): View {
  if (device === 'other') return qr || state === 'starting' ? 'qr' : 'wait';
  return unopened.has(hintCode) ? 'launch' : 'wait';
}

/** The BankID app has not been started yet. */
const unopened: ReadonlySet<string | undefined> = new Set([undefined, 'outstandingTransaction', 'noClient']);

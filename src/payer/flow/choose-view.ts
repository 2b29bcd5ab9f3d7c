import type { Progress } from '../../bankid-sign/sign-order.ts';
import type { EndReason } from '../../consent/consent.ts';
import type { InteractionStatus } from '../../consent/signing.ts';
import type { Ending } from '../pages/ending-pages.ts';

/** The page for the state of an interaction. */
export type View =
  'payment' | 'qr' | 'launch' | 'wait' | 'checking' | 'try-again' | 'renew' | 'paused' | 'authorised' | Ending;

/** The page for a bound interaction. `now`: a consent whose time is up has expired, even before the sweeper marks it. */
export function chooseView(status: InteractionStatus, now: Date): View {
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

function chooseSigningView({ consent, progress, attemptsLeft, pausedUntil }: InteractionStatus, now: Date): View {
  // A signature that came in time is settled, even after the expiry.
  if (progress?.state === 'complete') return 'checking';
  if (consent.expiresAt <= now) return 'expired';
  if (progress !== undefined && progress.state !== 'failed') return chooseOpenView(progress);
  // The following pages have buttons, but none that would be refused.
  if (attemptsLeft <= 0) return 'attempts';
  if (pausedUntil !== undefined && pausedUntil > now) return 'paused';
  return progress === undefined ? 'payment' : chooseFailedView(progress);
}

function chooseFailedView({ failure, device }: Progress): View {
  if (failure === 'withdrawn') return 'payment';
  return failure === 'startFailed' && device === 'other' ? 'renew' : 'try-again';
}

function chooseOpenView({ device, qr, state, hintCode }: Progress): View {
  if (device === 'other') return qr || state === 'starting' ? 'qr' : 'wait';
  return unopened.has(hintCode) ? 'launch' : 'wait';
}

/** The BankID app has not been started yet. */
const unopened: ReadonlySet<string | undefined> = new Set([undefined, 'outstandingTransaction', 'noClient']);

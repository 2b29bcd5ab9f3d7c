import { SECOND_MS } from '../../kernel/clock.ts';
import type { Environment } from '../../kernel/environment.ts';
import type { Html } from '../../kernel/web/html.ts';
import type { Consent } from '../../consent/consent.ts';
import type { InteractionStatus } from '../../consent/signing.ts';
import { authorisedPage, endedPage } from '../pages/ending-pages.ts';
import type { InteractionContext } from '../pages/facts.ts';
import {
  checkingPage,
  launchPage,
  pausedPage,
  paymentPage,
  qrPage,
  renewPage,
  tryAgainPage,
  waitPage,
} from '../pages/signing-pages.ts';
import type { Visitor } from '../http/visitor.ts';
import { chooseView } from './choose-view.ts';
import { messageOf, versionOf } from './status-answer.ts';

/** The page of a bound interaction. Only the page that shows the launch link opens its seal. */
export function showBound(
  status: InteractionStatus,
  visitor: Visitor,
  surroundings: { readonly environment: Environment; readonly now: Date },
  launchLink: () => string | undefined,
): Html {
  const view = chooseView(status, surroundings.now);
  const context = interactionContext(status.consent, visitor, surroundings.environment, versionOf(view, status));
  const message = status.progress && messageOf(status.progress, visitor.language);
  switch (view) {
    case 'payment':
      return paymentPage(context);
    case 'qr':
      return qrPage(context, message);
    case 'launch':
      return launchPage(context, launchLink(), message);
    case 'wait':
      return waitPage(context, message);
    case 'checking':
      return checkingPage(context);
    case 'try-again':
      return tryAgainPage(context, message, status.attemptsLeft);
    case 'renew':
      return renewPage(context, message);
    case 'paused':
      return pausedPage(context, {
        waitSeconds: secondsUntil(status.pausedUntil, surroundings.now),
        outlastsRequest: status.pausedUntil !== undefined && status.pausedUntil >= status.consent.expiresAt,
      });
    case 'authorised':
      return authorisedPage(context);
    default:
      return endedPage(context, view);
  }
}

function secondsUntil(at: Date | undefined, now: Date): number {
  return at === undefined ? 0 : Math.ceil((at.getTime() - now.getTime()) / SECOND_MS);
}

/** The page before the interaction is bound; a link preview sees the same and changes nothing. */
export function showUnbound(
  consent: Consent,
  visitor: Visitor,
  surroundings: { readonly environment: Environment; readonly isOpen: boolean },
): Html {
  const context = interactionContext(consent, visitor, surroundings.environment, 'payment');
  if (surroundings.isOpen) return paymentPage(context);
  return endedPage(context, consent.state === 'revoked' ? 'revoked' : 'expired');
}

function interactionContext(
  consent: Consent,
  visitor: Visitor,
  environment: Environment,
  version: string,
): InteractionContext {
  const { interactionId, tpp, bankName, initiation, creditorNameVerification, expiresAt } = consent;
  return {
    language: visitor.language,
    environment,
    version,
    path: `/pay/${interactionId}`,
    returnPath: `/authorize/${interactionId}/return`,
    prefersThisDevice: /Android|iPhone|iPad|Mobile/.test(visitor.userAgent),
    payment: {
      tppName: tpp.name,
      authorisationNumber: tpp.authorisationNumber,
      bankName,
      initiation,
      creditorNameVerification,
      expiresAt,
    },
  };
}

import { SECOND_MS } from '../../kernel/clock.ts';
import type { Html } from '../../kernel/web/html.ts';
import { authorisedPage, endedPage } from '../pages/ending-pages.ts';
import {
  checkingPage,
  launchPage,
  pausedPage,
  qrPage,
  renewPage,
  startPage,
  tryAgainPage,
  waitPage,
} from '../pages/signing-pages.ts';
import type { Visitor } from '../http/visitor.ts';
import { chooseView, expiryOf, type Status } from './choose-view.ts';
import { contextOf, type Subject, type Surroundings } from './page-context.ts';
import { messageOf, versionOf } from './status-answer.ts';

/** The page of a bound interaction. Only the page that shows the launch link opens its seal. */
export function showBound(
  status: Status,
  visitor: Visitor,
  surroundings: Surroundings & { readonly now: Date },
  launchLink: () => string | undefined,
): Html {
  const view = chooseView(status, surroundings.now);
  const context = contextOf(status, visitor, surroundings, versionOf(view, status));
  const message = status.progress && messageOf(status.progress, visitor.language);
  switch (view) {
    case 'payment':
      return startPage(context);
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
        outlastsRequest: status.pausedUntil !== undefined && status.pausedUntil >= expiryOf(status),
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
  subject: Subject,
  visitor: Visitor,
  surroundings: Surroundings & { readonly isOpen: boolean },
): Html {
  const context = contextOf(subject, visitor, surroundings, 'payment');
  if (surroundings.isOpen) return startPage(context);
  return endedPage(context, 'consent' in subject && subject.consent.state === 'revoked' ? 'revoked' : 'expired');
}

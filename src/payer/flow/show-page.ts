import { userMessage } from '../../bankid-sign/user-messages.ts';
import { SECOND_MS } from '../../kernel/clock.ts';
import type { Html } from '../../kernel/web/html.ts';
import { authorisedPage, endedPage } from '../pages/ending-pages.ts';
import {
  cancelledPage,
  checkingPage,
  launchPage,
  pausedPage,
  qrPage,
  renewPage,
  startPage,
  tryAgainPage,
  unopenedPage,
  waitPage,
} from '../pages/signing-pages.ts';
import type { UserMessage } from '../pages/facts.ts';
import type { Language } from '../../design/language.ts';
import type { Visitor } from '../http/visitor.ts';
import { chooseView, expiryOf, type Status } from './choose-view.ts';
import { contextOf, type Subject, type Surroundings } from './page-context.ts';
import { messageOf, versionOf } from './status-answer.ts';

/** The page of a bound interaction. The seal of the launch link is opened for the page that shows it alone. */
export function showBound(
  status: Status,
  visitor: Visitor,
  surroundings: Surroundings & { readonly now: Date },
  launchLink: () => string | undefined,
): Html {
  const view = chooseView(status, surroundings.now);
  const context = contextOf(status, visitor, surroundings, {
    version: versionOf(view, status),
    secondsLeft: secondsUntil(expiryOf(status), surroundings.now),
  });
  const message = messageOf(view, status, visitor.language);
  switch (view) {
    case 'payment':
      return startPage(context);
    case 'qr':
      return qrPage(context, secondsUntil(status.progress?.renewableUntil, surroundings.now));
    case 'launch':
      return launchPage(context, launchLink(), opening(visitor.language));
    case 'wait':
      return waitPage(context, message);
    case 'checking':
      return checkingPage(context);
    case 'cancelled':
      return cancelledPage(context);
    case 'unopened':
      return unopenedPage(context);
    case 'try-again':
      return tryAgainPage(context, message, status.attemptsLeft);
    case 'renew':
      return renewPage(context);
    case 'paused':
      return pausedPage(context, pauseOf(status, surroundings.now));
    case 'authorised':
      return authorisedPage(context);
    default:
      return endedPage(context, view);
  }
}

function pauseOf(status: Status, now: Date): Parameters<typeof pausedPage>[1] {
  const { pausedUntil } = status;
  return {
    waitSeconds: secondsUntil(pausedUntil, now),
    outlastsRequest: pausedUntil !== undefined && pausedUntil >= expiryOf(status),
  };
}

/** What the page says once the link was pressed. */
function opening(language: Language): UserMessage {
  return { code: 'RFA13', text: userMessage('RFA13', language) };
}

function secondsUntil(at: Date | undefined, now: Date): number {
  return at === undefined ? 0 : Math.max(0, Math.ceil((at.getTime() - now.getTime()) / SECOND_MS));
}

/**
 * The page before the interaction is bound; a link preview sees the same and changes nothing.
 * @param closesAt until when a browser may begin; undefined for an interaction that has ended
 */
export function showUnbound(
  subject: Subject,
  visitor: Visitor,
  surroundings: Surroundings & { readonly now: Date; readonly closesAt: Date | undefined },
): Html {
  const { now, closesAt } = surroundings;
  const secondsLeft = secondsUntil(closesAt, now);
  const context = contextOf(subject, visitor, surroundings, { version: 'payment', secondsLeft });
  const isOpen = closesAt !== undefined && now < closesAt;
  if (isOpen) return startPage({ ...context, asked: { ...context.asked, expiresAt: closesAt } });
  return endedPage(context, 'consent' in subject && subject.consent.state === 'revoked' ? 'revoked' : 'expired');
}

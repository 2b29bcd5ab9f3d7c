import type { Progress } from '../../bankid-sign/sign-order.ts';
import { userMessage } from '../../bankid-sign/user-messages.ts';
import type { UserMessage } from '../pages/facts.ts';
import type { Language } from '../../design/language.ts';
import type { Shown } from '../http/waiting-caller.ts';
import { chooseView, type Status, type View } from './choose-view.ts';

/** What the page's script asks for. No personal data, no secret, nothing that the page itself does not show. */
export interface StatusAnswer {
  readonly view: View;
  /** Changes when the page must be another. */
  readonly version: string;
  readonly rfa: string;
  readonly message: string;
}

export function isShown({ version, rfa }: StatusAnswer, shown: Shown | undefined): boolean {
  return shown?.version === version && shown.rfa === rfa;
}

export function statusAnswer(status: Status, now: Date, language: Language): StatusAnswer {
  const view = chooseView(status, now);
  const message = status.progress && messageOf(status.progress, language);
  return { view, version: versionOf(view, status), rfa: message?.code ?? '', message: message?.text ?? '' };
}

/** BankID's message for the latest order. */
export function messageOf(progress: Progress, language: Language): UserMessage {
  const hint = progress.failure ?? progress.hintCode;
  return { code: progress.messageCode, text: userMessage(progress.messageCode, language, hint, progress.kind) };
}

/** A launch link belongs to one order, and the attempts that are left to one failure; a QR code is renewed in its place. */
export function versionOf(view: View, { progress, attemptsLeft }: Status): string {
  if (view === 'launch') return `launch.${progress?.orderId ?? ''}`;
  return view === 'try-again' ? `try-again.${attemptsLeft}` : view;
}

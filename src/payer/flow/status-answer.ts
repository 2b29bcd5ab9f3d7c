import { userMessage } from '../../bankid-sign/user-messages.ts';
import type { UserMessage } from '../pages/facts.ts';
import type { Language } from '../../design/language.ts';
import type { Shown } from '../http/waiting-caller.ts';
import { chooseView, type Status, type View } from './choose-view.ts';

/** What the page's script asks for. No personal data, and nothing that the page itself does not show. */
export interface StatusAnswer {
  readonly view: View;
  /** Changes when the page must be another. */
  readonly version: string;
  readonly rfa: string;
  readonly message: string;
  /** What opens BankID on this device, while it can be opened: it takes the place of the page's. */
  readonly link?: string;
}

export function isShown({ version, rfa }: StatusAnswer, shown: Shown | undefined): boolean {
  return shown?.version === version && shown.rfa === rfa;
}

export function statusAnswer(
  status: Status,
  now: Date,
  language: Language,
  launchLink: () => string | undefined,
): StatusAnswer {
  const view = chooseView(status, now);
  const message = messageOf(view, status, language);
  const link = view === 'launch' ? launchLink() : undefined;
  return {
    view,
    version: versionOf(view, status),
    rfa: message?.code ?? '',
    message: message?.text ?? '',
    ...(link !== undefined && { link }),
  };
}

/** BankID's message for the latest order. Until the app is opened there is none: the page itself says how to open it. */
export function messageOf(view: View, { progress }: Status, language: Language): UserMessage | undefined {
  if (progress === undefined || view === 'launch' || view === 'qr') return undefined;
  const hint = progress.failure ?? progress.hintCode;
  return { code: progress.messageCode, text: userMessage(progress.messageCode, language, hint, progress.kind) };
}

/** A link belongs to one order, and the attempts that are left to one failure; a QR code is renewed in its place. */
export function versionOf(view: View, { progress, attemptsLeft }: Status): string {
  if (view === 'launch') return `launch.${progress?.start?.orderId ?? ''}`;
  return view === 'try-again' ? `try-again.${attemptsLeft}` : view;
}

import type { BrowserCookie } from '../attempts/browser-cookie.ts';
import type { Device } from '../bankid-sign/sign-order.ts';
import type { InteractionId } from '../kernel/ids.ts';
import type { Html } from '../kernel/web/html.ts';
import type { StatusAnswer } from './flow/status-answer.ts';
import type { Visitor } from './http/visitor.ts';
import type { WaitingCaller } from './http/waiting-caller.ts';

/** The person's side of an interaction: what to show, and what the buttons do. */
export interface InteractionPages {
  /** The page as it is now. One that a browser has bound is shown to that browser only. @throws DomainError `browser.not-bound` */
  show(interactionId: InteractionId, visitor: Visitor): Promise<Html>;
  /** This second's QR code as SVG. @throws DomainError `browser.not-bound`; `order.not-found` if there is nothing to scan */
  getQrCode(interactionId: InteractionId, visitor: Visitor): Promise<string>;
  /** Enters a press of the button; what it returns makes its order at BankID. The first press binds the browser. */
  press(browser: PressingBrowser, device: Device, visitor: Visitor): Promise<() => Promise<void>>;
  /** @throws DomainError `browser.not-bound`, `bankid.unavailable` */
  cancel(interactionId: InteractionId, visitor: Visitor): Promise<void>;
  /** Ends the interaction. The first POST binds: `keep` gives the browser its cookie before anything can fail. */
  decline(interactionId: InteractionId, visitor: Visitor, keep: (cookie: BrowserCookie) => void): Promise<void>;
  /**
   * The BankID app opened the returnUrl. Many browsers lose its parameters; without a nonce this only leads to the page.
   * @throws DomainError `browser.not-bound`
   */
  recordReturn(interactionId: InteractionId, visitor: Visitor, nonce: unknown): Promise<void>;
}

/** A browser whose person presses a button. */
export interface PressingBrowser {
  readonly interactionId: InteractionId;
  readonly cookie: BrowserCookie;
  readonly deviceIdentifier: string;
}

/** What the script of a page asks for while the person is in the BankID app. */
export interface StatusPages {
  getStatus(interactionId: InteractionId, visitor: Visitor, caller: WaitingCaller): Promise<StatusAnswer>;
}

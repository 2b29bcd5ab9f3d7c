import { Inject, Injectable } from '@nestjs/common';
import type { BrowserCookie } from '../attempts/browser-cookie.ts';
import type { Device } from '../bankid-sign/sign-order.ts';
import { CONFIG, type AppConfig } from '../config/config.ts';
import type { Consent } from '../consent/consent.ts';
import { Consents } from '../consent/consents.ts';
import { Interactions } from '../consent/interactions.ts';
import { lifetimes } from '../consent/lifetimes.ts';
import { Signing } from '../consent/signing.ts';
import { addMs, earlierOf, type Clock } from '../kernel/clock.ts';
import { DomainError } from '../kernel/errors.ts';
import type { Html } from '../kernel/web/html.ts';
import { drawQrCode } from '../kernel/web/qr-picture.ts';
import type { InteractionId } from '../kernel/ids.ts';
import { CLOCK } from '../operations/clock.ts';
import { pressRequest } from './flow/press-request.ts';
import { showBound, showUnbound } from './flow/show-page.ts';
import type { Visitor } from './http/visitor.ts';
import type { InteractionPages, PressingBrowser } from './interaction-pages.ts';

/** The payer's side of a payment: what to show, and what the buttons do. */
@Injectable()
export class PayerService implements InteractionPages {
  constructor(
    private readonly consents: Consents,
    private readonly interactions: Interactions,
    private readonly signing: Signing,
    @Inject(CONFIG) private readonly config: AppConfig,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * The page as it is now. An interaction that a browser has bound is shown to that browser only.
   * @throws DomainError `browser.not-bound`, `consent.altered`
   */
  async show(interactionId: InteractionId, visitor: Visitor): Promise<Html> {
    const { environment, branding } = this.config;
    const watched = await this.consents.findWatched(interactionId, visitor.cookie);
    if (!watched) {
      const consent = await this.interactions.getInteraction(interactionId);
      await this.signing.checkAttested(consent);
      return showUnbound({ consent }, visitor, {
        environment,
        branding,
        now: this.clock.now(),
        closesAt: closesAt(consent),
      });
    }
    await this.signing.checkAttested(watched.consent);
    const status = await this.signing.getLaunchable(watched);
    return showBound(status, visitor, { environment, branding, now: this.clock.now() }, () =>
      this.signing.launchLink(status, visitor.userAgent),
    );
  }

  /**
   * This second's QR code as SVG.
   * @throws DomainError `browser.not-bound`; `order.not-found` if there is nothing to scan
   */
  async getQrCode(interactionId: InteractionId, visitor: Visitor): Promise<string> {
    const watched = await this.consents.checkWatched(interactionId, visitor.cookie);
    const frame = await this.signing.findQrFrame(watched);
    if (frame === undefined) throw new DomainError('order.not-found');
    return drawQrCode(frame);
  }

  /** @throws DomainError as {@link Signing.press}; when the order is made, as {@link Signing.startSigning} */
  async press(browser: PressingBrowser, device: Device, visitor: Visitor): Promise<() => Promise<void>> {
    const { interactionId, cookie, deviceIdentifier } = browser;
    const path = `/pay/${interactionId}`;
    const request = pressRequest(this.config, visitor, { path, device, deviceIdentifier });
    const press = await this.signing.press({ interactionId, cookie }, request);
    return async () => {
      await this.signing.startSigning(press);
    };
  }

  /** @throws DomainError `browser.not-bound`, `bankid.unavailable` */
  async cancel(interactionId: InteractionId, visitor: Visitor): Promise<void> {
    await this.signing.cancelSigning(await this.consents.checkBrowser(interactionId, visitor.cookie));
  }

  /** @throws DomainError `consent.not-awaiting-authorisation`; as {@link Interactions.bindBrowser} */
  async decline(interactionId: InteractionId, visitor: Visitor, keep: (cookie: BrowserCookie) => void): Promise<void> {
    const { bound } = await this.interactions.bindBrowser(interactionId, visitor.cookie);
    keep(bound.cookie);
    await this.interactions.decline(bound);
  }

  /**
   * The BankID app opened the returnUrl. Many browsers lose its parameters; without a nonce this only leads to the page.
   * @throws DomainError `browser.not-bound`
   */
  async recordReturn(interactionId: InteractionId, visitor: Visitor, nonce: unknown): Promise<void> {
    await this.interactions.recordReturn(interactionId, visitor.cookie, typeof nonce === 'string' ? nonce : undefined);
  }
}

/** Until when a browser may begin; undefined where none may, as it has ended. */
function closesAt({ state, createdAt, expiresAt }: Consent): Date | undefined {
  return state === 'awaiting-authorisation' ? earlierOf(expiresAt, addMs(createdAt, lifetimes.firstPostMs)) : undefined;
}

import { Inject, Injectable } from '@nestjs/common';
import QRCode from 'qrcode';
import type { Device } from '../bankid-sign/sign-order.ts';
import { CONFIG, type AppConfig } from '../config/config.ts';
import type { BoundInteraction, Browser, Consent } from '../consent/consent.ts';
import { Consents } from '../consent/consents.ts';
import { Interactions } from '../consent/interactions.ts';
import { lifetimes } from '../consent/lifetimes.ts';
import { Signing, type Press } from '../consent/signing.ts';
import { addMs, type Clock } from '../kernel/clock.ts';
import { DomainError } from '../kernel/errors.ts';
import type { Html } from '../kernel/web/html.ts';
import type { InteractionId } from '../kernel/ids.ts';
import { CLOCK } from '../operations/clock.ts';
import { showBound, showUnbound } from './flow/show-page.ts';
import { parseEndUserIp } from './http/end-user-ip.ts';
import { returnLink } from './http/return-link.ts';
import type { Visitor } from './http/visitor.ts';

/** The payer's side of a payment: what to show, and what the buttons do. */
@Injectable()
export class PayerService {
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
    const { environment } = this.config;
    const bound = await this.consents.findBound(interactionId, visitor.cookie);
    if (!bound) {
      const consent = await this.interactions.getInteraction(interactionId);
      await this.signing.checkAttested(consent);
      return showUnbound(consent, visitor, { environment, isOpen: this.#isOpen(consent) });
    }
    await this.signing.checkAttested(bound.consent);
    const status = await this.signing.getStatus(bound);
    return showBound(status, visitor, { environment, now: this.clock.now() }, () =>
      this.signing.launchLink(status, visitor.userAgent),
    );
  }

  /**
   * This second's QR code as SVG.
   * @throws DomainError `browser.not-bound`; `order.not-found` if there is nothing to scan
   */
  async getQrCode(interactionId: InteractionId, visitor: Visitor): Promise<string> {
    const bound = await this.consents.checkBrowser(interactionId, visitor.cookie);
    const frame = await this.signing.findQrFrame(bound);
    if (frame === undefined) throw new DomainError('order.not-found');
    return QRCode.toString(frame, { type: 'svg', errorCorrectionLevel: 'L', margin: 0 });
  }

  /** The first POST binds. @throws DomainError as {@link Interactions.bindBrowser} */
  async bind(interactionId: InteractionId, visitor: Visitor): Promise<BoundInteraction> {
    const { bound } = await this.interactions.bindBrowser(interactionId, visitor.cookie);
    return bound;
  }

  /** @throws DomainError as {@link Signing.press} */
  press(browser: Browser, device: Device, visitor: Visitor, deviceIdentifier: string): Promise<Press> {
    const { interactionId } = browser;
    return this.signing.press(browser, {
      device,
      language: visitor.language,
      endUserIp: parseEndUserIp(visitor.address),
      userAgent: visitor.userAgent,
      deviceIdentifier,
      returnUrl: (nonce) => this.#wayBack(`/pay/${interactionId}/back?nonce=${nonce}`, visitor),
    });
  }

  /** @throws DomainError as {@link Signing.startSigning} */
  async start(press: Press): Promise<void> {
    await this.signing.startSigning(press);
  }

  /** @throws DomainError `browser.not-bound`, `bankid.unavailable` */
  async cancel(interactionId: InteractionId, visitor: Visitor): Promise<void> {
    await this.signing.cancelSigning(await this.consents.checkBrowser(interactionId, visitor.cookie));
  }

  /** @throws DomainError `consent.not-awaiting-authorisation` */
  async decline(bound: BoundInteraction): Promise<void> {
    await this.interactions.decline(bound);
  }

  /**
   * The BankID app opened the returnUrl. Many browsers lose its parameters; without a nonce this only leads to the page.
   * @throws DomainError `browser.not-bound`
   */
  async recordReturn(interactionId: InteractionId, visitor: Visitor, nonce: unknown): Promise<void> {
    await this.interactions.recordReturn(interactionId, visitor.cookie, typeof nonce === 'string' ? nonce : undefined);
  }

  /** The sandbox's app is a page in the payer's own browser. */
  #wayBack(path: string, { userAgent }: Visitor): string {
    const url = `${this.config.issuer}${path}`;
    return this.config.bankid.appUrl === undefined ? returnLink(url, userAgent) : url;
  }

  #isOpen({ state, createdAt, expiresAt }: Consent): boolean {
    const now = this.clock.now();
    return state === 'awaiting-authorisation' && now < expiresAt && now < addMs(createdAt, lifetimes.firstPostMs);
  }
}

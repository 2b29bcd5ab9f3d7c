import { Inject, Injectable } from '@nestjs/common';
import type { BrowserCookie } from '../attempts/browser-cookie.ts';
import type { Device } from '../bankid-sign/sign-order.ts';
import { CONFIG, type AppConfig } from '../config/config.ts';
import { addMs, earlierOf, type Clock } from '../kernel/clock.ts';
import { DomainError } from '../kernel/errors.ts';
import type { InteractionId } from '../kernel/ids.ts';
import type { Html } from '../kernel/web/html.ts';
import { drawQrCode } from '../kernel/web/qr-picture.ts';
import { FIRST_POST_MS, type Login } from '../login/login.ts';
import { LoginInteractions } from '../login/login-interactions.ts';
import { LoginSigning } from '../login/login-signing.ts';
import { CLOCK } from '../operations/clock.ts';
import { pressRequest } from './flow/press-request.ts';
import { showBound, showUnbound } from './flow/show-page.ts';
import type { Visitor } from './http/visitor.ts';
import type { InteractionPages, PressingBrowser } from './interaction-pages.ts';

/** The person's side of a login: what to show, and what the buttons do. */
@Injectable()
export class LoginService implements InteractionPages {
  constructor(
    private readonly interactions: LoginInteractions,
    private readonly signing: LoginSigning,
    @Inject(CONFIG) private readonly config: AppConfig,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async show(interactionId: InteractionId, visitor: Visitor): Promise<Html> {
    const { environment, branding } = this.config;
    const watched = await this.interactions.findWatched(interactionId, visitor.cookie);
    if (!watched) {
      const login = await this.interactions.getInteraction(interactionId);
      return showUnbound({ login }, visitor, {
        environment,
        branding,
        now: this.clock.now(),
        closesAt: closesAt(login),
      });
    }
    const status = await this.signing.getLaunchable(watched);
    return showBound(status, visitor, { environment, branding, now: this.clock.now() }, () =>
      this.signing.launchLink(status, visitor.userAgent),
    );
  }

  async getQrCode(interactionId: InteractionId, visitor: Visitor): Promise<string> {
    const watched = await this.interactions.checkWatched(interactionId, visitor.cookie);
    const frame = await this.signing.findQrFrame(watched);
    if (frame === undefined) throw new DomainError('order.not-found');
    return drawQrCode(frame);
  }

  /** @throws DomainError as {@link LoginSigning.press}; when the order is made, as {@link LoginSigning.startSigning} */
  async press(browser: PressingBrowser, device: Device, visitor: Visitor): Promise<() => Promise<void>> {
    const { interactionId, cookie, deviceIdentifier } = browser;
    const path = `/login/${interactionId}`;
    const request = pressRequest(this.config, visitor, { path, device, deviceIdentifier });
    const press = await this.signing.press({ interactionId, cookie }, request);
    return () => this.signing.startSigning(press);
  }

  async cancel(interactionId: InteractionId, visitor: Visitor): Promise<void> {
    await this.signing.cancelSigning(await this.interactions.checkBrowser(interactionId, visitor.cookie));
  }

  /** @throws DomainError `login.not-awaiting`; as {@link LoginInteractions.bindBrowser} */
  async decline(interactionId: InteractionId, visitor: Visitor, keep: (cookie: BrowserCookie) => void): Promise<void> {
    const bound = await this.interactions.bindBrowser(interactionId, visitor.cookie);
    keep(bound.cookie);
    await this.interactions.decline(bound);
  }

  async recordReturn(interactionId: InteractionId, visitor: Visitor, nonce: unknown): Promise<void> {
    const bound = await this.interactions.checkBrowser(interactionId, visitor.cookie);
    await this.signing.recordReturn(bound, typeof nonce === 'string' ? nonce : undefined);
  }
}

/** Until when a browser may begin; undefined where none may, as it has ended. */
function closesAt({ state, createdAt, expiresAt }: Login): Date | undefined {
  return state === 'awaiting' ? earlierOf(expiresAt, addMs(createdAt, FIRST_POST_MS)) : undefined;
}

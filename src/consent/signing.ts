import { Inject, Injectable } from '@nestjs/common';
import { newReturnNonce } from '../attempts/return-nonce.ts';
import {
  DEFAULT_RELYING_PARTY,
  type BrowserStart,
  type Device,
  type OrderRequest,
  type Progress,
} from '../bankid-sign/sign-order.ts';
import { SignOrders, type UnsentOrder } from '../bankid-sign/sign-orders.ts';
import { CONFIG, type AppConfig } from '../config/config.ts';
import type { Patience } from '../database/announcements.ts';
import type { Clock } from '../kernel/clock.ts';
import { DomainError } from '../kernel/errors.ts';
import type { OrderId } from '../kernel/ids.ts';
import { readsDocuments } from '../payment/bank-policy.ts';
import { templateOf } from '../payment/visible-text.ts';
import { CLOCK } from '../operations/clock.ts';
import {
  MAX_FAILED_ATTEMPTS,
  type BoundInteraction,
  type Browser,
  type Consent,
  type WatchedInteraction,
} from './consent.ts';
import { hasFailedAttempt } from './signing/attempt.repository.ts';
import { AttemptLedger } from './signing/attempt-ledger.ts';
import { orderOf } from './signing/order-of.ts';
import { Presses, type Entered } from './signing/presses.ts';

/** How the payer wants to sign, and from where. */
export interface SigningRequest {
  readonly device: Device;
  readonly language: 'sv' | 'en';
  readonly endUserIp: string;
  readonly userAgent: string;
  /** Long-lived and random; not the binding cookie. */
  readonly deviceIdentifier: string;
  /** Where the BankID app sends the payer, with this nonce in it. */
  readonly returnUrl: (nonce: string) => string;
}

/** The progress of an interaction, for its own browser. */
export interface InteractionStatus {
  readonly consent: Consent;
  /** Of the latest order; undefined if there was none. */
  readonly progress: Progress | undefined;
  /** How many attempts the payer has left. */
  readonly attemptsLeft: number;
  /** Presses before this time are refused. */
  readonly pausedUntil: Date | undefined;
}

/** A press, and the order that was stored with it; not sent yet, and not stored where another one is open. */
export type Press = Entered<{ readonly order: OrderRequest; readonly unsent: UnsentOrder | undefined }>;

/** Places orders at BankID when the payer presses the button, and shows their progress. */
@Injectable()
export class Signing {
  constructor(
    private readonly orders: SignOrders,
    private readonly presses: Presses,
    private readonly ledger: AttemptLedger,
    @Inject(CONFIG) private readonly config: AppConfig,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Enters a press of the button, and stores with it an order whose text is the consent's, in the template of the payer's
   * language. The first press binds the browser, also where a limit refuses it.
   * @throws DomainError `browser.not-bound`, `browser.too-late`, `consent.not-awaiting-authorisation`, `consent.altered`;
   *   `order.already-open` while a signature waits for its verdict
   */
  async press(browser: Browser, request: SigningRequest): Promise<Press> {
    const template = templateOf(request.language);
    const returnNonce = newReturnNonce();
    return this.presses.enter(browser, { returnNonce, device: request.device, template }, async (tx, attempt) => {
      const { policy, consent } = attempt;
      const mayLackDocument =
        policy !== undefined && readsDocuments(policy) && (await hasFailedAttempt(tx, consent.consentId));
      const order = orderOf(attempt, {
        environment: this.config.environment,
        orderedAt: this.clock.now(),
        language: request.language,
        start: browserStart(request, returnNonce),
        asksForDocument: !mayLackDocument,
        relyingParty: DEFAULT_RELYING_PARTY,
      });
      return { order, unsent: await this.orders.insertOrder(tx, attempt.key, order) };
    });
  }

  /**
   * Makes the order of a press at BankID; one that is open already is withdrawn first.
   * @throws DomainError `consent.attempts-exhausted`; `consent.too-many-orders` with the time to wait
   * @throws DomainError `order.already-open`, `bankid.already-in-progress`, `bankid.refused`, `bankid.unavailable`
   */
  async startSigning(press: Press): Promise<{ readonly orderId: OrderId }> {
    if ('refused' in press) throw press.refused;
    const { order, unsent } = press.stored;
    try {
      return await (unsent ? this.orders.sendOrder(unsent) : this.orders.placeOrder(order));
    } catch (error) {
      await this.ledger.giveUp(press.attempt, error instanceof DomainError ? error.code : 'internal');
      throw error;
    }
  }

  /** The progress as it is now, of a consent that was read before. */
  async getStatus(bound: BoundInteraction): Promise<InteractionStatus> {
    return this.statusOf({ ...bound, progress: await this.orders.findProgress(bound.consent.consentId) });
  }

  /** The remaining attempts are looked up only if the payer could press; if no press is left, the consent ends. */
  async statusOf({ consent, progress }: WatchedInteraction): Promise<InteractionStatus> {
    const canPress =
      consent.state === 'awaiting-authorisation' && (progress === undefined || progress.state === 'failed');
    const allowance = canPress ? await this.ledger.getAllowance(consent) : undefined;
    const attempts = MAX_FAILED_ATTEMPTS - consent.failedAttempts;
    return {
      consent,
      progress,
      attemptsLeft: allowance ? Math.min(attempts, allowance.pressesLeft) : attempts,
      pausedUntil: allowance?.pausedUntil,
    };
  }

  /**
   * The status, with a link of an order that BankID still lets it start: for a page that is looked at. After the time to answer nothing
   * is ordered any more.
   */
  async getLaunchable(watched: WatchedInteraction): Promise<InteractionStatus> {
    const status = await this.statusOf(watched);
    const { consentId, state, expiresAt } = watched.consent;
    const now = this.clock.now();
    if (!status.progress || state !== 'awaiting-authorisation' || expiresAt <= now) return status;
    const isRenewed = await this.orders.keepLaunchable(consentId, status.progress, now);
    return isRenewed ? this.getStatus(watched) : status;
  }

  /** Before the page shows what can be signed: the bank has attested what the row says. @throws DomainError `consent.altered` */
  async checkAttested(consent: Consent): Promise<void> {
    if (consent.state === 'awaiting-authorisation') await this.presses.checkAttested(consent);
  }

  /** The moment before a status is read. */
  mark(): number {
    return this.orders.mark();
  }

  /** Waits until the status may be another than the one that was read after `mark`. False when there is no reason to read it again. */
  nextStatus({ consent }: BoundInteraction, mark: number, patience: Patience): Promise<boolean> {
    return this.orders.nextProgress(consent.consentId, mark, patience);
  }

  /** Withdraws the open order; the consent keeps waiting, and no attempt is lost. @throws DomainError `bankid.unavailable` */
  async cancelSigning({ consent }: BoundInteraction): Promise<void> {
    await this.ledger.recordCancel(consent);
    await this.orders.cancelOrder(consent.consentId);
  }

  /** This second's QR code, only for the bound browser. With its progress, it is not read again. */
  findQrFrame({ consent, progress }: BoundInteraction & Partial<WatchedInteraction>): Promise<string | undefined> {
    return this.orders.findQrFrame(consent.consentId, this.clock.now(), progress?.scan);
  }

  /** The link that starts the BankID app, only for the bound browser; undefined when there is nothing to start. */
  launchLink({ progress }: InteractionStatus, userAgent: string): string | undefined {
    return progress && this.orders.launchLink(progress, userAgent);
  }
}

function browserStart(request: SigningRequest, returnNonce: string): BrowserStart {
  const { device, endUserIp, userAgent, deviceIdentifier } = request;
  return { way: 'browser', device, endUserIp, userAgent, deviceIdentifier, returnUrl: request.returnUrl(returnNonce) };
}

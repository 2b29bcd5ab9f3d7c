import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type AppConfig } from '../../config/config.ts';
import { SignatureTrust } from '../../evidence/signature-trust.ts';
import { addMs, type Clock } from '../../kernel/clock.ts';
import { findPersonalNumber, type PersonalNumber } from '../../kernel/personal-number.ts';
import { consentSubject } from '../../kernel/subject.ts';
import { parseNonVisibleData } from '../../payment/non-visible.ts';
import { CLOCK } from '../../operations/clock.ts';
import { Database } from '../../database/database.ts';
import { Envelope } from '../../vault/envelope.ts';
import type { ExpectedPayer, Expectation } from '../../verification/expectation.ts';
import type { Report } from '../../verification/report.ts';
import { isVerified, type VerifiedSignature } from '../../verification/verified-signature.ts';
import { verifyConsent } from '../../verification/verify-consent.ts';
import type { Consent } from '../consent.ts';
import { LOGIN_HINT } from '../consents.ts';
import { lifetimes } from '../lifetimes.ts';
import { hasReturned } from '../signing/attempt.repository.ts';
import { findLoginHint } from '../store/consent.repository.ts';
import type { CompleteOrder, OrderContext } from './order-context.ts';
import { relayVerdict } from './relay-rule.ts';

export type OrderVerdict =
  | { readonly kind: 'accepted'; readonly verified: VerifiedSignature; readonly nonceReturned: boolean }
  | RefusedOrder
  /** The browser may still return with the nonce. */
  | { readonly kind: 'wait'; readonly until: Date };

export interface RefusedOrder {
  readonly kind: 'refused';
  readonly reason: 'signature' | 'risk' | 'device-not-bound';
  readonly report: Report;
  readonly nonceReturned: boolean;
}

/** Whether a completed order is the payer's consent, by the verifier and the relay rule. */
@Injectable()
export class OrderVerification {
  constructor(
    private readonly database: Database,
    private readonly envelope: Envelope,
    private readonly trust: SignatureTrust,
    @Inject(CONFIG) private readonly config: AppConfig,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async verify(order: CompleteOrder, context: OrderContext, consent: Consent): Promise<OrderVerdict> {
    const { completion } = order.answer;
    const presented = {
      signature: completion.signature,
      ocspResponse: completion.ocspResponse,
      personalNumber: completion.user.personalNumber,
    };
    const expectation = await this.#expectation(order, consent);
    const result = verifyConsent(presented, expectation, this.trust.anchors, this.trust.policy, this.clock.now());
    const nonceReturned = await hasReturned(this.database, context.attemptId);
    if (!isVerified(result)) return { kind: 'refused', reason: 'signature', report: result, nonceReturned };
    return this.#applyRelayRule(order, result, nonceReturned);
  }

  /** From the consent as pushed; only what belongs to this order comes from the order. */
  async #expectation(order: CompleteOrder, consent: Consent): Promise<Expectation> {
    const { environment } = this.config;
    const { orderedAt, nonce, template } = parseNonVisibleData(order.nonVisibleData);
    const { consentId, clientId, tpp, bank, payer, initiation } = consent;
    return {
      environment,
      facts: { environment, consentId, clientId, tpp, bank, payer, orderedAt, nonce, template, initiation },
      visibleData: order.visibleData,
      nonVisibleData: order.nonVisibleData,
      relyingPartyName: order.relyingPartyName,
      orderStartedAt: order.orderStartedAt,
      receivedAt: order.receivedAt,
      payer: await this.#expectedPayer(consent),
    };
  }

  async #expectedPayer({ consentId, bank, payer }: Consent): Promise<ExpectedPayer> {
    if (payer === 'unbound') return { kind: 'unbound' };
    const sealed = await findLoginHint(this.database, consentId);
    if (!sealed) throw new TypeError(`consent ${consentId} names its payer, but its login hint is missing`);
    const opened = await this.envelope.open(
      this.database,
      consentSubject(bank, consentId),
      LOGIN_HINT,
      consentId,
      sealed,
    );
    return { kind: 'bound', personalNumber: personalNumberOf(opened, consentId) };
  }

  #applyRelayRule(order: CompleteOrder, verified: VerifiedSignature, nonceReturned: boolean): OrderVerdict {
    const { device, risk } = order.answer.completion;
    const verdict = relayVerdict({
      risk,
      maxRisk: this.config.maxRisk,
      requireDeviceBinding: this.config.requireDeviceBinding,
      startedByLink: order.launchLinkGivenAt !== undefined,
      nonceReturned,
      browserAddress: order.endUserIp,
      deviceAddress: device.ipAddress,
    });
    if (verdict === 'accepted') return { kind: 'accepted', verified, nonceReturned };
    const until = addMs(order.receivedAt, lifetimes.relayGraceMs);
    if (verdict === 'device-not-bound' && this.clock.now() < until) return { kind: 'wait', until };
    return { kind: 'refused', reason: verdict, report: verified.report, nonceReturned };
  }
}

function personalNumberOf(opened: Buffer, consentId: string): PersonalNumber {
  const number = findPersonalNumber(opened.toString('utf8'));
  if (number === undefined)
    throw new TypeError(`the stored login hint of consent ${consentId} is not a personal number`);
  return number;
}

import type { CompleteOrder } from '../../attempts/answered-order.ts';
import { Inject, Injectable } from '@nestjs/common';
import { RELAY_GRACE_MS } from '../../attempts/attempt-limits.ts';
import { CONFIG, type AppConfig } from '../../config/config.ts';
import { SignatureTrust } from '../../evidence/signature-trust.ts';
import { addMs, type Clock } from '../../kernel/clock.ts';
import type { ConsentId } from '../../kernel/ids.ts';
import { isJsonObject } from '../../kernel/json.ts';
import { findPersonalNumber } from '../../kernel/personal-number.ts';
import { judge, type PolicyOutcome } from '../../payment/bank-policy.ts';
import type { SignedConsentFacts } from '../../payment/non-visible.ts';
import { CLOCK } from '../../operations/clock.ts';
import type { DataKey } from '../../vault/envelope.ts';
import type { ExpectedPayer, Expectation } from '../../verification/expectation.ts';
import type { Report } from '../../verification/report.ts';
import { isVerified, type VerifiedSignature } from '../../verification/verified-signature.ts';
import { verifyConsent } from '../../verification/verify-consent.ts';
import { ConsentBanks } from '../altered/consent-banks.ts';
import type { Consent } from '../consent.ts';
import { LOGIN_HINT } from '../consents.ts';
import type { FoundForSettlement } from '../store/consent.repository.ts';
import { expectedFacts } from './expected-facts.ts';
import type { OrderContext } from './order-context.ts';
import { relayVerdict, type RelayFacts } from '../../attempts/relay-rule.ts';

export type OrderVerdict =
  | AcceptedOrder
  | RefusedOrder
  /** The browser may still return with the nonce. */
  | { readonly kind: 'wait'; readonly until: Date };

export interface AcceptedOrder {
  readonly kind: 'accepted';
  readonly verified: VerifiedSignature;
}

export interface RefusedOrder {
  readonly kind: 'refused';
  readonly reason: 'signature' | 'risk' | 'device-not-bound' | 'bank-policy';
  readonly report: Report;
}

/** A completed order with what belongs to it. */
export interface Completed {
  readonly order: CompleteOrder;
  readonly context: OrderContext;
  readonly consent: Consent;
}

/** What verdict and evidence of a completed order both rest on. */
export interface Examined {
  readonly expected: SignedConsentFacts;
  readonly relay: RelayFacts;
  /** Undefined where the bank had no policy at the press. */
  readonly bankPolicy: PolicyOutcome | undefined;
}

/** Whether a completed order is the payer's consent, by the verifier, the relay rule and the bank's policy. */
@Injectable()
export class OrderVerification {
  constructor(
    private readonly trust: SignatureTrust,
    private readonly banks: ConsentBanks,
    @Inject(CONFIG) private readonly config: AppConfig,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** The expectation and the bank's judgement, once for verdict and evidence. */
  examine({ order, context, consent }: Completed, { nonceReturned }: FoundForSettlement): Examined {
    const { maxRisk, requireDeviceBinding, environment } = this.config;
    return {
      expected: expectedFacts(order, consent, environment),
      relay: { ...relayFactsOf(order, consent), maxRisk, requireDeviceBinding, nonceReturned },
      bankPolicy: judgeByBankPolicy(order, context, consent),
    };
  }

  /**
   * The verdict on what was signed.
   * @throws DomainError `consent.altered` for a genuine signature of a text that its bank has not attested: it may have been the
   *   bank's until its key was taken out of the registration, so the order is tried again and not refused for good
   */
  async verify({ order, consent }: Completed, examined: Examined, found: FoundForSettlement): Promise<OrderVerdict> {
    const { completion } = order.answer;
    const presented = {
      signature: completion.signature,
      ocspResponse: completion.ocspResponse,
      personalNumber: completion.user.personalNumber,
    };
    const expectation = this.#expectation(order, consent, examined.expected, found);
    const { anchors: trust, policy } = this.trust;
    const result = verifyConsent(presented, expectation, { trust, policy, now: this.clock.now() });
    if (!isVerified(result)) return { kind: 'refused', reason: 'signature', report: result };
    const verdict = this.#applyRelayRule(order, result, examined.relay);
    if (verdict.kind !== 'accepted') return verdict;
    if (examined.bankPolicy?.outcome === 'not-met')
      return { kind: 'refused', reason: 'bank-policy', report: result.report };
    await this.banks.checkAttested(consent);
    return verdict;
  }

  #expectation(
    order: CompleteOrder,
    { consentId, payer }: Consent,
    facts: SignedConsentFacts,
    { loginHintSealed }: FoundForSettlement,
  ): Expectation {
    return {
      environment: this.config.environment,
      facts,
      visibleData: order.visibleData,
      nonVisibleData: order.nonVisibleData,
      relyingPartyName: order.relyingPartyName,
      orderStartedAt: order.orderStartedAt,
      receivedAt: order.receivedAt,
      payer: payer === 'unbound' ? { kind: 'unbound' } : boundPayer(order.key, consentId, loginHintSealed),
    };
  }

  #applyRelayRule(order: CompleteOrder, verified: VerifiedSignature, relay: RelayFacts): OrderVerdict {
    const verdict = relayVerdict(relay);
    if (verdict === 'accepted') return { kind: 'accepted', verified };
    const until = addMs(order.receivedAt, RELAY_GRACE_MS);
    if (verdict === 'device-not-bound' && this.clock.now() < until) return { kind: 'wait', until };
    return { kind: 'refused', reason: verdict, report: verified.report };
  }
}

function relayFactsOf(
  { start, launchLinkMadeAt, answer }: CompleteOrder,
  { channel }: Consent,
): Omit<RelayFacts, 'maxRisk' | 'requireDeviceBinding' | 'nonceReturned'> {
  const { device, risk } = answer.completion;
  return {
    way: channel.way,
    risk,
    startedByLink: launchLinkMadeAt !== undefined,
    askerAddress: start.way === 'phone' ? undefined : start.endUserIp,
    deviceAddress: device.ipAddress,
  };
}

/** What the bank's policy, as it was at the press, says of an answered order; undefined where the bank had none. */
function judgeByBankPolicy(
  order: CompleteOrder,
  { policy }: OrderContext,
  { initiation, channel }: Consent,
): PolicyOutcome | undefined {
  const { risk, bankIdIssueDate, stepUpMrtd } = order.answer.completion;
  const { requirement } = order.signParameters;
  return (
    policy &&
    judge(policy, {
      amount: initiation.instructedAmount,
      way: channel.way,
      demanded: isJsonObject(requirement) ? requirement : {},
      isDocumentRead: stepUpMrtd,
      risk,
      bankIdIssueDate,
      orderedAt: order.orderStartedAt,
    })
  );
}

function boundPayer(key: DataKey, consentId: ConsentId, loginHintSealed: Buffer | undefined): ExpectedPayer {
  if (!loginHintSealed) throw new TypeError(`consent ${consentId} names its payer, but its login hint is missing`);
  const personalNumber = findPersonalNumber(key.open(LOGIN_HINT, consentId, loginHintSealed).toString('utf8'));
  if (personalNumber === undefined)
    throw new TypeError(`the stored login hint of consent ${consentId} is not a personal number`);
  return { kind: 'bound', personalNumber };
}

import { Inject, Injectable } from '@nestjs/common';
import type { CompleteOrder } from '../../attempts/answered-order.ts';
import { RELAY_GRACE_MS } from '../../attempts/attempt-limits.ts';
import { relayVerdict, type RelayFacts } from '../../attempts/relay-rule.ts';
import { CONFIG, type AppConfig } from '../../config/config.ts';
import { SignatureTrust } from '../../evidence/signature-trust.ts';
import { parseLoginData, type SignedLoginFacts } from '../../identification/non-visible.ts';
import { addMs, type Clock } from '../../kernel/clock.ts';
import { CLOCK } from '../../operations/clock.ts';
import type { ExpectedPayer, IdentificationExpectation } from '../../verification/expectation.ts';
import type { Report } from '../../verification/report.ts';
import { isVerifiedIdentification, type VerifiedIdentification } from '../../verification/verified-identification.ts';
import { verifyIdentification } from '../../verification/verify-identification.ts';
import { signedOf } from '../press/login-order.ts';
import { openPerson } from '../store/login-hint.ts';
import type { FoundForSettlement } from '../store/login.repository.ts';
import type { Settled } from './order-context.ts';

export type LoginVerdict =
  | { readonly kind: 'accepted'; readonly verified: VerifiedIdentification }
  | RefusedLogin
  /** The nonce may still come back. */
  | { readonly kind: 'wait'; readonly until: Date };

export interface RefusedLogin {
  readonly kind: 'refused';
  readonly reason: 'signature' | 'risk' | 'device-not-bound';
  readonly report: Report;
}

export interface Examined {
  readonly expected: SignedLoginFacts;
  readonly relay: RelayFacts;
}

/** Whether a completed order is the person's identification for its login, by the verifier and the relay rule. */
@Injectable()
export class OrderVerification {
  constructor(
    private readonly trust: SignatureTrust,
    @Inject(CONFIG) private readonly config: AppConfig,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** What verdict and evidence both rest on. */
  examine({ order, login }: Settled<CompleteOrder>, { nonceReturned }: FoundForSettlement): Examined {
    const { environment, maxRisk, requireDeviceBinding } = this.config;
    const { device, risk } = order.answer.completion;
    const { start } = order;
    return {
      // What must have been signed: the login as asked; only what belongs to this order comes from the order.
      expected: { ...parseLoginData(order.nonVisibleData), ...signedOf(login, environment) },
      relay: {
        way: start.way,
        risk,
        maxRisk,
        requireDeviceBinding,
        startedByLink: order.launchLinkMadeAt !== undefined,
        nonceReturned,
        askerAddress: start.way === 'phone' ? undefined : start.endUserIp,
        deviceAddress: device.ipAddress,
      },
    };
  }

  verify(
    { order, login }: Settled<CompleteOrder>,
    { expected, relay }: Examined,
    found: FoundForSettlement,
  ): LoginVerdict {
    const { completion } = order.answer;
    const presented = {
      signature: completion.signature,
      ocspResponse: completion.ocspResponse,
      personalNumber: completion.user.personalNumber,
    };
    const expectation: IdentificationExpectation = {
      environment: this.config.environment,
      facts: expected,
      visibleData: order.visibleData,
      nonVisibleData: order.nonVisibleData,
      relyingPartyName: order.relyingPartyName,
      orderStartedAt: order.orderStartedAt,
      receivedAt: order.receivedAt,
      payer: login.payer === 'unbound' ? { kind: 'unbound' } : boundPerson(order, found),
    };
    const { anchors: trust, policy } = this.trust;
    const result = verifyIdentification(presented, expectation, { trust, policy, now: this.clock.now() });
    if (!isVerifiedIdentification(result)) return { kind: 'refused', reason: 'signature', report: result };
    return this.#applyRelayRule(order, result, relay);
  }

  #applyRelayRule(order: CompleteOrder, verified: VerifiedIdentification, relay: RelayFacts): LoginVerdict {
    const verdict = relayVerdict(relay);
    if (verdict === 'accepted') return { kind: 'accepted', verified };
    const until = addMs(order.receivedAt, RELAY_GRACE_MS);
    if (verdict === 'device-not-bound' && this.clock.now() < until) return { kind: 'wait', until };
    return { kind: 'refused', reason: verdict, report: verified.report };
  }
}

function boundPerson({ key }: CompleteOrder, { login, loginHintSealed }: FoundForSettlement): ExpectedPayer {
  if (!loginHintSealed) throw new TypeError(`login ${login.loginId} names its person, but its hint is missing`);
  return { kind: 'bound', personalNumber: openPerson(key, login.loginId, loginHintSealed) };
}

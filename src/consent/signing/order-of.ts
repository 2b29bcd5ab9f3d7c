import { randomBytes } from 'node:crypto';
import type { OrderRequest, OrderStart } from '../../bankid-sign/sign-order.ts';
import type { Environment } from '../../kernel/environment.ts';
import type { JsonObject } from '../../kernel/json.ts';
import type { PersonalNumber } from '../../kernel/personal-number.ts';
import { consentSubject } from '../../kernel/subject.ts';
import { policyToJson, requirementOf, type BankPolicy } from '../../payment/bank-policy.ts';
import { buildNonVisibleData } from '../../payment/non-visible.ts';
import { renderVisibleText, templateOf } from '../../payment/visible-text.ts';
import { PURPOSE, type Consent } from '../consent.ts';

/** What is signed of a consent. */
export type OrderedConsent = Pick<
  Consent,
  | 'consentId'
  | 'clientId'
  | 'tpp'
  | 'bank'
  | 'bankName'
  | 'channel'
  | 'payer'
  | 'initiation'
  | 'creditorNameVerification'
>;

/** An attempt to have a consent signed. */
export interface OrderedAttempt {
  readonly attemptId: string;
  readonly consent: OrderedConsent;
  /** The person who alone may sign. */
  readonly payer: PersonalNumber | undefined;
  /** The bank's, as it is registered now; undefined where it has none. */
  readonly policy: BankPolicy | undefined;
}

/** How an order is made besides what is signed. */
export interface OrderTerms {
  readonly environment: Environment;
  readonly orderedAt: Date;
  readonly language: 'sv' | 'en';
  readonly start: OrderStart;
  readonly asksForDocument: boolean;
  /** Whose RP certificate. */
  readonly relyingParty: string;
  /** The client's, for calls. */
  readonly phoneLimits?: 'none' | undefined;
}

/** The order whose text is the consent's, in the template of the payer's language. */
export function orderOf(attempt: OrderedAttempt, terms: OrderTerms): OrderRequest {
  const { consentId, clientId, bank } = attempt.consent;
  const { language, start, relyingParty } = terms;
  const template = templateOf(language);
  const facts = {
    ...signedParts(attempt.consent),
    environment: terms.environment,
    orderedAt: terms.orderedAt,
    nonce: randomBytes(16).toString('base64url'),
    template,
  };
  return {
    purpose: PURPOSE,
    clientId,
    phoneLimits: terms.phoneLimits,
    group: consentId,
    subject: consentSubject(bank, consentId),
    kind: 'sign',
    visibleData: Buffer.from(renderVisibleText(facts), 'utf8'),
    nonVisibleData: buildNonVisibleData(facts),
    requirement: requirement(attempt, terms.asksForDocument),
    start,
    relyingParty,
    context: { ...contextOf(attempt), language, template },
  };
}

function signedParts(consent: OrderedConsent): OrderedConsent {
  const { consentId, clientId, tpp, bank, bankName, channel, payer, initiation, creditorNameVerification } = consent;
  return { consentId, clientId, tpp, bank, bankName, channel, payer, initiation, creditorNameVerification };
}

/** Who may sign, and what the bank's policy demands. */
function requirement(
  { payer, policy, consent }: OrderedAttempt,
  asksForDocument: boolean,
): OrderRequest['requirement'] {
  const payment = { amount: consent.initiation.instructedAmount, way: consent.channel.way };
  return {
    ...(payer === undefined ? {} : { personalNumber: payer }),
    ...(policy ? requirementOf(policy, payment, asksForDocument) : {}),
  };
}

/** The policy is kept with the order: it decides about the answer, whatever is registered by then. */
function contextOf({ consent, attemptId, policy }: OrderedAttempt): JsonObject {
  return { consentId: consent.consentId, attemptId, ...(policy ? { policy: policyToJson(policy) } : {}) };
}

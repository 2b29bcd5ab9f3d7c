import type { ClientId, ConsentId, EvidenceId, InteractionId } from '../kernel/ids.ts';
import type { JsonObject } from '../kernel/json.ts';
import type { PersonalNumber } from '../kernel/personal-number.ts';
import type { Channel } from '../payment/channel.ts';
import type { CreditorNameVerification } from '../payment/creditor-name-verification.ts';
import type { PaymentInitiation } from '../payment/initiation.ts';
import type { Progress } from '../bankid-sign/sign-order.ts';
import type { Bank, Client } from '../clients/clients.ts';
import type { BrowserCookie } from '../attempts/browser-cookie.ts';

/** The purpose of sign orders for payment consents, by which the settler finds them. */
export const PURPOSE = 'payment-consent';

export const MAX_FAILED_ATTEMPTS = 5;

export type ConsentState = 'awaiting-authorisation' | 'authorised' | 'consumed' | 'rejected' | 'expired' | 'revoked';

/** Why a consent ended without being consumed. For payer, operator and auditor; a TPP reads {@link NeutralReason}. */
export type EndReason =
  | 'declined'
  | 'attempts'
  | 'order-failed'
  | 'signature'
  | 'risk'
  | 'device-not-bound'
  | 'bank-policy'
  | 'no-authorisation'
  | 'no-return'
  | 'no-consumption'
  | 'tpp'
  | 'bank'
  | 'code-reused';

/**
 * What a TPP may know: never which factor failed.
 * @see Commission Delegated Regulation (EU) 2018/389 Art. 4(3)(a)
 */
export const neutralReasons = ['declined', 'not-completed', 'expired', 'revoked'] as const;
export type NeutralReason = (typeof neutralReasons)[number];

export function neutralReason(reason: EndReason): NeutralReason {
  return neutral[reason];
}

const neutral: Readonly<Record<EndReason, NeutralReason>> = {
  declined: 'declined',
  attempts: 'not-completed',
  'order-failed': 'not-completed',
  signature: 'not-completed',
  risk: 'not-completed',
  'device-not-bound': 'not-completed',
  'bank-policy': 'not-completed',
  'no-authorisation': 'expired',
  'no-return': 'expired',
  'no-consumption': 'expired',
  tpp: 'revoked',
  bank: 'revoked',
  'code-reused': 'revoked',
};

export type Execution = 'pending' | 'executed' | 'failed';

/** What a TPP asks for. */
export interface ConsentRequest {
  readonly initiation: PaymentInitiation;
  readonly creditorNameVerification: CreditorNameVerification | undefined;
  readonly client: Client;
  readonly bank: Bank;
  /** The only person who may sign, if given (`login_hint`). */
  readonly payer: PersonalNumber | undefined;
  readonly channel: Channel;
  /** When it was checked: against this time the age of the verification is judged again later. */
  readonly pushedAt: Date;
}

export interface PushedConsent {
  readonly consentId: ConsentId;
  readonly interactionId: InteractionId;
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

/** A consent as the push stores it. */
export interface NewConsent extends PushedConsent {
  readonly bank: ClientId;
  readonly clientId: ClientId;
  readonly channel: Channel;
  readonly bankName: string;
  readonly tppName: string;
  readonly authorisationNumber: string;
  readonly initiationJson: string;
  readonly creditorNameVerificationJson: string | undefined;
  readonly boundPayerHash: Buffer | undefined;
  readonly loginHintSealed: Buffer | undefined;
}

/** A consent in its present state. What was pushed, and the names of bank and TPP, never change. */
export interface Consent {
  readonly consentId: ConsentId;
  readonly bank: ClientId;
  readonly bankName: string;
  readonly clientId: ClientId;
  readonly interactionId: InteractionId;
  /** How the payer is reached: what the payer signs says so too. */
  readonly channel: Channel;
  readonly state: ConsentState;
  readonly reason: EndReason | undefined;
  readonly tpp: { readonly name: string; readonly authorisationNumber: string };
  readonly initiation: PaymentInitiation;
  readonly creditorNameVerification: CreditorNameVerification | undefined;
  readonly payer: 'bound' | 'unbound';
  readonly failedAttempts: number;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly authorisedAt: Date | undefined;
  readonly endedAt: Date | undefined;
  readonly paymentReference: string | undefined;
  readonly debtorAccount: PaymentInitiation['debtorAccount'];
  readonly execution: Execution | undefined;
  readonly executionReason: string | undefined;
  /** Whether the payer has ever started an order. */
  readonly signingBegun: boolean;
}

/** What the payer signed: taken from the verified data when the order is settled, and kept in `authorisation`. */
export interface SignedPayment {
  readonly consentId: ConsentId;
  readonly evidenceId: EvidenceId;
  readonly environment: string;
  readonly bank: ClientId;
  readonly clientId: ClientId;
  /** RFC 8785. */
  readonly initiationText: string;
}

/** What is disclosed of a signature: the payment, the commitment to its evidence, who signed it (pairwise) and when. */
export interface Authorised extends SignedPayment {
  readonly evidenceDigest: Buffer;
  readonly subject: string;
  readonly signedAt: Date;
}

/** What was signed, according to a row. Only {@link Authorisations} may use it, after verifying the MAC. */
export interface StoredPayment extends Authorised {
  readonly paymentMac: Buffer;
}

/** A row of `authorisation`: written with the evidence, by the statement that authorises alone. */
export interface NewAuthorisation extends StoredPayment {
  readonly payerMac: Buffer;
  readonly payerSealed: Buffer;
}

/** A consent according to its rows: what was pushed, and what was signed. */
export interface StoredConsent extends Omit<Consent, 'initiation'> {
  readonly pushed: JsonObject;
  /** Undefined until it is authorised. */
  readonly signed: StoredPayment | undefined;
}

/** A browser at an interaction, which it has bound or may bind. */
export interface Browser {
  readonly interactionId: InteractionId;
  readonly cookie: BrowserCookie;
}

/** A consent in the browser to which its interaction is bound. Only `Consents.findBound` makes one. */
export interface BoundInteraction {
  readonly consent: Consent;
  readonly cookie: BrowserCookie;
}

/** A bound consent with how far its latest order had come when it was read; undefined where it never had one. */
export interface WatchedInteraction extends BoundInteraction {
  readonly progress: Progress | undefined;
}

/** A grant according to its rows. @see StoredPayment */
export interface StoredGrant extends Omit<Grant, 'initiation'>, StoredPayment {}

/** What an authorised consent entitles its TPP to: a code, and the facts of the token. */
export interface Grant {
  readonly consentId: ConsentId;
  readonly clientId: ClientId;
  readonly bank: ClientId;
  /** The wire form, as signed. */
  readonly initiation: JsonObject;
  readonly evidenceId: EvidenceId;
  readonly evidenceDigest: Buffer;
  /** The payer's pairwise pseudonym for this TPP. */
  readonly subject: string;
  /** `auth_time`: when BankID's responder saw the signature. */
  readonly signedAt: Date;
  readonly authorisedAt: Date;
  /** End of the time to consume. */
  readonly expiresAt: Date;
}

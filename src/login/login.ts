import type { BrowserCookie } from '../attempts/browser-cookie.ts';
import type { OrderStart, Progress } from '../bankid-sign/sign-order.ts';
import type { UnsentOrder } from '../bankid-sign/sign-orders.ts';
import type { Client } from '../clients/clients.ts';
import { MINUTE_MS, SECOND_MS } from '../kernel/clock.ts';
import type { ClientId, EvidenceId, InteractionId, LoginId } from '../kernel/ids.ts';
import type { JsonObject } from '../kernel/json.ts';
import type { PersonalNumber } from '../kernel/personal-number.ts';
import type { Channel } from '../payment/channel.ts';
import type { DataKey } from '../vault/envelope.ts';
import type { VerifiedSigner } from '../verification/verified-signature.ts';

/** The purpose of orders for logins, by which their settler finds them. */
export const PURPOSE = 'login';

export const MAX_FAILED_ATTEMPTS = 5;

/** From the push to the first POST of a browser: the life of the request_uri. */
export const FIRST_POST_MS = 300 * SECOND_MS;

/** From the authentication: how long its client may fetch a token. */
export const REDEEM_MS = 5 * MINUTE_MS;

export type LoginState = 'awaiting' | 'authenticated' | 'rejected' | 'expired' | 'cancelled';

/** Why a login ended without an authentication. For operator and auditor; a client reads {@link NeutralLoginReason}. */
export type LoginEndReason =
  | 'declined'
  | 'order-failed'
  | 'attempts'
  | 'signature'
  | 'risk'
  | 'device-not-bound'
  | 'no-authentication'
  | 'client'
  | 'superseded';

/** What a client may know: never which factor failed. */
export type NeutralLoginReason = 'declined' | 'not-completed' | 'expired' | 'cancelled';

export function neutralLoginReason(reason: LoginEndReason): NeutralLoginReason {
  return neutral[reason];
}

const neutral: Readonly<Record<LoginEndReason, NeutralLoginReason>> = {
  declined: 'declined',
  'order-failed': 'not-completed',
  attempts: 'not-completed',
  signature: 'not-completed',
  risk: 'not-completed',
  'device-not-bound': 'not-completed',
  'no-authentication': 'expired',
  client: 'cancelled',
  superseded: 'cancelled',
};

/** What a client asks for. */
export interface LoginRequest {
  readonly client: Client;
  readonly channel: Channel;
  /** Each once, in the order of the request. */
  readonly scopes: readonly string[];
  /** @see OpenID Connect Core §5.5 */
  readonly claims: JsonObject | undefined;
  /** @see OpenID Connect Core §3.1.2.1 */
  readonly nonce: string | undefined;
  /** The code that the person compares (OpenID CIBA Core §7.1). */
  readonly bindingMessage: string | undefined;
  /** The only person who may identify themselves, if given. */
  readonly person: PersonalNumber | undefined;
  readonly requestedAt: Date;
  readonly expiresAt: Date;
}

/** How a login is asked for without a page of ours. */
export interface LoginTerms {
  /** As BankID is told it, for the way of the login. The returnUrl of an app is the registered URI: the nonce is added to it. */
  readonly start: OrderStart;
  readonly language: 'sv' | 'en';
}

/** A login with its order, stored and not yet sent. */
export interface BegunLogin {
  readonly loginId: LoginId;
  readonly clientId: ClientId;
  /** Of its events and of its data key. */
  readonly subject: string;
  readonly key: DataKey;
  readonly expiresAt: Date;
  readonly unsent: UnsentOrder;
}

/** A login that was stored, with its data key. */
export interface KeyedLogin {
  readonly login: Login;
  readonly key: DataKey;
}

/** A login by its row and the owner of its events. */
export interface NamedLogin {
  readonly loginId: LoginId;
  readonly clientId: ClientId;
}

/** A login in its present state. What was asked never changes. */
export interface Login {
  readonly loginId: LoginId;
  readonly clientId: ClientId;
  readonly clientName: string;
  readonly channel: Channel;
  /** Of a login in a browser. */
  readonly interactionId: InteractionId | undefined;
  readonly scopes: readonly string[];
  readonly claims: JsonObject | undefined;
  readonly nonce: string | undefined;
  readonly bindingMessage: string | undefined;
  readonly payer: 'bound' | 'unbound';
  readonly state: LoginState;
  readonly reason: LoginEndReason | undefined;
  readonly failedAttempts: number;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly endedAt: Date | undefined;
}

/** A login in the browser to which its interaction is bound. Only `LoginInteractions` makes one. */
export interface BoundLogin {
  readonly login: Login;
  readonly cookie: BrowserCookie;
}

/** A bound login with how far its latest order had come when it was read; undefined where it never had one. */
export interface WatchedLogin extends BoundLogin {
  readonly progress: Progress | undefined;
}

/** Who identified themselves, as in the verified certificate. */
export type Person = VerifiedSigner;

/** What a client may be told of an authenticated login. Only `Authentications` makes one, after verifying the MAC. */
export interface AuthenticatedLogin {
  readonly loginId: LoginId;
  readonly clientId: ClientId;
  /** The person's pairwise pseudonym for this client. */
  readonly subject: string;
  /** `auth_time`: when BankID's responder vouched for the signature. */
  readonly signedAt: Date;
  /** When the login was settled: from then on there is a token to fetch. */
  readonly authenticatedAt: Date;
  readonly channel: Channel;
  readonly scopes: readonly string[];
  readonly claims: JsonObject | undefined;
  readonly nonce: string | undefined;
  readonly person: Person;
  readonly evidenceId: EvidenceId;
  /** 32 bytes. */
  readonly evidenceDigest: Buffer;
}

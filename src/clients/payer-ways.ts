import type { JwsAlgorithm } from '../crypto/jose/jws.ts';
import type { Channel } from '../payment/channel.ts';
import type { Currency } from '../payment/money.ts';

/** How a backchannel request may reach the payer. */
export const backchannelWays = ['phone', 'app', 'qr'] as const;
export type BackchannelWay = (typeof backchannelWays)[number];

/** What a client is registered to send to the backchannel, and how it learns of the outcome. @see OpenID CIBA Core §4 */
export interface Backchannel {
  readonly ways: readonly BackchannelWay[];
  readonly delivery: 'poll' | 'ping';
  /** Set with `ping`. */
  readonly notificationEndpoint?: string;
  /** Exact strings, for the way `app`: where the BankID app returns to, with `sigill_nonce` added to the query. */
  readonly returnUris: readonly string[];
}

/** Who called whom, in BankID's words: the payer (`user`) or the client (`RP`). */
export type CallInitiator = Extract<Channel, { readonly way: 'phone' }>['callInitiator'];

export interface ByPhone {
  readonly initiators: readonly CallInitiator[];
}

/** The scopes by which a login is asked for. @see Swedish OpenID Connect Claims and Scopes 1.0 §3 */
export const loginScopes = [
  'https://id.oidc.se/scope/naturalPersonInfo',
  'https://id.oidc.se/scope/naturalPersonNumber',
] as const;
export type LoginScope = (typeof loginScopes)[number];

export interface Login {
  readonly scopes: readonly LoginScope[];
  /** True: a request with no scope but `openid` is a login too. Only for the role `rp`, which has no payment that could be lost. */
  readonly loginOnly: boolean;
  /** Set if what /userinfo answers is signed. @see OpenID Connect Dynamic Client Registration §2 */
  readonly userinfoSignedResponseAlg?: JwsAlgorithm;
}

/** An amount by currency, as it is registered. */
export type AmountsByCurrency = Readonly<Partial<Record<Currency, string>>>;

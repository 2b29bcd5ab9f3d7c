/**
 * Who sends a request: `anybody` without credentials, the payer's browser, or a client of the sandbox, whose access tokens are
 * its own but for `tppWithToken`, which shows the token of a consent, and `rpWithToken`, which shows that of a login.
 */
export type Sender =
  | 'anybody'
  | 'payer'
  | 'tpp'
  | 'tppWithToken'
  | 'signingTpp'
  | 'appTpp'
  | 'rp'
  | 'rpWithToken'
  | 'bank'
  | 'otherBank'
  | 'auditor';

type Values = Readonly<Record<string, string>>;

/** A request that is sent as it stands, but for values in double braces, which live only while a payment does. */
export interface Call {
  readonly by: Sender;
  readonly path?: Values;
  readonly query?: Values;
  readonly headers?: Values;
  readonly cookies?: Values;
  /** The media type of the body; by default the first that the route accepts. */
  readonly type?: string;
  readonly body?: unknown;
  readonly accept?: string;
  readonly status: number;
}

/** By what they show. */
export type Calls = Readonly<Record<string, Call>>;

/** The proof that goes with a token, or that a token is to be bound to. */
export const proven = { DPoP: '{{dpop_proof}}' } as const;

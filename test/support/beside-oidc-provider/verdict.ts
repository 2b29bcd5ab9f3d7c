import type { RawAnswer } from '../parties/exchange.ts';
import type { RawClient } from '../parties/raw-client.ts';

/**
 * The same request to our server and to oidc-provider, which is certified for FAPI 2.0: the same verdict. Where the verdicts
 * differ, `theirs` says so, and docs/spec/divergences.md why.
 */
export interface Case {
  readonly name: string;
  readonly ours: string;
  readonly theirs?: string;
  /** We accept and they do not, and the standard lets us; docs/spec/divergences.md says how. */
  readonly isLaxer?: boolean;
}

/** One of the two servers: the clients that are registered there, and where its endpoints are. */
export interface Side {
  readonly tpp: RawClient;
  readonly otherTpp: RawClient;
  /** Pushes signed requests only. */
  readonly signer: RawClient;
  /** Known by its certificate. */
  readonly certified: RawClient;
  readonly bank: RawClient;
  readonly otherBank: RawClient;
  readonly par: string;
  readonly introspect: string;
  readonly revoke: string;
  readonly jwks: string;
  /** Lets the payer of a pushed request say yes; the address by which the browser comes back. */
  readonly returnOf: (requestUri: string, clientId: string) => Promise<URL>;
}

/** `accepted`, or the error's name. */
export function verdict({ status, body }: RawAnswer): string {
  return status < 300 ? 'accepted' : String(body['error']);
}

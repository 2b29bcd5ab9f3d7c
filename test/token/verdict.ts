import type { RawAnswer, RawClient } from '../support/raw-client.ts';

/**
 * The same request to our server and to oidc-provider, which is certified for FAPI 2.0: the same verdict. Where the verdicts
 * differ, `theirs` says so, and docs/spec/divergences.md why.
 */
export interface Case {
  readonly name: string;
  readonly ours: string;
  readonly theirs?: string;
}

export interface Side {
  readonly tpp: RawClient;
  readonly otherTpp: RawClient;
  readonly bank: RawClient;
  readonly par: string;
  readonly introspect: string;
  readonly revoke: string;
}

/** `accepted`, or the error's name. */
export function verdict({ status, body }: RawAnswer): string {
  return status < 300 ? 'accepted' : String(body['error']);
}

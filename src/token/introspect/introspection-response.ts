import type { ConsentId } from '../../kernel/ids.ts';
import type { JsonObject } from '../../kernel/json.ts';
import type { PersonalNumber } from '../../kernel/personal-number.ts';
import type { Confirmation } from '../../client-auth/token-binding.ts';

/** RFC 7662 §2.2, RFC 9396 §9.2, RFC 9449 §6.2. */
export type IntrospectionResponse = { readonly active: false } | ActiveToken;

export interface ActiveToken {
  readonly active: true;
  readonly iss: string;
  readonly aud: string | undefined;
  readonly client_id: string;
  readonly sub: string;
  readonly token_type: 'DPoP' | 'Bearer';
  readonly iat: number;
  readonly exp: number;
  readonly cnf: Confirmation;
  readonly acr: string;
  readonly auth_time: number;
  readonly consent_id: ConsentId;
  readonly authorization_details: readonly JsonObject[];
  readonly evidence_digest: string;
  readonly payer: { readonly personalNumber: PersonalNumber };
}

import { optionalText, text, type Row } from '../database/rows.ts';

/** What a token is bound to: a DPoP key, or the certificate of the TLS connection. */
export type TokenBinding =
  | {
      readonly kind: 'dpop';
      /** RFC 7638 thumbprint of the key. */
      readonly jkt: string;
    }
  | {
      readonly kind: 'certificate';
      /** SHA-256 of the certificate's DER, base64url. */
      readonly x5t: string;
    };

export type Confirmation = { readonly jkt: string } | { readonly 'x5t#S256': string };

/** The `cnf` member of an introspection answer. @see RFC 9449 §6.1, RFC 8705 §3.1 */
export function confirmationOf(binding: TokenBinding): Confirmation {
  return binding.kind === 'dpop' ? { jkt: binding.jkt } : { 'x5t#S256': binding.x5t };
}

/** A token bound to a certificate has the type Bearer (RFC 8705 §3): the connection is the proof. */
export function tokenTypeOf(binding: TokenBinding): 'DPoP' | 'Bearer' {
  return binding.kind === 'dpop' ? 'DPoP' : 'Bearer';
}

/** The values of the columns `jkt` and `x5t`, in this order: one is null, or both where there is no binding. */
export function bindingColumns(binding: TokenBinding | undefined): readonly [jkt: string | null, x5t: string | null] {
  return [binding?.kind === 'dpop' ? binding.jkt : null, binding?.kind === 'certificate' ? binding.x5t : null];
}

/** Reads the columns `jkt` and `x5t` of `access_token`, of which exactly one is set. */
export function parseBinding(row: Row): TokenBinding {
  const x5t = optionalText(row, 'x5t');
  return x5t === undefined ? { kind: 'dpop', jkt: text(row, 'jkt') } : { kind: 'certificate', x5t };
}

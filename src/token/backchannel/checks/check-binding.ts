import type { DpopProof } from '../../../client-auth/dpop.ts';
import type { TokenBinding } from '../../../client-auth/token-binding.ts';
import type { Client } from '../../../clients/clients.ts';
import type { BackchannelWay } from '../../../clients/payer-ways.ts';
import { invalid, type Form } from '../../form/form.ts';
import { checkDpopBinding } from '../../par/checks/check-dpop-binding.ts';

/** What the caller has shown of its keys. */
export interface ShownKeys {
  readonly proof: DpopProof | undefined;
  /** SHA-256 of the certificate of the connection, if there is one. */
  readonly x5t: string | undefined;
  /** Whether a thumbprint is that of a key of any registered client. */
  readonly isRegistered: (jkt: string) => boolean;
}

/**
 * What the request is bound to: the key that a proof or `dpop_jkt` names, or else the certificate of the connection, unless the client
 * gets tokens for DPoP keys alone. An app must have made a key for this request: a key of the client's servers would take the return of
 * any person's app for its own.
 * @throws DomainError `oauth.invalid-request`; `dpop.missing` if the client's registration requires DPoP
 * @see RFC 9449 §10, RFC 8705 §3
 */
export function checkBinding(
  form: Form,
  client: Client,
  way: BackchannelWay,
  { proof, x5t, isRegistered }: ShownKeys,
): TokenBinding | undefined {
  const jkt = checkDpopBinding(form, client, proof);
  if (way === 'app' && jkt === undefined) throw invalid('dpop_jkt', 'An app needs a DPoP key of its own.');
  if (way === 'app' && jkt !== undefined && isRegistered(jkt))
    throw invalid('dpop_jkt', 'This is a registered key, and not one that the app has made for this request.');
  if (jkt !== undefined) return { kind: 'dpop', jkt };
  return x5t === undefined || client.dpopBoundAccessTokens ? undefined : { kind: 'certificate', x5t };
}

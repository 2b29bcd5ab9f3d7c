import { DomainError } from '../../../kernel/errors.ts';
import type { Client } from '../../../clients/clients.ts';
import type { DpopProof } from '../../../client-auth/dpop.ts';
import { invalid, type Form } from '../../form/form.ts';
import { SHA256 } from '../../oauth/patterns.ts';

/**
 * The key to which the code will be bound, given by `dpop_jkt`, by a proof in the header, or by both.
 * @throws DomainError `oauth.invalid-request`; `dpop.missing` if the client's registration requires DPoP
 * @see RFC 9449 §10, §10.1
 */
export function checkDpopBinding(form: Form, client: Client, proof: DpopProof | undefined): string | undefined {
  const named = form.find('dpop_jkt');
  if (named !== undefined && !SHA256.test(named))
    throw invalid('dpop_jkt', 'A SHA-256 thumbprint of a key is expected: 43 characters of base64url.');
  if (named !== undefined && proof !== undefined && named !== proof.jkt) {
    throw invalid('dpop_jkt', 'The DPoP proof has another key.');
  }
  const jkt = named ?? proof?.jkt;
  if (jkt === undefined && client.dpopRequired) throw new DomainError('dpop.missing');
  return jkt;
}

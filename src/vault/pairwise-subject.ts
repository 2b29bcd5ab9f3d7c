import type { ClientId } from '../kernel/ids.ts';
import type { PersonalNumber } from '../kernel/personal-number.ts';
import type { Envelope } from './envelope.ts';

/**
 * The `sub` by which one client knows one payer: the same for all payments, different for every client, and of no use
 * for identifying the person.
 * @see OpenID Connect Core §8.1
 */
export function pairwiseSubject(envelope: Envelope, clientId: ClientId, payer: PersonalNumber): string {
  return envelope.pairwiseHash(`${clientId}\0${payer}`).toString('base64url');
}

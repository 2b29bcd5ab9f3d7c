import type { CallInitiator } from '../../../../clients/payer-ways.ts';
import { invalid, type Form } from '../../../form/form.ts';

/**
 * Who called whom in a phone call: by default the person (`user`) the client.
 * @throws DomainError `oauth.invalid-request`
 */
export function checkCallInitiator(form: Form): CallInitiator {
  const initiator = form.find('call_initiator') ?? 'user';
  if (initiator !== 'user' && initiator !== 'RP') throw invalid('call_initiator', 'It is user or RP.');
  return initiator;
}

import type { Client } from '../../../clients/clients.ts';
import type { CallInitiator } from '../../../clients/payer-ways.ts';
import { DomainError } from '../../../kernel/errors.ts';

/**
 * A client may ask a person to log in in such a call.
 * @throws DomainError `oauth.unauthorized-client`
 */
export function checkPhoneLogin({ phoneLogin }: Client, initiator: CallInitiator): void {
  if (!phoneLogin?.initiators.includes(initiator)) throw new DomainError('oauth.unauthorized-client');
}

import { DomainError } from '../../../kernel/errors.ts';
import type { Bank, Client, Clients } from '../../../clients/clients.ts';
import type { Form } from '../../form/form.ts';

/**
 * The bank of the consent: named by `resource`, or the client's default, or the only one.
 * @throws DomainError `oauth.invalid-target`
 * @see RFC 8707 §2
 */
export function checkResource(form: Form, client: Client, clients: Clients): Bank {
  const resource = form.find('resource') ?? client.defaultResource;
  const [first, ...others] = clients.banks();
  const bank = resource === undefined ? (others.length === 0 ? first : undefined) : clients.bankByResource(resource);
  if (bank) return bank;
  const detail = resource === undefined ? 'There are several banks: name one.' : 'This is not a bank of this service.';
  throw new DomainError('oauth.invalid-target', { pointer: '/resource', detail });
}

import { DomainError } from '../../kernel/errors.ts';
import { findIpAddress } from '../../kernel/web/ip-address.ts';

/**
 * The payer's address in the form that BankID accepts.
 * @param address from the socket, or from a trusted proxy
 * @throws DomainError `request.malformed` if there is no address: no order is placed without one
 */
export function parseEndUserIp(address: string | undefined): string {
  const found = findIpAddress(address ?? '');
  if (!found) throw new DomainError('request.malformed', { log: 'the request has no usable address' });
  return found.toString();
}

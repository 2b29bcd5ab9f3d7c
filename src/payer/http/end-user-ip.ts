import { DomainError } from '../../kernel/errors.ts';
import { findIpAddress } from '../../kernel/web/ip-address.ts';

/**
 * The payer's address in the form that BankID takes.
 * @param address what the socket says, or a trusted proxy
 * @throws DomainError `request.malformed` when there is no address: an order without one is never placed
 */
export function parseEndUserIp(address: string | undefined): string {
  const found = findIpAddress(address ?? '');
  if (!found) throw new DomainError('request.malformed', { log: 'the request has no usable address' });
  return found.toString();
}

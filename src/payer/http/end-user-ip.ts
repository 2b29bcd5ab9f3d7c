import ipaddr from 'ipaddr.js';
import { DomainError } from '../../kernel/errors.ts';

/**
 * The payer's address in the form that BankID takes: IPv4 carried in IPv6 (`::ffff:192.0.2.1`) is unwrapped, a zone is cut off.
 * @param address what the socket says, or a trusted proxy
 * @throws DomainError `request.malformed` when there is no address: an order without one is never placed
 */
export function parseEndUserIp(address: string | undefined): string {
  const [plain = ''] = (address ?? '').split('%');
  if (!ipaddr.isValid(plain)) throw new DomainError('request.malformed', { log: 'the request has no usable address' });
  return ipaddr.process(plain).toString();
}

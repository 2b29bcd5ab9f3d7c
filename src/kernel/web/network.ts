import { findIpAddress } from './ip-address.ts';

/** An IPv4 address, or the /64 of an IPv6 address: a caller with one address of a /64 usually has all of them. */
export function networkOf(ip: unknown): string {
  const address = typeof ip === 'string' ? findIpAddress(ip) : undefined;
  if (!address) return 'unknown';
  if (address.kind() === 'ipv4') return address.toString();
  const network = address.toByteArray().slice(0, 8);
  return `${Buffer.from(network).toString('hex')}/64`;
}

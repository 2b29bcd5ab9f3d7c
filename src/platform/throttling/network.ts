import ipaddr from 'ipaddr.js';

/** An IPv4 address, or the /64 of an IPv6 one: whoever has one address there has them all. */
export function networkOf(ip: unknown): string {
  if (typeof ip !== 'string' || !ipaddr.isValid(ip)) return 'unknown';
  const address = ipaddr.process(ip);
  if (address.kind() === 'ipv4') return address.toString();
  const network = address.toByteArray().slice(0, 8);
  return `${Buffer.from(network).toString('hex')}/64`;
}

import ipaddr from 'ipaddr.js';

export type IpAddress = ipaddr.IPv4 | ipaddr.IPv6;

const PORT = String.raw`(?::\d{1,5})?`;
const IPV4_WITH_PORT = new RegExp(String.raw`^(\d{1,3}(?:\.\d{1,3}){3})${PORT}$`);
const IPV6_IN_BRACKETS = new RegExp(String.raw`^\[([0-9A-Fa-f:.]+)\]${PORT}$`);

/**
 * An IPv4 address of four decimal numbers, or an IPv6 address. IPv4 in IPv6 (`::ffff:192.0.2.1`) is unwrapped, a zone is removed.
 * `undefined` for all else: some programs read a number with a leading zero as octal, others as decimal (CVE-2021-28918).
 */
export function findIpAddress(text: string): IpAddress | undefined {
  const [plain = ''] = text.split('%');
  const dotted = plain.slice(plain.lastIndexOf(':') + 1);
  if (dotted.includes('.') && !ipaddr.IPv4.isValidFourPartDecimal(dotted)) return undefined;
  if (!dotted.includes('.') && !plain.includes(':')) return undefined;
  return ipaddr.isValid(plain) ? ipaddr.process(plain) : undefined;
}

/** The only part of IPv6 from which global addresses are given out. The rest can be routed within our network, e.g. `::7f00:1`. */
const GLOBAL_IPV6 = ipaddr.IPv6.parseCIDR('2000::/3');

/** Whether it can be reached from everywhere: it belongs to none of the special ranges. @see RFC 6890; RFC 4291 §2.4 */
export function isGlobalAddress(address: IpAddress): boolean {
  return address.range() === 'unicast' && (address instanceof ipaddr.IPv4 || address.match(GLOBAL_IPV6));
}

/** The address in an entry of X-Forwarded-For, to which some proxies add the port: `192.0.2.1:4711`, `[2001:db8::1]:4711`. */
export function findForwardedAddress(entry: string): IpAddress | undefined {
  const [, host] = IPV4_WITH_PORT.exec(entry) ?? IPV6_IN_BRACKETS.exec(entry) ?? [];
  return findIpAddress(host ?? entry);
}

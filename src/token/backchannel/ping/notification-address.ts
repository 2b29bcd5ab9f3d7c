import { lookup } from 'node:dns/promises';
import { findIpAddress, isGlobalAddress, type IpAddress } from '../../../kernel/web/ip-address.ts';

/** Every address of a name. @throws the error of the resolver */
export type Resolve = (host: string) => Promise<readonly string[]>;

export const resolveByDns: Resolve = async (host) => (await lookup(host, { all: true })).map(({ address }) => address);

/** The address to which a connection is pinned: what was checked is what is connected to. */
export interface PinnedAddress {
  readonly address: string;
  readonly family: 4 | 6;
}

/**
 * Where the host of a notification endpoint is, resolved once. Undefined unless all its addresses can be reached from everywhere: a
 * client must not be able to make us call what only we can reach.
 * @param host of the URL, an IPv6 address in brackets
 * @param loopbackHosts whose addresses must be loopback instead: for a test suite beside a sandbox
 */
export async function findNotificationAddress(
  host: string,
  resolve: Resolve,
  loopbackHosts: readonly string[],
): Promise<PinnedAddress | undefined> {
  const bare = host.replace(/^\[(.*)\]$/, '$1');
  const literal = findIpAddress(bare);
  const addresses = literal ? [literal] : (await resolve(bare)).map((text) => findIpAddress(text));
  const isAllowed = loopbackHosts.includes(host) ? isLoopback : isGlobalAddress;
  const [first] = addresses;
  if (!first || !addresses.every((address) => address !== undefined && isAllowed(address))) return undefined;
  return { address: first.toString(), family: first.kind() === 'ipv4' ? 4 : 6 };
}

function isLoopback(address: IpAddress): boolean {
  return address.range() === 'loopback';
}

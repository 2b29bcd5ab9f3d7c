import { BlockList, isIP } from 'node:net';

/** Whether an address is loopback or a trusted proxy's, which many callers share. @param proxies as in TRUSTED_PROXIES */
export function sharedAddresses(proxies: readonly string[]): (address: string) => boolean {
  const shared = new BlockList();
  shared.addSubnet('127.0.0.0', 8);
  shared.addAddress('::1', 'ipv6');
  for (const entry of proxies) {
    const [address = '', bits] = entry.split('/');
    if (bits === undefined) shared.addAddress(address, familyOf(address));
    else shared.addSubnet(address, Number(bits), familyOf(address));
  }
  return (address) => isIP(address) !== 0 && shared.check(address, familyOf(address));
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 6 ? 'ipv6' : 'ipv4';
}

import { networkOf } from './network.ts';

describe('who is counted together', () => {
  it('is one IPv4 address, written either way', () => {
    expect(networkOf('203.0.113.7')).toBe('203.0.113.7');
    expect(networkOf('::ffff:203.0.113.7')).toBe('203.0.113.7');
  });

  it('is one /64 of IPv6', () => {
    expect(networkOf('2001:db8:1:2::7')).toBe(networkOf('2001:db8:1:2:ffff::1'));
    expect(networkOf('2001:db8:1:3::7')).not.toBe(networkOf('2001:db8:1:2::7'));
  });

  it('is everybody whose address is not known', () => {
    expect(networkOf(undefined)).toBe(networkOf('x'));
  });
});

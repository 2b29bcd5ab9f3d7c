import fc from 'fast-check';
import { findForwardedAddress, findIpAddress, isGlobalAddress } from './ip-address.ts';

describe('an address', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['2001:DB8::1', '2001:db8::1'],
    ['fe80::1%eth0', 'fe80::1'],
  ])('is read in one way: %s', (text, address) => expect(findIpAddress(text)?.toString()).toBe(address));

  it.each([
    '',
    'unknown',
    '010.0.0.1',
    '10.0.0.010',
    '::ffff:010.0.0.1',
    '10.1',
    '167772161',
    '0x7f.0.0.1',
    '10.0.0.1.',
  ])('is never guessed: %j', (text) => expect(findIpAddress(text)).toBeUndefined());

  it('of version 4 is what it says, number by number', () => {
    fc.assert(
      fc.property(fc.ipV4(), (text) => {
        expect(findIpAddress(text)?.toString()).toBe(text);
      }),
    );
  });

  it('of version 6 is read by its canonical form again', () => {
    fc.assert(
      fc.property(fc.ipV6(), (text) => {
        const once = findIpAddress(text);
        expect(once === undefined ? undefined : findIpAddress(once.toString())?.toString()).toBe(once?.toString());
      }),
    );
  });
});

describe('an entry of X-Forwarded-For', () => {
  it.each([
    ['192.0.2.1:4711', '192.0.2.1'],
    ['[2001:db8::1]:4711', '2001:db8::1'],
    ['[2001:db8::1]', '2001:db8::1'],
    ['2001:db8::1', '2001:db8::1'],
  ])('may carry a port: %s', (entry, address) => expect(findForwardedAddress(entry)?.toString()).toBe(address));

  it.each(['unknown', '_hidden', '192.0.2.01:80', '[192.0.2.1', '192.0.2.1:port'])('is refused: %s', (entry) =>
    expect(findForwardedAddress(entry)).toBeUndefined(),
  );
});

describe('an address that everybody can reach', () => {
  const isGlobal = (text: string): boolean | undefined => {
    const address = findIpAddress(text);
    return address && isGlobalAddress(address);
  };

  it.each(['8.8.8.8', '2a00:1450:4001:80b::200e', '::ffff:8.8.8.8'])('is global: %s', (text) => {
    expect(isGlobal(text)).toBe(true);
  });

  it.each([
    '0.0.0.0',
    '10.0.0.1',
    '100.64.0.1',
    '127.0.0.1',
    '169.254.169.254',
    '172.16.0.1',
    '192.0.2.1',
    '192.168.1.1',
    '198.18.0.1',
    '198.51.100.1',
    '224.0.0.1',
    '240.0.0.1',
    '255.255.255.255',
    '::',
    '::7f00:1',
    '4000::1',
    '::1',
    '::ffff:10.0.0.1',
    '64:ff9b::a00:1',
    '100::1',
    '2001::1',
    '2001:db8::1',
    '2002:a00:1::1',
    'fc00::1',
    'fd00:ec2::254',
    'fe80::1',
    'ff02::1',
  ])('is none of the special ones: %s', (text) => expect(isGlobal(text)).toBe(false));
});

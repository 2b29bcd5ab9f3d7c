import { sharedAddresses } from './shared-addresses.ts';

describe('an address behind which many stand', () => {
  const isShared = sharedAddresses(['192.0.2.7', '198.51.100.0/24', '2001:db8:1::/48']);

  it.each([
    '127.0.0.1',
    '127.8.8.8',
    '::1',
    '::ffff:127.0.0.1',
    '192.0.2.7',
    '::ffff:192.0.2.7',
    '198.51.100.255',
    '2001:db8:1::5',
  ])('is of this machine or of a trusted proxy: %s', (address) => expect(isShared(address)).toBe(true));

  it.each(['192.0.2.8', '198.51.101.1', '2001:db8:2::5', '::2', '', 'unknown', '10.0.0.1'])(
    'is no other: %j',
    (address) => expect(isShared(address)).toBe(false),
  );
});

import { findNotificationAddress, type Resolve } from './notification-address.ts';

const to =
  (...addresses: readonly string[]): Resolve =>
  () =>
    Promise.resolve(addresses);

describe('the address of a notification endpoint', () => {
  it('is one of those that its name has, and the connection is pinned to it', async () => {
    expect(await findNotificationAddress('tpp.example', to('8.8.8.8', '8.8.4.4'), [])).toEqual({
      address: '8.8.8.8',
      family: 4,
    });
    expect(await findNotificationAddress('tpp.example', to('2a00:1450:4001:80b::200e'), [])).toEqual({
      address: '2a00:1450:4001:80b::200e',
      family: 6,
    });
  });

  it.each([
    '10.0.0.1',
    '127.0.0.1',
    '169.254.169.254',
    '::1',
    'fe80::1',
    'fd00::1',
    '::ffff:192.168.0.1',
    '0.0.0.0',
    'x',
  ])('is none within our network, whatever the name says: %s', async (address) =>
    expect(await findNotificationAddress('tpp.example', to(address), [])).toBeUndefined(),
  );

  it('is none at all if one of several is within our network', async () => {
    expect(await findNotificationAddress('tpp.example', to('8.8.8.8', '10.0.0.1'), [])).toBeUndefined();
    expect(await findNotificationAddress('tpp.example', to(), [])).toBeUndefined();
  });

  it.each(['127.0.0.1', '[::1]', '10.0.0.1', '[::ffff:10.0.0.1]', '[fd00:ec2::254]', '169.254.169.254'])(
    'is not asked for where the URL has an address itself: %s',
    async (host) => {
      const asked = (): Promise<never> => Promise.reject(new Error('a name was resolved'));
      expect(await findNotificationAddress(host, asked, [])).toBeUndefined();
    },
  );

  it('is on loopback for the hosts that are named, and nowhere else for them', async () => {
    expect(await findNotificationAddress('suite.example', to('127.0.0.1'), ['suite.example'])).toEqual({
      address: '127.0.0.1',
      family: 4,
    });
    expect(await findNotificationAddress('suite.example', to('8.8.8.8'), ['suite.example'])).toBeUndefined();
    expect(await findNotificationAddress('other.example', to('127.0.0.1'), ['suite.example'])).toBeUndefined();
  });

  it('is unknown where the name cannot be resolved', async () => {
    const fails: Resolve = () => Promise.reject(new Error('ENOTFOUND'));
    await expect(findNotificationAddress('tpp.example', fails, [])).rejects.toThrow('ENOTFOUND');
  });
});

import { formPolicy } from '../../http/security-headers.ts';
import { checkSameOrigin } from './check-same-origin.ts';
import { deviceIdentifierCookie, findDeviceIdentifier, newDeviceIdentifier } from './device-identifier.ts';
import { parseEndUserIp } from './end-user-ip.ts';

const ISSUER = 'https://consent.example';

describe('a form of our own page', () => {
  it.each([
    { origin: ISSUER },
    { 'sec-fetch-site': 'same-origin' },
    { origin: ISSUER, 'sec-fetch-site': 'same-origin' },
  ])('may change something: %p', (headers) => {
    expect(() => checkSameOrigin(ISSUER, headers)).not.toThrow();
  });

  it.each([
    {},
    { origin: 'null' },
    { origin: 'https://evil.example' },
    { origin: `${ISSUER}.evil.example` },
    { origin: 'http://consent.example' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { 'sec-fetch-site': 'none' },
    { origin: ISSUER, 'sec-fetch-site': 'cross-site' },
    { origin: 'https://evil.example', 'sec-fetch-site': 'same-origin' },
  ])('is not what sent %p', (headers) => {
    expect(() => checkSameOrigin(ISSUER, headers)).toThrow(
      expect.objectContaining({ code: 'caller.forbidden' }) as Error,
    );
  });
});

describe('the policy of a page', () => {
  it('lets nothing inline, nothing foreign and no frame in', () => {
    expect(formPolicy).not.toMatch(/unsafe-|\*|data:|blob:|https?:/);
    expect(formPolicy).toContain("default-src 'none'");
    expect(formPolicy).toContain("frame-ancestors 'none'");
    expect(formPolicy).toContain("form-action 'self'");
    expect(formPolicy).toContain("base-uri 'none'");
  });
});

describe('the address that is sent to BankID', () => {
  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['::1', '::1'],
    ['2001:DB8:0:0::1', '2001:db8::1'],
    ['fe80::1%eth0', 'fe80::1'],
  ])('of %s is %s', (address, sent) => expect(parseEndUserIp(address)).toBe(sent));

  it.each([undefined, '', 'unknown', '192.0.2.7:1234'])('is never made up from %p', (address) => {
    expect(() => parseEndUserIp(address)).toThrow(expect.objectContaining({ code: 'request.malformed' }) as Error);
  });
});

describe("the device identifier for BankID's risk assessment", () => {
  it('stays the same from one payment to the next', () => {
    const identifier = newDeviceIdentifier();
    const [pair = ''] = deviceIdentifierCookie(identifier, true).split(';');
    expect(findDeviceIdentifier(`x=y; ${pair}`, true)).toBe(identifier);
    expect(identifier.length).toBeLessThanOrEqual(64);
  });

  it('is not whatever a browser sends', () => {
    expect(findDeviceIdentifier('sigill-device=191212121212', false)).toBeUndefined();
  });
});

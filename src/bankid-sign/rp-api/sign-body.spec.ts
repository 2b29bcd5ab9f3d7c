import type { PersonalNumber } from '../../kernel/personal-number.ts';
import type { SignRequest } from '../sign-order.ts';
import { plainAddress, signBody } from './sign-body.ts';

const request: SignRequest = {
  purpose: 'test',
  group: 'g',
  subject: 's',
  visibleData: Buffer.from('Betala 1 250,00 kr', 'utf8'),
  nonVisibleData: Buffer.from('{}', 'utf8'),
  requirement: {},
  device: 'this',
  endUserIp: '::ffff:192.0.2.7',
  userAgent: 'Mozilla/5.0',
  deviceIdentifier: 'd'.repeat(43),
  returnUrl: 'https://sigill.example/return#n=abc',
  context: {},
};

const at = (issuer: string) => ({ issuer, environment: 'bankid-test' }) as const;

describe('the body of /sign', () => {
  it('asks for the risk, the texts in base64 and what the web page is', () => {
    expect(signBody(request, at('https://sigill.example:8443'))).toEqual({
      endUserIp: '192.0.2.7',
      userVisibleData: Buffer.from('Betala 1 250,00 kr').toString('base64'),
      userNonVisibleData: 'e30=',
      returnRisk: true,
      returnUrl: 'https://sigill.example/return#n=abc',
      web: { referringDomain: 'sigill.example', userAgent: 'Mozilla/5.0', deviceIdentifier: 'd'.repeat(43) },
    });
  });

  it('lets only the named payer sign', () => {
    const personalNumber = '191212121212' as PersonalNumber;
    expect(signBody({ ...request, requirement: { personalNumber } }, at('https://a.example')).requirement).toEqual({
      personalNumber,
    });
  });

  it('demands what the request demands, and a card together with its reader', () => {
    const requirement = { pinCode: true, cardReader: 'class2' } as const;
    const demanding = { ...request, requirement };
    expect(signBody({ ...request, requirement: { mrtd: true } }, at('https://a.example')).requirement).toEqual({
      mrtd: true,
    });
    expect(signBody(demanding, at('https://a.example')).requirement).toEqual({
      ...requirement,
      certificatePolicies: ['1.2.3.4.10'],
    });
    const production = { issuer: 'https://a.example', environment: 'production' } as const;
    expect(signBody(demanding, production).requirement?.certificatePolicies).toEqual(['1.2.752.78.1.2']);
  });

  it('gives no returnUrl to a phone that scans', () => {
    expect(signBody({ ...request, device: 'other' }, at('https://a.example'))).not.toHaveProperty('returnUrl');
  });

  it('names an international domain in ASCII', () => {
    expect(signBody(request, at('https://försäkran.example')).web.referringDomain).toBe('xn--frskran-7wa3n.example');
  });

  it('cuts a long user agent to what BankID takes', () => {
    expect(signBody({ ...request, userAgent: 'x'.repeat(900) }, at('https://a.example')).web.userAgent).toHaveLength(
      256,
    );
  });

  it.each<[string, Partial<SignRequest>]>([
    ['a visible text of more than 40 000 characters after base64', { visibleData: Buffer.alloc(30_001, 'a') }],
    ['an empty visible text', { visibleData: Buffer.alloc(0) }],
    ['non-visible data of more than 200 000 characters after base64', { nonVisibleData: Buffer.alloc(150_001) }],
    ['a long returnUrl', { returnUrl: `https://a.example/${'x'.repeat(512)}` }],
    ['a long device identifier', { deviceIdentifier: 'd'.repeat(65) }],
    ['an address that is none', { endUserIp: 'localhost' }],
  ])('refuses %s before BankID would', (_, part) => {
    expect(() => signBody({ ...request, ...part }, at('https://a.example'))).toThrow(RangeError);
  });

  it('takes 40 000 characters after base64', () => {
    expect(
      signBody({ ...request, visibleData: Buffer.alloc(30_000, 'a') }, at('https://a.example')).userVisibleData,
    ).toHaveLength(40_000);
  });
});

describe('the payer’s address', () => {
  it.each([
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['::FFFF:192.0.2.1', '192.0.2.1'],
    ['192.0.2.1', '192.0.2.1'],
    ['2001:db8::1', '2001:db8::1'],
    ['::1', '::1'],
  ])('%s is sent as %s', (address, plain) => {
    expect(plainAddress(address)).toBe(plain);
  });

  it.each(['', 'unknown', '1.2.3', 'fe80::1%eth0', '192.0.2.1, 192.0.2.2'])('%j is refused', (address) => {
    expect(() => plainAddress(address)).toThrow(RangeError);
  });
});

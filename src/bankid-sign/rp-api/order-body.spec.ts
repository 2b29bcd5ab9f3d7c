import type { ClientId } from '../../kernel/ids.ts';
import type { PersonalNumber } from '../../kernel/personal-number.ts';
import type { AppObject, BrowserStart, OrderRequest, OrderStart, WebObject } from '../sign-order.ts';
import { endpointOf, orderBody, plainAddress } from './order-body.ts';

const start: BrowserStart = {
  way: 'browser',
  device: 'this',
  endUserIp: '::ffff:192.0.2.7',
  userAgent: 'Mozilla/5.0',
  deviceIdentifier: 'd'.repeat(43),
  returnUrl: 'https://sigill.example/return#n=abc',
};
const request: OrderRequest = {
  purpose: 'test',
  clientId: 'a-client' as ClientId,
  group: 'g',
  subject: 's',
  kind: 'sign',
  visibleData: Buffer.from('Betala 1 250,00 kr', 'utf8'),
  nonVisibleData: Buffer.from('{}', 'utf8'),
  requirement: {},
  start,
  relyingParty: 'default',
  context: {},
};
const app: AppObject = {
  appIdentifier: 'se.example.pay',
  deviceOS: 'iOS 18.1',
  deviceModelName: 'iPhone17,1',
  deviceIdentifier: 'an-installation',
};
const web: WebObject = { referringDomain: 'kiosk.example', userAgent: 'Kiosk/2', deviceIdentifier: 'kiosk-7' };
const personalNumber = '191212121212' as PersonalNumber;

const at = (issuer: string) => ({ issuer, environment: 'bankid-test' }) as const;
const ours = at('https://sigill.example:8443');
const bodyFrom = (other: OrderStart, part: Partial<OrderRequest> = {}): object =>
  orderBody({ ...request, ...part, start: other }, ours);

describe('the endpoint', () => {
  it.each(['browser', 'app', 'qr'] as const)('is /sign or /auth by way of %s', (way) => {
    expect([endpointOf('sign', way), endpointOf('auth', way)]).toEqual(['sign', 'auth']);
  });

  it('is under /phone in a phone call', () => {
    expect([endpointOf('sign', 'phone'), endpointOf('auth', 'phone')]).toEqual(['phone/sign', 'phone/auth']);
  });
});

describe('the body of /sign', () => {
  it('asks for the risk, the texts in base64 and what the web page is', () => {
    expect(orderBody(request, ours)).toEqual({
      endUserIp: '192.0.2.7',
      userVisibleData: Buffer.from('Betala 1 250,00 kr').toString('base64'),
      userNonVisibleData: 'e30=',
      returnRisk: true,
      returnUrl: 'https://sigill.example/return#n=abc',
      web: { referringDomain: 'sigill.example', userAgent: 'Mozilla/5.0', deviceIdentifier: 'd'.repeat(43) },
    });
  });

  it('lets only the named payer sign', () => {
    expect(orderBody({ ...request, requirement: { personalNumber } }, at('https://a.example')).requirement).toEqual({
      personalNumber,
    });
  });

  it('demands what the request demands, and a card together with its reader', () => {
    const requirement = { pinCode: true, cardReader: 'class2' } as const;
    const demanding = { ...request, requirement };
    expect(orderBody({ ...request, requirement: { mrtd: true } }, at('https://a.example')).requirement).toEqual({
      mrtd: true,
    });
    expect(orderBody(demanding, at('https://a.example')).requirement).toEqual({
      ...requirement,
      certificatePolicies: ['1.2.3.4.10'],
    });
    const production = { issuer: 'https://a.example', environment: 'production' } as const;
    expect(orderBody(demanding, production).requirement?.certificatePolicies).toEqual(['1.2.752.78.1.2']);
  });

  it('gives no returnUrl to a phone that scans', () => {
    expect(bodyFrom({ ...start, device: 'other' })).not.toHaveProperty('returnUrl');
  });

  it('names an international domain in ASCII', () => {
    expect(orderBody(request, at('https://försäkran.example'))).toMatchObject({
      web: { referringDomain: 'xn--frskran-7wa3n.example' },
    });
  });

  it('cuts a long user agent to what BankID takes', () => {
    expect(bodyFrom({ ...start, userAgent: 'x'.repeat(900) })).toMatchObject({ web: { userAgent: 'x'.repeat(256) } });
  });

  it.each<[string, Partial<OrderRequest>]>([
    ['a visible text of more than 40 000 characters after base64', { visibleData: Buffer.alloc(30_001, 'a') }],
    ['an empty visible text', { visibleData: Buffer.alloc(0) }],
    ['non-visible data of more than 200 000 characters after base64', { nonVisibleData: Buffer.alloc(150_001) }],
    ['a long returnUrl', { start: { ...start, returnUrl: `https://a.example/${'x'.repeat(512)}` } }],
    ['a long device identifier', { start: { ...start, deviceIdentifier: 'd'.repeat(65) } }],
    ['an address that is none', { start: { ...start, endUserIp: 'localhost' } }],
  ])('refuses %s before BankID would', (_, part) => {
    expect(() => orderBody({ ...request, ...part }, ours)).toThrow(RangeError);
  });

  it('takes 40 000 characters after base64', () => {
    const body = orderBody({ ...request, visibleData: Buffer.alloc(30_000, 'a') }, ours);
    expect(body.userVisibleData).toHaveLength(40_000);
  });
});

describe('the body of an order in a TPP’s app', () => {
  const own = { way: 'app', endUserIp: '2001:db8::7', returnUrl: 'https://app.example/back' } as const;

  it('returns to the app, and says what the TPP says of it', () => {
    const common = { endUserIp: '2001:db8::7', returnRisk: true, returnUrl: 'https://app.example/back' };
    const texts = { userVisibleData: expect.any(String), userNonVisibleData: 'e30=' };
    expect(bodyFrom({ ...own, app })).toEqual({ ...common, ...texts, app });
    expect(bodyFrom({ ...own, web })).toEqual({ ...common, ...texts, web });
    expect(bodyFrom({ ...own, userAgent: 'Example/1' })).toEqual({ ...common, ...texts });
  });

  it.each<[string, OrderStart]>([
    ['both app and web', { ...own, app, web }],
    ['an app without a name', { ...own, app: { ...app, appIdentifier: '' } }],
    ['an app with a long name', { ...own, app: { ...app, appIdentifier: 'x'.repeat(257) } }],
    ['a long system', { ...own, app: { ...app, deviceOS: 'x'.repeat(65) } }],
    ['a long model', { ...own, app: { ...app, deviceModelName: 'x'.repeat(65) } }],
    ['a long identifier', { ...own, app: { ...app, deviceIdentifier: 'x'.repeat(65) } }],
    ['a domain that is not in Punycode', { ...own, web: { ...web, referringDomain: 'försäkran.example' } }],
    ['a long domain', { ...own, web: { ...web, referringDomain: 'x'.repeat(254) } }],
    ['a long user agent of a page', { ...own, web: { ...web, userAgent: 'x'.repeat(257) } }],
    ['a long returnUrl', { ...own, returnUrl: 'x'.repeat(513) }],
    ['an address that is none', { ...own, endUserIp: 'fe80::1%eth0' }],
  ])('refuses %s before BankID would', (_, other) => {
    expect(() => bodyFrom(other)).toThrow(RangeError);
  });
});

describe('the body of an order by a QR code that a TPP shows', () => {
  it('returns nowhere, as the order is signed on another device', () => {
    expect(bodyFrom({ way: 'qr', endUserIp: '192.0.2.7', web })).toEqual({
      endUserIp: '192.0.2.7',
      userVisibleData: expect.any(String),
      userNonVisibleData: 'e30=',
      returnRisk: true,
      web,
    });
  });
});

describe('the body of an order in a phone call', () => {
  const call = { way: 'phone', callInitiator: 'RP' } as const;
  const inCall = (requirement: OrderRequest['requirement']): object => bodyFrom(call, { requirement });

  it('names the person and who called, and no device', () => {
    expect(inCall({ personalNumber })).toEqual({
      personalNumber,
      callInitiator: 'RP',
      userVisibleData: expect.any(String),
      userNonVisibleData: 'e30=',
    });
  });

  it('demands a security code or a card, with its policy', () => {
    expect(inCall({ personalNumber, pinCode: true })).toHaveProperty('requirement', { pinCode: true });
    expect(inCall({ personalNumber, cardReader: 'class1' })).toHaveProperty('requirement', {
      cardReader: 'class1',
      certificatePolicies: ['1.2.3.4.10'],
    });
  });

  it.each<[string, OrderRequest['requirement']]>([
    ['without a person', {}],
    ['with a number of ten digits', { personalNumber: '1212121212' as PersonalNumber }],
    ['that reads a document', { personalNumber, mrtd: true }],
  ])('is refused %s', (_, requirement) => {
    expect(() => inCall(requirement)).toThrow(RangeError);
  });
});

describe.each<[string, OrderStart]>([
  ['on a page of ours', start],
  ['in an app', { way: 'app', endUserIp: '192.0.2.7', returnUrl: 'https://app.example' }],
  ['by a QR code', { way: 'qr', endUserIp: '192.0.2.7' }],
  ['in a phone call', { way: 'phone', callInitiator: 'user' }],
])('an identification %s', (_, other) => {
  const identify = (part: Partial<OrderRequest>): object =>
    bodyFrom(other, { kind: 'auth', requirement: { personalNumber }, ...part });

  it('takes 1 500 characters of each text after base64, and no more', () => {
    const longest = { visibleData: Buffer.alloc(1125, 'a'), nonVisibleData: Buffer.alloc(1125, 'a') };
    expect(identify(longest)).toMatchObject({
      userVisibleData: expect.stringMatching(/^.{1500}$/),
      userNonVisibleData: expect.stringMatching(/^.{1500}$/),
    });
    for (const name of ['visibleData', 'nonVisibleData']) {
      expect(() => identify({ ...longest, [name]: Buffer.alloc(1126, 'a') })).toThrow(RangeError);
      expect(() => identify({ ...longest, [name]: Buffer.alloc(0) })).toThrow(RangeError);
    }
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

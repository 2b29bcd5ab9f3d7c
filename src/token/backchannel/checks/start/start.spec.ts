import { DomainError } from '../../../../kernel/errors.ts';
import type { JsonObject } from '../../../../kernel/json.ts';
import type { Backchannel, BackchannelWay } from '../../../../clients/payer-ways.ts';
import { parametersOf } from '../parameters.ts';
import { checkStart, type StartFacts } from './check-start.ts';

const RETURN = 'https://betala.example/tillbaka?from=bankid';
const backchannel: Backchannel = { ways: ['app'], delivery: 'poll', returnUris: [RETURN] };
const facts: StartFacts = { backchannel, callerIp: '8.8.4.4', environment: 'production', needsOperator: true };

const app = {
  appIdentifier: 'se.example.betala',
  deviceOS: 'iOS 26.1',
  deviceModelName: 'iPhone18,1',
  deviceIdentifier: 'a1',
};
const web = { referringDomain: 'betala.example', userAgent: 'Mozilla/5.0', deviceIdentifier: 'b2' };

const right: Readonly<Record<BackchannelWay, JsonObject>> = {
  phone: { operator_reference: 'desk-7' },
  qr: { end_user_ip: '8.8.8.8' },
  app: { end_user_ip: '2a00:1450:4001:80b::200e', return_uri: RETURN, app },
};

function refusal(way: BackchannelWay, changes: JsonObject, changed: Partial<StartFacts> = {}): string {
  const claims = Object.entries({ ...right[way], ...changes }).filter(([, value]) => value !== '');
  try {
    checkStart(parametersOf(Object.fromEntries(claims)), way, { ...facts, ...changed });
  } catch (error) {
    if (error instanceof DomainError) return `${error.code} ${error.pointer ?? ''}`;
    throw error;
  }
  return 'accepted';
}

const invalid = (name: string): string => `oauth.invalid-request /${name}`;

describe('how BankID is started', () => {
  it('is told as BankID wants it', () => {
    const start = (way: BackchannelWay): unknown => checkStart(parametersOf(right[way]), way, facts);
    expect(start('phone')).toEqual({ way: 'phone', callInitiator: 'user' });
    expect(start('qr')).toEqual({ way: 'qr', endUserIp: '8.8.8.8' });
    expect(start('app')).toEqual({ way: 'app', endUserIp: '2a00:1450:4001:80b::200e', returnUrl: RETURN, app });
  });

  it.each<readonly [BackchannelWay, JsonObject, string]>([
    ['phone', { end_user_ip: '8.8.8.8' }, 'end_user_ip'],
    ['phone', { app }, 'app'],
    ['phone', { web }, 'web'],
    ['phone', { return_uri: RETURN }, 'return_uri'],
    ['qr', { call_initiator: 'user' }, 'call_initiator'],
    ['qr', { operator_reference: 'desk-7' }, 'operator_reference'],
    ['qr', { return_uri: RETURN }, 'return_uri'],
    ['app', { call_initiator: 'RP' }, 'call_initiator'],
  ])('has no parameter of another way: %s, %j', (way, changes, name) =>
    expect(refusal(way, changes)).toBe(invalid(name)),
  );
});

describe('a phone call', () => {
  it.each(['user', 'RP'])('was begun by %s', (call_initiator) =>
    expect(refusal('phone', { call_initiator })).toBe('accepted'),
  );

  it.each(['rp', 'USER', 'operator'])('was not begun by %s', (call_initiator) =>
    expect(refusal('phone', { call_initiator })).toBe(invalid('call_initiator')),
  );

  it.each(['', 'a'.repeat(41), 'Anna Andersson', 'anna@example.se', '191212121212', '19121212-1212'])(
    'is not made by %j, which is no pseudonym',
    (operator_reference) => expect(refusal('phone', { operator_reference })).toBe(invalid('operator_reference')),
  );

  it('may be made by none, for logins of a client that is registered for it; but by no other name than a pseudonym', () => {
    const check = (operator_reference: string): string =>
      refusal('phone', { operator_reference }, { needsOperator: false });
    expect([check(''), check('desk-7'), check('19121212-1212')]).toEqual([
      'accepted',
      'accepted',
      invalid('operator_reference'),
    ]);
  });
});

describe("the address of the person's device", () => {
  it.each(['', 'localhost', '8.8.8', '08.8.8.8', '8.8.8.8:443', 'x'])('is an address, not %j', (end_user_ip) =>
    expect(refusal('qr', { end_user_ip }, { environment: 'sandbox' })).toBe(invalid('end_user_ip')),
  );

  it.each([
    '10.0.0.1',
    '127.0.0.1',
    '169.254.1.1',
    '100.64.0.1',
    '::1',
    'fd00::1',
    '::ffff:192.168.0.1',
    '2001:db8::1',
  ])('is one on the Internet in production, not %s', (end_user_ip) => {
    expect(refusal('qr', { end_user_ip })).toBe(invalid('end_user_ip'));
    expect(refusal('qr', { end_user_ip }, { environment: 'sandbox' })).toBe('accepted');
  });

  it.each(['8.8.4.4', '::ffff:8.8.4.4'])(
    "is not the caller's own in production, written either way: %s",
    (end_user_ip) => {
      expect(refusal('qr', { end_user_ip })).toBe(invalid('end_user_ip'));
      expect(refusal('qr', { end_user_ip }, { environment: 'bankid-test' })).toBe('accepted');
    },
  );
});

describe('what the client says of the device', () => {
  it('is an app or a page, with all that BankID wants of it', () => {
    expect(refusal('qr', { web })).toBe('accepted');
    expect(refusal('qr', { app })).toBe('accepted');
    expect(refusal('qr', { app, web })).toBe(invalid('web'));
  });

  it.each<readonly [string, unknown]>([
    ['app', 'iOS'],
    ['app', null],
    ['app', [app]],
    ['app', {}],
    ['app', { ...app, deviceOS: '' }],
    ['app', { ...app, deviceOS: 26 }],
    ['app', { ...app, deviceIdentifier: 'a'.repeat(65) }],
    ['app', { ...app, deviceModelName: 'a\nb' }],
    ['app', { ...app, jailbroken: 'no' }],
    ['web', { ...web, referringDomain: 'betåla.example' }],
    ['web', { ...web, referringDomain: 'https://betala.example' }],
    ['web', { ...web, userAgent: 'a'.repeat(257) }],
    ['web', { ...web, appIdentifier: 'x' }],
  ])('is refused as %s: %j', (name, value) => {
    expect(refusal('qr', { [name]: value } as JsonObject)).toBe(invalid(name));
  });
});

describe('where BankID returns to', () => {
  it.each(['', 'https://betala.example/tillbaka', `${RETURN}#x`, RETURN.toUpperCase()])(
    'is registered to the letter, not %j',
    (return_uri) => expect(refusal('app', { return_uri })).toBe(invalid('return_uri')),
  );
});

import { DomainError } from '../../../kernel/errors.ts';
import type { JsonObject } from '../../../kernel/json.ts';
import type { Client } from '../../../clients/clients.ts';
import type { Backchannel } from '../../../clients/payer-ways.ts';
import type { DpopProof } from '../../../client-auth/dpop.ts';
import { checkAcrValues } from './check-acr-values.ts';
import { checkBinding, type ShownKeys } from './check-binding.ts';
import { checkBindingMessage, checkNoBindingMessage } from './check-binding-message.ts';
import { checkHints } from './check-hints.ts';
import { checkNotificationToken } from './check-notification-token.ts';
import { checkPhoneLogin } from './check-phone-login.ts';
import { checkPurpose } from './check-purpose.ts';
import { checkRequestedExpiry } from './check-requested-expiry.ts';
import { checkUserCode } from './check-user-code.ts';
import { checkWay } from './check-way.ts';
import { languageOf } from './language-of.ts';
import { contentOf, parametersOf, type BackchannelParameters } from './parameters.ts';

const of = (claims: JsonObject): BackchannelParameters => parametersOf(claims);
const formOf = (claims: JsonObject): BackchannelParameters['form'] => of(claims).form;
const registered: Backchannel = { ways: ['qr'], delivery: 'ping', returnUris: [] };
const client = { consentLifetimeMinutes: 5, dpopRequired: false, dpopBoundAccessTokens: false } as Client;
/** For logins alone. */
const reachable = { ...client, login: { scopes: [], loginOnly: true } };
/** A test number of Skatteverket's. */
const HINT = 'personnummer:191212121212';
const JKT = '0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I';
const OTHER_JKT = 'NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs';

/** The code and the pointer of a refusal. */
function refusal(check: () => unknown): string {
  try {
    check();
  } catch (error) {
    if (error instanceof DomainError) return `${error.code} ${error.pointer ?? ''}`.trim();
    throw error;
  }
  return 'accepted';
}

describe('the parameters of a request', () => {
  it.each([{ scope: ['openid'] }, { login_hint: 1912 }, { nonce: null }, { bankid_start: { way: 'qr' } }])(
    'are texts, not %j',
    (claims) => expect(refusal(() => of(claims))).toBe(`oauth.invalid-request /${Object.keys(claims)[0] ?? ''}`),
  );

  it('have the payment as JSON, whatever it is', () => {
    expect(formOf({ authorization_details: [{ type: 'payment_initiation' }] }).find('authorization_details')).toBe(
      '[{"type":"payment_initiation"}]',
    );
  });

  it('say the same in two requests if only their JWTs differ, in whichever order', () => {
    const one = of({ iat: 1, jti: 'one', scope: 'openid', login_hint: HINT });
    const other = of({ login_hint: HINT, scope: 'openid', jti: 'other', iat: 2 });
    expect(contentOf(one)).toBe(contentOf(other));
    expect(contentOf(of({ scope: 'openid' }))).not.toBe(contentOf(one));
  });
});

describe('the purpose of a request', () => {
  it.each([[[]], [null], [''], ['[]'], [[{}]], [{}]])('is a payment where authorization_details are %j', (details) => {
    const claims = { scope: 'openid https://id.oidc.se/scope/naturalPersonInfo', authorization_details: details };
    expect(checkPurpose(of(claims), reachable)).toBe('payment');
  });

  it('is a login where one is asked for by name, or by a client that has nothing else', () => {
    expect(checkPurpose(of({ scope: 'openid https://id.oidc.se/scope/naturalPersonNumber' }), client)).toBe('login');
    expect(checkPurpose(of({ scope: 'openid' }), reachable)).toBe('login');
  });

  it('is not guessed', () => {
    expect(refusal(() => checkPurpose(of({ scope: 'openid' }), client))).toBe(
      'oauth.invalid-request /authorization_details',
    );
  });
});

describe('a hint', () => {
  const hints = (claims: JsonObject, way: 'phone' | 'qr' = 'qr'): string =>
    refusal(() => checkHints(formOf(claims), way));

  it('names the person by login_hint', () => {
    expect(checkHints(formOf({ login_hint: HINT }), 'phone')).toBe('191212121212');
    expect(checkHints(formOf({}), 'qr')).toBeUndefined();
  });

  it.each<readonly [JsonObject, string]>([
    [{ login_hint: HINT, id_token_hint: 'x' }, '/login_hint'],
    [{ login_hint: HINT, login_hint_token: 'x' }, '/login_hint'],
    [{ id_token_hint: 'x' }, '/id_token_hint'],
    [{ login_hint_token: 'x' }, '/login_hint_token'],
    [{ login_hint: 'personnummer:191212121213' }, '/login_hint'],
    [{ login_hint: '191212121212' }, '/login_hint'],
    [{ login_hint: 'mailto:anna@example.se' }, '/login_hint'],
  ])('is refused: %j', (claims, pointer) => expect(hints(claims)).toBe(`oauth.invalid-request ${pointer}`));

  it('is needed in a phone call', () => expect(hints({}, 'phone')).toBe('oauth.invalid-request /login_hint'));
});

describe('the way of a request', () => {
  it('is one for which the client is registered', () => {
    expect(checkWay(formOf({ bankid_start: 'qr' }), registered)).toBe('qr');
    expect(refusal(() => checkWay(formOf({ bankid_start: 'app' }), registered))).toBe(
      'oauth.unauthorized-client /bankid_start',
    );
  });

  it('is the phone unless it is named', () => {
    expect(checkWay(formOf({}), { ...registered, ways: ['phone'] })).toBe('phone');
    expect(refusal(() => checkWay(formOf({}), registered))).toBe('oauth.unauthorized-client /bankid_start');
  });

  it.each(['browser', 'QR', 'sms'])('is none that we do not have: %s', (bankid_start) => {
    expect(refusal(() => checkWay(formOf({ bankid_start }), registered))).toBe('oauth.invalid-request /bankid_start');
  });
});

describe('the time of a request', () => {
  const seconds = (requested_expiry?: unknown, minutes = 60): number =>
    checkRequestedExpiry(requested_expiry === undefined ? {} : ({ requested_expiry } as JsonObject), {
      ...client,
      consentLifetimeMinutes: minutes,
    }) / 1000;

  it.each([
    [undefined, 180],
    [120, 120],
    ['120', 120],
    [1, 30],
    [100_000, 600],
  ])('is what the client wishes, within limits: %j', (wish, expected) => expect(seconds(wish)).toBe(expected));

  it('is never longer than the consents of the client', () => expect(seconds(600, 5)).toBe(300));

  it.each([0, -1, 1.5, '0', '-1', '1.5', '1e3', '12 ', 'soon', true, null, [60], { seconds: 60 }])(
    'is a positive whole number, not %j',
    (wish) => expect(refusal(() => seconds(wish))).toBe('oauth.invalid-request /requested_expiry'),
  );
});

describe('a client_notification_token', () => {
  const tokenOf = (token: string): string =>
    refusal(() => checkNotificationToken(formOf({ client_notification_token: token }), registered));

  it('is a bearer token, and is kept as a secret', () => {
    const token = 'a'.repeat(1024);
    const secret = checkNotificationToken(formOf({ client_notification_token: token }), registered);
    expect(secret?.reveal()).toBe(token);
    expect(String(secret)).not.toContain(token);
  });

  it.each(['a'.repeat(21), 'a'.repeat(1025), `${'a'.repeat(30)} b`, `${'a'.repeat(30)}=b`, `${'a'.repeat(30)}å`])(
    'is refused: %j',
    (token) => expect(tokenOf(token)).toBe('oauth.invalid-request /client_notification_token'),
  );

  it('is needed where the client is notified, and goes unread where it asks', () => {
    expect(refusal(() => checkNotificationToken(formOf({}), registered))).toBe(
      'oauth.invalid-request /client_notification_token',
    );
    const polling: Backchannel = { ...registered, delivery: 'poll' };
    expect(checkNotificationToken(formOf({ client_notification_token: 'x' }), polling)).toBeUndefined();
  });
});

describe('what no payment has', () => {
  it('is a binding_message', () => {
    expect(refusal(() => checkNoBindingMessage(formOf({ binding_message: 'W4SCT' })))).toBe(
      'oauth.invalid-binding-message /binding_message',
    );
    expect(refusal(() => checkNoBindingMessage(formOf({})))).toBe('accepted');
  });

  it('is a user_code', () => {
    expect(refusal(() => checkUserCode(formOf({ user_code: '1234' })))).toBe('oauth.invalid-request /user_code');
    expect(refusal(() => checkUserCode(formOf({})))).toBe('accepted');
  });

  it('is an acr that cannot be read', () => {
    expect(refusal(() => checkAcrValues(formOf({ acr_values: 'urn:å' })))).toBe('oauth.invalid-request /acr_values');
    expect(refusal(() => checkAcrValues(formOf({ acr_values: 'urn:a urn:b' })))).toBe('accepted');
  });
});

describe('the binding_message of a login', () => {
  const messageOf = (
    message: string | undefined,
    way: 'phone' | 'qr' = 'phone',
    bindingMessageOptional = false,
  ): string =>
    refusal(() =>
      checkBindingMessage(formOf(message === undefined ? {} : { binding_message: message }), way, {
        ...client,
        bindingMessageOptional,
      }),
    );

  it.each(['W4SCT', '1234', 'A', 'Bord 7 - kassa 2', 'a'.repeat(20)])('is a code: %j', (message) =>
    expect(messageOf(message)).toBe('accepted'),
  );

  it.each(['a'.repeat(21), 'å', 'a.b', 'https://x', 'a\nb', '1234567890 1234567890'])('is no text: %j', (message) =>
    expect(messageOf(message)).toBe('oauth.invalid-binding-message /binding_message'),
  );

  it.each(['191212121212', '19121212-1212', '19 12 12 12 12 12', 'A 191212121212'])(
    'is nobody’s number: %j',
    (message) => expect(messageOf(message, 'qr')).toBe('oauth.invalid-binding-message /binding_message'),
  );

  it('is needed in a phone call alone, unless the client is registered otherwise', () => {
    expect(messageOf(undefined)).toBe('oauth.invalid-binding-message /binding_message');
    expect(messageOf(undefined, 'phone', true)).toBe('accepted');
    expect(messageOf(undefined, 'qr')).toBe('accepted');
  });
});

describe('a login in a phone call', () => {
  it('is for clients that are registered for such calls', () => {
    const phoneLogin = { initiators: ['user'] as const };
    expect(refusal(() => checkPhoneLogin({ ...client, phoneLogin }, 'user'))).toBe('accepted');
    expect(refusal(() => checkPhoneLogin({ ...client, phoneLogin }, 'RP'))).toBe('oauth.unauthorized-client');
    expect(refusal(() => checkPhoneLogin(client, 'user'))).toBe('oauth.unauthorized-client');
  });
});

describe('the language of a request', () => {
  it.each([
    [undefined, 'sv'],
    ['en', 'en'],
    ['en-GB sv', 'en'],
    ['de fr-CA EN', 'en'],
    ['de', 'sv'],
  ])('of ui_locales %j is %s', (locales, language) => {
    expect(languageOf(formOf(locales === undefined ? {} : { ui_locales: locales }))).toBe(language);
  });
});

describe('what a request is bound to', () => {
  const proof = { jkt: JKT } as DpopProof;
  const shown: ShownKeys = { proof: undefined, x5t: undefined, isRegistered: (jkt) => jkt === OTHER_JKT };
  const bound = (claims: JsonObject, keys: Partial<ShownKeys>, way: 'app' | 'qr' = 'qr', of = client): unknown =>
    checkBinding(formOf(claims), of, way, { ...shown, ...keys });

  it('is the key of the proof, or the key that is named', () => {
    expect(bound({}, { proof })).toEqual({ kind: 'dpop', jkt: JKT });
    expect(bound({ dpop_jkt: JKT }, {})).toEqual({ kind: 'dpop', jkt: JKT });
    expect(bound({ dpop_jkt: JKT }, { x5t: OTHER_JKT }, 'app')).toEqual({ kind: 'dpop', jkt: JKT });
  });

  it('is the certificate, where no key is shown and tokens may be bound to it', () => {
    expect(bound({}, { x5t: OTHER_JKT })).toEqual({ kind: 'certificate', x5t: OTHER_JKT });
    expect(bound({}, { x5t: OTHER_JKT }, 'qr', { ...client, dpopBoundAccessTokens: true })).toBeUndefined();
    expect(bound({}, {})).toBeUndefined();
  });

  it('is one key', () => {
    expect(refusal(() => bound({ dpop_jkt: OTHER_JKT }, { proof }))).toBe('oauth.invalid-request /dpop_jkt');
    expect(refusal(() => bound({ dpop_jkt: 'short' }, {}))).toBe('oauth.invalid-request /dpop_jkt');
  });

  it('is, for an app, a key that no client has registered', () => {
    expect(refusal(() => bound({}, { x5t: JKT }, 'app'))).toBe('oauth.invalid-request /dpop_jkt');
    expect(refusal(() => bound({ dpop_jkt: OTHER_JKT }, {}, 'app'))).toBe('oauth.invalid-request /dpop_jkt');
    expect(bound({ dpop_jkt: OTHER_JKT }, {}, 'qr')).toEqual({ kind: 'dpop', jkt: OTHER_JKT });
  });

  it('is there, where the registration demands it', () => {
    expect(refusal(() => bound({}, { x5t: JKT }, 'qr', { ...client, dpopRequired: true }))).toBe('dpop.missing');
  });
});

import { ConfigError } from '../../config/config.ts';
import type { Environment } from '../../kernel/environment.ts';
import type { JsonObject } from '../../kernel/json.ts';
import type { Client } from '../clients.ts';
import { parseClients } from '../parse-clients.ts';

const jwks = {
  keys: [
    {
      kty: 'OKP',
      crv: 'Ed25519',
      x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo',
      kid: 'k1',
    },
  ],
};
const scopes = ['https://id.oidc.se/scope/naturalPersonInfo', 'https://id.oidc.se/scope/naturalPersonNumber'];
const backchannel = {
  ways: ['phone', 'app', 'qr'],
  delivery: 'ping',
  notificationEndpoint: 'https://tpp.example/ping?of=sigill',
  returnUris: ['https://tpp.example/app', 'se.tpp.app:/return?step=2'],
};
const whole = {
  id: 'exempelbetal',
  name: 'Exempelbetal AB',
  authorisationNumber: 'PSDSE-FINA-00001',
  role: 'tpp',
  jwks,
  backchannel,
  phonePayment: { initiators: ['user', 'RP'] },
  phoneLogin: {},
  bindingMessageOptional: true,
  login: { scopes, userinfoSignedResponseAlg: 'PS256' },
  bankidCertificate: 'exempelbetal',
};
const poll = { ways: ['qr'], delivery: 'poll' };
/** A TPP that neither phones nor logs persons in. */
const plain = { ...without(whole, 'phonePayment', 'phoneLogin', 'bindingMessageOptional', 'login'), backchannel: poll };
const qrOnly = without(plain, 'bankidCertificate');
const rp = {
  ...without(qrOnly, 'authorisationNumber', 'backchannel'),
  role: 'rp',
  login: { scopes, loginOnly: true },
  redirectUris: ['https://rp.example/'],
  bankidCertificate: 'rp',
};
const bank = {
  ...without(qrOnly, 'backchannel'),
  role: 'bank',
  resource: 'https://api.bank.example/',
  rpCallMaxAmounts: { SEK: '500.00', ISK: '9000' },
};
/** For a client whose only way is a phone call for payments. */
const noLogin = { phoneLogin: undefined, bindingMessageOptional: undefined, login: undefined };
const plainWithLogin = { ...plain, login: { scopes } };

const returning = (...returnUris: readonly string[]): object => ({
  ...qrOnly,
  backchannel: { ...poll, ways: ['app'], returnUris },
});

const byCertificate = (client: object): object => ({
  ...client,
  jwks: undefined,
  tlsClientAuth: { tls_client_auth_subject_dn: 'CN=tpp' },
});

function without(object: JsonObject, ...members: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([name]) => !members.includes(name)));
}

function read(entry: object, environment: Environment = 'production'): Client {
  const [client] = parseClients(JSON.parse(JSON.stringify([entry])), environment);
  if (!client) throw new Error('no client');
  return client;
}

function faultsOf(entry: object, environment?: Environment): readonly string[] {
  try {
    read(entry, environment);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
}

describe('how a client reaches persons', () => {
  it('is read as it is registered', () => {
    expect(read(whole)).toMatchObject({
      backchannel,
      phonePayment: { initiators: ['user', 'RP'] },
      phoneLogin: { initiators: ['user'] },
      bindingMessageOptional: true,
      login: { scopes, loginOnly: false, userinfoSignedResponseAlg: 'PS256' },
      bankidCertificate: 'exempelbetal',
      redirectUris: [],
    });
    expect(read(bank)).toMatchObject({ rpCallMaxAmounts: bank.rpCallMaxAmounts });
    expect(read(qrOnly).backchannel).toEqual({ ...poll, returnUris: [] });
  });

  it('is nothing where nothing is registered', () => {
    const client = read({ ...without(qrOnly, 'backchannel'), redirectUris: ['https://tpp.example/'] });
    const members = ['backchannel', 'phonePayment', 'phoneLogin', 'login', 'bankidCertificate', 'phoneLimits'];
    for (const member of members) expect(client).not.toHaveProperty(member);
    expect(client.bindingMessageOptional).toBe(false);
  });

  it('may be logins alone, without the number of a payment service provider', () => {
    expect(read(rp)).toMatchObject({ role: 'rp', authorisationNumber: '', login: { scopes, loginOnly: true } });
  });

  it('may be phone calls without limits in the sandbox alone', () => {
    expect(read({ ...whole, phoneLimits: 'none' }, 'sandbox').phoneLimits).toBe('none');
    for (const environment of ['production', 'bankid-test'] as const) {
      expect(faultsOf({ ...whole, phoneLimits: 'none' }, environment)).toEqual([
        expect.stringContaining('/0/phoneLimits is for the sandbox only'),
      ]);
    }
  });

  it.each<[string, object, string]>([
    ['a backchannel that is no object', { ...qrOnly, backchannel: ['qr'] }, '/backchannel must be an object'],
    ['an unknown member', { ...qrOnly, backchannel: { ...poll, mode: 1 } }, '/backchannel/mode is unknown'],
    ['no way', { ...qrOnly, backchannel: { ...poll, ways: [] } }, '/backchannel/ways must be an array'],
    ['an unknown way', { ...qrOnly, backchannel: { ...poll, ways: ['fax'] } }, '/backchannel/ways must be an array'],
    ['a way twice', { ...qrOnly, backchannel: { ...poll, ways: ['qr', 'qr'] } }, '/backchannel/ways must be an array'],
    ['the way of a browser', { ...qrOnly, backchannel: { ...poll, ways: ['browser'] } }, '/backchannel/ways must be'],
    [
      'no delivery',
      { ...qrOnly, backchannel: { ways: ['qr'] } },
      '/backchannel/delivery is missing: one of poll, ping',
    ],
    [
      'pushed tokens',
      { ...qrOnly, backchannel: { ...poll, delivery: 'push' } },
      '/backchannel/delivery must be one of poll',
    ],
    [
      'a ping to nowhere',
      { ...qrOnly, backchannel: { ...poll, delivery: 'ping' } },
      '/notificationEndpoint is missing',
    ],
    [
      'a ping without TLS',
      { ...whole, backchannel: { ...backchannel, notificationEndpoint: 'http://localhost:8080/ping' } },
      '/notificationEndpoint must be an https URI',
    ],
    [
      'a ping with a password in its address',
      { ...whole, backchannel: { ...backchannel, notificationEndpoint: 'https://a:b@tpp.example/' } },
      '/notificationEndpoint has a user name or a password',
    ],
    [
      'a ping with a fragment in its address',
      { ...whole, backchannel: { ...backchannel, notificationEndpoint: 'https://tpp.example/#a' } },
      '/notificationEndpoint must be an https URI',
    ],
    [
      'a notification endpoint for polls',
      { ...qrOnly, backchannel: { ...poll, notificationEndpoint: 'https://tpp.example/' } },
      '/notificationEndpoint belongs to the delivery ping',
    ],
    [
      'an app without return',
      { ...qrOnly, backchannel: { ...poll, ways: ['app'] } },
      '/returnUris is missing: an array of',
    ],
    ['a return without an app', { ...qrOnly, backchannel: { ...poll, returnUris: ['https://a.example'] } }, 'way app'],
    ['a return with a fragment', returning('https://tpp.example/app#a'), '/returnUris/0 must be an https URI or one'],
    ['a return without TLS', returning('http://tpp.example/app'), '/returnUris/0 is http and not'],
    ['a return to a scheme without a dot', returning('tppapp:/return'), '/returnUris/0 must be an https URI or one'],
    ['a return to the app with a fragment', returning('se.tpp:/return#a'), '/returnUris/0 must be an https URI or one'],
    ['a return that runs a script', returning('javascript:alert(1)'), '/returnUris/0 must be an https URI or one'],
    ['a return with a nonce of its own', returning('https://tpp.example/?sigill_nonce=a'), 'has sigill_nonce'],
    ['a return that is too long with a nonce', returning(`https://tpp.example/${'a'.repeat(436)}`), 'of at most 455'],
    ['a return twice', returning('https://a.example/', 'https://a.example/'), '/returnUris has a URI twice'],
    ['no keys for requests', { ...byCertificate(qrOnly) }, '/jwks is missing'],
    ['phone without what for', { ...plain, backchannel: { ...poll, ways: ['phone'] } }, 'without phonePayment or'],
    ['payments by phone without the way', { ...plain, phonePayment: {} }, '/phonePayment needs a backchannel'],
    [
      'payments by phone without backchannel',
      { ...whole, backchannel: undefined, redirectUris: ['https://a.example/'], ...noLogin },
      '/phonePayment needs',
    ],
    ['logins by phone without the way', { ...whole, backchannel: poll, phonePayment: undefined }, '/phoneLogin needs'],
    ['logins by phone without login', { ...whole, login: undefined }, '/phoneLogin needs login'],
    [
      'a call by somebody else',
      { ...whole, phonePayment: { initiators: ['bank'] } },
      '/phonePayment/initiators must be',
    ],
    ['a call by nobody', { ...whole, phoneLogin: { initiators: [] } }, '/phoneLogin/initiators must be an array'],
    ['another condition of calls', { ...whole, phoneLogin: { hours: 8 } }, '/phoneLogin/hours is unknown'],
    ['phonePayment as a flag', { ...whole, phonePayment: true }, '/phonePayment must be an object'],
    ['an optional binding message as text', { ...whole, bindingMessageOptional: 'yes' }, 'must be true or false'],
    [
      'an optional binding message of nothing',
      { ...plainWithLogin, bindingMessageOptional: true },
      'is true without phoneLogin',
    ],
    ['login as a flag', { ...rp, login: true }, '/login must be an object'],
    ['a login without scopes', { ...rp, login: {} }, '/login/scopes is missing'],
    ['a login with an unknown scope', { ...rp, login: { scopes: ['profile'] } }, '/login/scopes must be an array'],
    ['another kind of login', { ...rp, login: { scopes, sso: true } }, '/login/sso is unknown'],
    ['loginOnly as text', { ...rp, login: { scopes, loginOnly: 'yes' } }, '/login/loginOnly must be true or false'],
    [
      'a payment that could turn into a login',
      { ...whole, login: { scopes, loginOnly: true } },
      'only the role rp may have it',
    ],
    [
      'RS256 for claims',
      { ...rp, login: { scopes, userinfoSignedResponseAlg: 'RS256' } },
      '/userinfoSignedResponseAlg',
    ],
    ['a login under another name', { ...rp, bankidCertificate: undefined }, '/bankidCertificate is missing'],
    ['a call under another name', { ...whole, bankidCertificate: undefined }, '/bankidCertificate is missing'],
    ["a call under the operator's name", { ...whole, bankidCertificate: 'default' }, '/bankidCertificate is default'],
    ['a malformed certificate name', { ...whole, bankidCertificate: '../rp' }, '/bankidCertificate must be a word'],
    ['a certificate without use', plain, '/bankidCertificate belongs to phone calls and logins'],
    ['other limits', { ...whole, phoneLimits: 'some' }, '/phoneLimits must be none'],
    ['limits of no calls', { ...qrOnly, phoneLimits: 'none' }, '/phoneLimits needs a backchannel with the way phone'],
    ['the role rp without login', { ...rp, login: undefined, bankidCertificate: undefined }, '/login is missing'],
    [
      'the role rp with payments by phone',
      { ...rp, phonePayment: {} },
      '/phonePayment does not belong to the role rp, only to tpp',
    ],
    ['the role rp with a number', { ...rp, authorisationNumber: 'PSDSE-FINA-00001' }, '/authorisationNumber does not'],
    ['the role rp with a bank', { ...rp, defaultResource: bank.resource }, '/defaultResource does not belong'],
    [
      'the role rp without a way',
      { ...rp, redirectUris: undefined },
      '/redirectUris is missing: an array of at least one',
    ],
    [
      'a bank with a backchannel',
      { ...bank, backchannel: poll },
      '/backchannel does not belong to the role bank, only to tpp, rp',
    ],
    ['a bank with logins', { ...bank, login: { scopes } }, '/login does not belong to the role bank, only to tpp, rp'],
    ['a bank with a number as amount', { ...bank, rpCallMaxAmounts: { SEK: 5 } }, '/rpCallMaxAmounts/SEK must be an'],
    ['a bank with no amount', { ...bank, rpCallMaxAmounts: {} }, '/rpCallMaxAmounts must be an object with an amount'],
    ['a TPP with the amounts of a bank', { ...qrOnly, rpCallMaxAmounts: { SEK: '1' } }, '/rpCallMaxAmounts does not'],
  ])('is refused with %s', (_what, entry, fault) => {
    const faults = faultsOf(entry, 'sandbox');
    expect(faults).toEqual([expect.stringContaining('CLIENTS_FILE /0')]);
    expect(faults[0]).toContain(fault);
  });
});

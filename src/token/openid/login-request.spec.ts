import type { Client } from '../../clients/clients.ts';
import { DomainError } from '../../kernel/errors.ts';
import { Form } from '../form/form.ts';
import { BROWSER, type Channel } from '../../payment/channel.ts';
import { checkLogin, isLoginRequest, type RequestedLogin } from './login-request.ts';

const INFO = 'https://id.oidc.se/scope/naturalPersonInfo';
const NUMBER = 'https://id.oidc.se/scope/naturalPersonNumber';

const PERSONAL = 'https://id.oidc.se/claim/personalIdentityNumber';

const client = (login?: Client['login']): Client => ({ login }) as Client;
const tpp = client({ scopes: [INFO, NUMBER], loginOnly: false });
const loginOnly = client({ scopes: [INFO], loginOnly: true });
const form = (parameters: Record<string, string>): Form => Form.of(Object.entries(parameters));

describe('a request is a login', () => {
  it.each<[string, Client, Record<string, string>]>([
    ['by openid and naturalPersonNumber', tpp, { scope: `openid ${NUMBER}` }],
    ['by openid and naturalPersonInfo, in any order', tpp, { scope: `${INFO} openid` }],
    ['by openid alone, of a client that only logs persons in', loginOnly, { scope: 'openid' }],
    ['also of a client that is not registered for it, which is refused then', client(), { scope: `openid ${INFO}` }],
  ])('%s', (_, by, parameters) => {
    expect(isLoginRequest(form(parameters), by)).toBe(true);
  });

  it.each<[string, Client, Record<string, string>]>([
    ['without scope', tpp, {}],
    ['with openid alone, of a client that may pay', tpp, { scope: 'openid' }],
    ['without openid', tpp, { scope: NUMBER }],
    ['without openid, of a client that only logs persons in', loginOnly, { scope: INFO }],
    ['with a scope that only resembles', tpp, { scope: `openid ${NUMBER}/` }],
    ['with openid in capitals', tpp, { scope: `OPENID ${NUMBER}` }],
    ['with a payment', tpp, { scope: `openid ${NUMBER}`, authorization_details: '[{"type":"payment_initiation"}]' }],
    ['with an empty list of details', tpp, { scope: `openid ${NUMBER}`, authorization_details: '[]' }],
    ['with details that are null', tpp, { scope: `openid ${NUMBER}`, authorization_details: 'null' }],
    ['with details that are nothing at all', tpp, { scope: `openid ${NUMBER}`, authorization_details: '' }],
    ['with details, of a client that only logs persons in', loginOnly, { scope: 'openid', authorization_details: '' }],
  ])('never %s', (_, by, parameters) => {
    expect(isLoginRequest(form(parameters), by)).toBe(false);
  });

  it('never with an empty field of details in a form', () => {
    const parsed = Form.parse(`scope=openid%20${encodeURIComponent(NUMBER)}&authorization_details=`);
    expect(isLoginRequest(parsed, tpp)).toBe(false);
  });
});

describe('a login', () => {
  const acrs = { phone: 'urn:phone', other: 'urn:other' };
  const phone = { way: 'phone', callInitiator: 'user' } as const;
  const read = (by: Client, parameters: Record<string, string>, channel: Channel = BROWSER): RequestedLogin =>
    checkLogin(form(parameters), by, channel, acrs, undefined);
  const refusal = (by: Client, parameters: Record<string, string>, channel: Channel = BROWSER): string | undefined => {
    try {
      read(by, parameters, channel);
      return undefined;
    } catch (error) {
      return error instanceof DomainError ? error.code : String(error);
    }
  };
  const requires = (acr: string): string => JSON.stringify({ id_token: { acr: { essential: true, value: acr } } });

  it('has the scopes that were asked for, each once', () => {
    expect(read(tpp, { scope: `openid ${NUMBER} openid ${NUMBER}` }).scopes).toEqual(['openid', NUMBER]);
    expect(read(loginOnly, { scope: 'openid' }).scopes).toEqual(['openid']);
  });

  it.each<[string, Client, Record<string, string>, string]>([
    [
      'of a client that is not registered for logins',
      client(),
      { scope: `openid ${INFO}` },
      'oauth.unauthorized-client',
    ],
    [
      'with a scope that the client is not registered for',
      loginOnly,
      { scope: `openid ${NUMBER}` },
      'oauth.invalid-scope',
    ],
    ['with a scope of payments', tpp, { scope: `openid ${INFO} consents` }, 'oauth.invalid-scope'],
    ['with a scope that asks for more than there is', tpp, { scope: `openid ${INFO} profile` }, 'oauth.invalid-scope'],
    ['with two spaces', tpp, { scope: `openid  ${INFO}` }, 'oauth.invalid-scope'],
    ['with a bank', tpp, { scope: `openid ${INFO}`, resource: 'https://bank.example' }, 'oauth.invalid-target'],
    ['with a bank without a name', tpp, { scope: `openid ${INFO}`, resource: '' }, 'oauth.invalid-target'],
    ['with claims that are no JSON', tpp, { scope: `openid ${INFO}`, claims: '{' }, 'oauth.invalid-request'],
  ])('is refused %s', (_, by, parameters, code) => {
    expect(refusal(by, parameters)).toBe(code);
  });

  it('has the acr of its channel, and no other that a client requires', () => {
    const unmet = 'oauth.unmet-authentication-requirements';
    const asked = (acr: string): Record<string, string> => ({ scope: `openid ${INFO}`, claims: requires(acr) });
    expect([refusal(tpp, asked('urn:other')), refusal(tpp, asked('urn:other'), phone)]).toEqual([undefined, unmet]);
    expect([refusal(tpp, asked('urn:phone')), refusal(tpp, asked('urn:phone'), phone)]).toEqual([unmet, undefined]);
    expect(refusal(tpp, asked('urn:sigill:acr:bankid-signature'))).toBe(unmet);
  });

  it('holds no claim that its client is not registered for, and never the number that was asked for', () => {
    const claims = JSON.stringify({
      userinfo: { name: null, [PERSONAL]: null },
      id_token: { [PERSONAL]: { essential: true, value: '191212121212' }, birthdate: null },
    });
    const asked = read(loginOnly, { scope: 'openid', claims });
    expect(asked.claims).toEqual({ userinfo: { name: null }, id_token: { birthdate: null } });
    expect(asked.person).toBe('191212121212');
    const more = read(tpp, { scope: `openid ${NUMBER}`, claims }).claims;
    expect(more).toEqual({
      userinfo: { name: null, [PERSONAL]: null },
      id_token: { birthdate: null, [PERSONAL]: null },
    });
  });
});

import canonicalize from 'canonicalize';
import fc from 'fast-check';
import { facts, facts2 } from '../../test/support/vectors/vector.ts';
import { loginFacts } from '../../test/support/vectors/login-vector.ts';
import { DomainError } from '../kernel/errors.ts';
import { findLoginId, newLoginId } from '../kernel/ids.ts';
import { loginSubject } from '../kernel/subject.ts';
import type { Channel } from '../payment/channel.ts';
import { buildNonVisibleData, parseNonVisibleData } from '../payment/non-visible.ts';
import { CLIENT_NAME_LENGTH, MAX_SIGNED_BASE64, SCOPES_LENGTH } from './limits.ts';
import { buildLoginData, loginToJson, parseLoginData, type SignedLoginFacts } from './non-visible.ts';
import { loginTemplateOf, loginTemplates, renderLoginText } from './visible-text.ts';

const calls: readonly Channel[] = [
  { way: 'phone', callInitiator: 'user' },
  { way: 'phone', callInitiator: 'RP' },
];
const word = fc.string({ unit: fc.constantFrom(...'abcåäöéXYZ&-’“"\\'), minLength: 1, maxLength: 30 });
const scope = fc.string({ unit: fc.constantFrom(...'abc:/.'), minLength: 1, maxLength: 30 });
const code = fc.stringMatching(/^[A-Za-z0-9-]{1,9}(?: [A-Za-z0-9-]{1,10})?$/);
const login: fc.Arbitrary<SignedLoginFacts> = fc.record({
  environment: fc.constantFrom('sandbox' as const, 'bankid-test' as const, 'production' as const),
  loginId: fc.constant(newLoginId()),
  clientId: fc.string({ unit: fc.constantFrom(...'abc._~-09'), minLength: 1, maxLength: 64 }),
  clientName: word,
  scopes: fc.uniqueArray(scope, { minLength: 1, maxLength: 5 }),
  channel: fc.constantFrom<Channel>({ way: 'browser' }, { way: 'app' }, { way: 'qr' }, ...calls),
  bindingMessage: fc.option(code, { nil: undefined }),
  payer: fc.constantFrom('bound' as const, 'unbound' as const),
  orderedAt: fc.date({ min: new Date(0), max: new Date('2999-12-31'), noInvalidDate: true }),
  nonce: fc.stringMatching(/^[A-Za-z0-9_-]{22}$/),
  template: fc.constantFrom(...loginTemplates),
});

const refused = (data: Uint8Array, parse: (bytes: Uint8Array) => unknown = parseLoginData): boolean => {
  try {
    parse(data);
    return false;
  } catch (error) {
    if (error instanceof DomainError) return true;
    throw error;
  }
};

describe('the data of a login', () => {
  it('are RFC 8785, and survive printing and parsing', () => {
    fc.assert(
      fc.property(login, (facts) => {
        const bytes = buildLoginData(facts);
        const text = Buffer.from(bytes).toString('utf8');
        expect(canonicalize(JSON.parse(text))).toBe(text);
        expect(parseLoginData(bytes)).toEqual(facts);
      }),
    );
  });

  it('are those of another login, or refused, with any byte more, less or different', () => {
    const bytes = Buffer.from(buildLoginData(loginFacts));
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.nat(255), (at, byte) => {
        const [before, after, one] = [bytes.subarray(0, at), bytes.subarray(at + 1), Buffer.from([byte])];
        const changes = [
          [before, one, after],
          [before, after],
          [before, one, bytes.subarray(at)],
        ];
        for (const changed of changes.map((parts) => Buffer.concat(parts)))
          if (!changed.equals(bytes) && !refused(changed)) expect(parseLoginData(changed)).not.toEqual(loginFacts);
        expect(refused(Buffer.concat([bytes, one]))).toBe(true);
      }),
    );
  });

  it('are refused where the data of a consent are expected, and those of a consent here', () => {
    expect(refused(buildLoginData(loginFacts), parseNonVisibleData)).toBe(true);
    for (const consent of [facts, facts2]) expect(refused(buildNonVisibleData(consent))).toBe(true);
  });

  it.each<[string, object]>([
    ['another purpose', { purpose: 'sign' }],
    ['no purpose', { purpose: undefined }],
    ['another version', { v: 2 }],
    ['an unknown member', { amount: '1.00' }],
    ['no name', { clientName: '' }],
    ['a name of two lines', { clientName: 'Exempel\nKod:' }],
    ['a name with a mark that turns text around', { clientName: 'Exempel\u202e' }],
    ['a name that is too long', { clientName: 'x'.repeat(CLIENT_NAME_LENGTH + 1) }],
    ['a client id with a colon', { clientId: 'a:b' }],
    ['a login id that is none', { loginId: '1' }],
    ['no scopes', { scopes: [] }],
    ['a scope twice', { scopes: ['openid', 'openid'] }],
    ['a scope with a space', { scopes: ['open id'] }],
    ['a scope that is a number', { scopes: ['openid', 1] }],
    ['too many scopes', { scopes: ['openid', 'x'.repeat(SCOPES_LENGTH)] }],
    ['a code of 21 characters', { bindingMessage: 'x'.repeat(21) }],
    ['a code with a line break', { bindingMessage: 'a\nb' }],
    ['a code that is null', { bindingMessage: null }],
    ['an unknown way', { channel: { way: 'letter' } }],
    ['a payer who is neither', { payer: 'known' }],
    ['a short nonce', { nonce: 'AAAA' }],
    ['the template of a consent', { template: 'sv-2' }],
    ['a time that is none', { orderedAt: '2026-13-01T00:00:00.000Z' }],
    ['an unknown environment', { environment: 'staging' }],
  ])('are refused with %s', (_, change) => {
    const sound = JSON.parse(Buffer.from(buildLoginData(loginFacts)).toString('utf8')) as object;
    const written = (value: object): Buffer => Buffer.from(canonicalize(JSON.parse(JSON.stringify(value))) ?? '');
    expect(refused(written(sound))).toBe(false);
    expect(refused(written({ ...sound, ...change }))).toBe(true);
  });

  it('make login.json without what belongs to one order', () => {
    const { nonce, orderedAt, template, ...same } = JSON.parse(
      Buffer.from(buildLoginData(loginFacts)).toString('utf8'),
    ) as Record<string, unknown>;
    expect([nonce, orderedAt, template]).not.toContain(undefined);
    expect(loginToJson(loginFacts)).toEqual(same);
  });
});

it('a login has an id in one spelling, and a subject of its own at each client', () => {
  const loginId = newLoginId();
  expect(findLoginId(loginId.toUpperCase())).toBe(loginId);
  expect(loginSubject('rp-one', loginId)).toBe(`login:rp-one:${loginId}`);
});

describe('the text of a login', () => {
  it('says in Swedish who asks, for what, the code, who called, and warns', () => {
    expect(renderLoginText(loginFacts).split('\n')).toEqual([
      'Begärs av:',
      '  Exempelföretaget AB',
      'Ändamål:',
      '  Bekräfta för Exempelföretaget AB vem du är',
      'Kod:',
      '  K7-4242',
      'Telefonsamtal:',
      '  Du ringde till Exempelföretaget AB',
      '',
      'Avbryt om koden inte är den som du fick se eller höra.',
      'Legitimera dig bara om det var du som ringde.',
    ]);
  });

  it('says the same in English, without code and call where there are none', () => {
    const facts = {
      ...loginFacts,
      template: loginTemplateOf('en'),
      channel: { way: 'browser' },
      bindingMessage: undefined,
    } as const;
    expect(renderLoginText(facts).split('\n')).toEqual([
      'Requested by:',
      '  Exempelföretaget AB',
      'Purpose:',
      '  Log in at Exempelföretaget AB',
      '',
      'Identify yourself only if you want to log in here and now.',
      'Cancel if someone has asked you to do it: that is how fraud works.',
    ]);
    expect(renderLoginText({ ...facts, channel: calls[1]! })).toContain('Exempelföretaget AB called you');
    expect(renderLoginText({ ...loginFacts, template: loginTemplateOf('sv'), channel: calls[1]! })).toContain(
      'Lägg på',
    );
  });

  it.each(loginTemplates)('fits with its data into what BankID takes, at worst: %s', (template) => {
    const base64 = (bytes: Uint8Array | string): number => Buffer.from(bytes as string).toString('base64').length;
    for (const [channel, letter] of calls.flatMap((call) => ['’', '"', '\\'].map((of) => [call, of] as const))) {
      const longest: SignedLoginFacts = {
        ...loginFacts,
        template,
        channel,
        environment: 'bankid-test',
        clientId: 'x'.repeat(64),
        clientName: letter.repeat(CLIENT_NAME_LENGTH),
        scopes: Array.from({ length: SCOPES_LENGTH / 4 }, (_, n) => `s${String(n).padStart(2, '0')}`),
        bindingMessage: 'x'.repeat(20),
        payer: 'unbound',
      };
      expect(parseLoginData(buildLoginData(longest))).toEqual(longest);
      expect(base64(renderLoginText(longest))).toBeLessThanOrEqual(MAX_SIGNED_BASE64);
      expect(base64(buildLoginData(longest))).toBeLessThanOrEqual(MAX_SIGNED_BASE64);
    }
  });
});

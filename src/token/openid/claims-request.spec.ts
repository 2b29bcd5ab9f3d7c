import fc from 'fast-check';
import { Form } from '../form/form.ts';
import { DomainError } from '../../kernel/errors.ts';
import type { PersonalNumber } from '../../kernel/personal-number.ts';
import { checkClaims, checkOnePerson, checkRequiredAcr, type ClaimsRequest } from './claims-request.ts';

/** Test numbers that Skatteverket publishes: a personal number, another one, and a coordination number. */
const tolvan = '191212121212';
const agda = '189001019802';
const coordinated = '191500722390';
const PERSONAL = 'https://id.oidc.se/claim/personalIdentityNumber';
const COORDINATION = 'https://id.oidc.se/claim/coordinationNumber';
const OURS = 'urn:sigill:acr:bankid-identification';

const read = (text: string): ClaimsRequest => checkClaims(Form.of([['claims', text]]));
const ask = (claims: object): ClaimsRequest => read(JSON.stringify(claims));

function refusal(attempt: () => unknown): unknown {
  try {
    attempt();
  } catch (error) {
    if (error instanceof DomainError) return error;
    throw error;
  }
  return undefined;
}

describe('the parameter claims', () => {
  it('asks for nothing where it is absent, empty, or holds only what we do not understand', () => {
    const nothing = { person: undefined, requiredAcrs: undefined, asked: { userinfo: {}, id_token: {} } };
    expect(checkClaims(Form.of([]))).toEqual(nothing);
    expect(ask({})).toEqual(nothing);
    expect(ask({ userinfo: {}, id_token: {}, elsewhere: 1 })).toEqual(nothing);
    expect(ask({ userinfo: { 'name#sv': null, picture: { value: 1, colour: 'red' } } })).toEqual(nothing);
    expect(ask({ id_token: { auth_time: { essential: true }, acr: { essential: true } } })).toEqual(nothing);
  });

  it('names claims about the person, whose values are not kept', () => {
    const { asked } = ask({
      userinfo: { name: null, [COORDINATION]: { essential: true }, picture: null },
      id_token: { [PERSONAL]: { value: tolvan }, birthdate: { essential: true } },
    });
    expect(asked).toEqual({
      userinfo: { name: null, [COORDINATION]: null },
      id_token: { birthdate: null, [PERSONAL]: null },
    });
  });

  it.each<[string, object, string]>([
    ['for the id_token', { id_token: { [PERSONAL]: { value: tolvan } } }, tolvan],
    ['for /userinfo', { userinfo: { [PERSONAL]: { essential: true, value: tolvan } } }, tolvan],
    ['as the only one of a list', { userinfo: { [PERSONAL]: { values: [tolvan] } } }, tolvan],
    ['by a coordination number', { id_token: { [COORDINATION]: { value: coordinated } } }, coordinated],
    [
      'twice alike',
      { id_token: { [PERSONAL]: { value: tolvan } }, userinfo: { [PERSONAL]: { value: tolvan } } },
      tolvan,
    ],
  ])('names the person %s', (_, claims, person) => {
    expect(ask(claims).person).toBe(person);
  });

  it.each<[string, unknown]>([
    ['a list', []],
    ['a word', 'name'],
    ['null', null],
    ['claims that are a list', { userinfo: [PERSONAL] }],
    ['claims that are null', { id_token: null }],
    ['a claim that is a word', { id_token: { [PERSONAL]: tolvan } }],
    ['an essential that is a word', { id_token: { name: { essential: 'true' } } }],
    ['value beside values', { id_token: { acr: { value: OURS, values: [OURS] } } }],
    ['values that are a word', { id_token: { acr: { values: OURS } } }],
    ['an empty list of values, which nothing could meet', { id_token: { acr: { essential: true, values: [] } } }],
    ['an acr that is a number', { id_token: { acr: { essential: true, value: 3 } } }],
    ['a number without its check digit', { id_token: { [PERSONAL]: { value: '191212121213' } } }],
    ['a number of ten digits', { id_token: { [PERSONAL]: { value: '1212121212' } } }],
    ['a personal number that is no text', { id_token: { [PERSONAL]: { value: 191212121212 } } }],
    ['a coordination number as a personal number', { id_token: { [PERSONAL]: { value: coordinated } } }],
    ['a personal number as a coordination number', { id_token: { [COORDINATION]: { value: tolvan } } }],
    ['two persons in a list', { id_token: { [PERSONAL]: { values: [tolvan, agda] } } }],
    [
      'one person for each destination',
      { id_token: { [PERSONAL]: { value: tolvan } }, userinfo: { [PERSONAL]: { value: agda } } },
    ],
    [
      'one person by each claim',
      { id_token: { [PERSONAL]: { value: tolvan }, [COORDINATION]: { value: coordinated } } },
    ],
    ['a subject, whom we could not find', { id_token: { sub: { value: 'a' } } }],
    ['one of several subjects', { userinfo: { sub: { values: ['a', 'b'] } } }],
  ])('is refused with %s, without repeating what it says', (_, claims) => {
    const error = refusal(() => read(JSON.stringify(claims)));
    expect(error).toMatchObject({ code: 'oauth.invalid-request', pointer: '/claims' });
    expect(JSON.stringify(error)).not.toMatch(/\d{10}/);
  });

  it.each(['{', '{"id_token":{},"id_token":{}}', '{"__proto__":{}}', `${'['.repeat(40)}${']'.repeat(40)}`])(
    'is refused as unsafe JSON: %s',
    (text) => expect(refusal(() => read(text))).toMatchObject({ code: 'oauth.invalid-request' }),
  );

  it('is read or refused, whatever JSON it is', () => {
    const names = fc.constantFrom(
      'userinfo',
      'id_token',
      PERSONAL,
      COORDINATION,
      'acr',
      'sub',
      'value',
      'values',
      'essential',
    );
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { depthSize: 'small' },
        fc.jsonValue(),
        fc.constantFrom(tolvan, true),
        fc.dictionary(names, tie('tree')),
      ),
    }));
    fc.assert(
      fc.property(tree, (value) => {
        const error = refusal(() => read(JSON.stringify(value)));
        return error === undefined || (error as DomainError).code === 'oauth.invalid-request';
      }),
    );
  });
});

describe('an acr', () => {
  it.each<[string, object | null]>([
    ['asked for by name', null],
    ['that is essential, whatever it is', { essential: true }],
    ['that is only wished for', { value: 'urn:other' }],
    ['that is ours', { essential: true, value: OURS }],
    ['that may be ours', { essential: true, values: ['urn:other', OURS] }],
  ])('%s is met', (_, acr) => {
    expect(refusal(() => checkRequiredAcr(ask({ id_token: { acr } }), OURS))).toBeUndefined();
  });

  it.each<[string, object]>([
    ['another', { essential: true, value: 'urn:other' }],
    ['one of others', { essential: true, values: ['urn:other', 'urn:third'] }],
    ['almost ours', { essential: true, value: OURS.toUpperCase() }],
  ])('that must be %s is not met', (_, acr) => {
    expect(refusal(() => checkRequiredAcr(ask({ id_token: { acr } }), OURS))).toMatchObject({
      code: 'oauth.unmet-authentication-requirements',
      pointer: '/claims',
    });
  });

  it('of /userinfo does not exist, so nothing is required of it', () => {
    expect(ask({ userinfo: { acr: { essential: true, value: 'urn:other' } } }).requiredAcrs).toBeUndefined();
  });
});

describe('login_hint and claims', () => {
  const named = ask({ id_token: { [PERSONAL]: { value: tolvan } } });

  it('each name the person', () => {
    expect(checkOnePerson(undefined, named)).toBe(tolvan);
    expect(checkOnePerson(agda as PersonalNumber, ask({}))).toBe(agda);
    expect(checkOnePerson(tolvan as PersonalNumber, named)).toBe(tolvan);
    expect(checkOnePerson(undefined, ask({}))).toBeUndefined();
  });

  it('cannot name two', () => {
    expect(refusal(() => checkOnePerson(agda as PersonalNumber, named))).toMatchObject({
      code: 'oauth.invalid-request',
    });
  });
});

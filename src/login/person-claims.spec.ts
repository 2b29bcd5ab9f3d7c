import fc from 'fast-check';
import type { PersonalNumber } from '../kernel/personal-number.ts';
import { loginScopes } from '../clients/payer-ways.ts';
import type { Person } from './login.ts';
import { claimsOf, claimsWithin, isNumberClaim, personClaims, requestedClaims } from './person-claims.ts';

const [INFO, NUMBER] = loginScopes;
const PERSONAL = 'https://id.oidc.se/claim/personalIdentityNumber';
const COORDINATION = 'https://id.oidc.se/claim/coordinationNumber';

const anna = (personalNumber: string): Person => ({
  personalNumber: personalNumber as PersonalNumber,
  name: 'Anna Åkesson Ö’Hara',
  givenName: 'Anna',
  surname: 'Åkesson Ö’Hara',
});

describe('the claims of a person', () => {
  it.each([
    ['199001012385', { [PERSONAL]: '199001012385', birthdate: '1990-01-01' }],
    ['191212121212', { [PERSONAL]: '191212121212', birthdate: '1912-12-12' }],
    ['191500722390', { [COORDINATION]: '191500722390', birthdate: '1915' }],
    ['199001612382', { [COORDINATION]: '199001612382', birthdate: '1990-01-01' }],
    ['199012912383', { [COORDINATION]: '199012912383', birthdate: '1990-12-31' }],
    ['199001602383', { [COORDINATION]: '199001602383', birthdate: '1990' }],
  ])('of %s are one number, of the right kind, and a date of birth without the 60', (number, expected) => {
    expect(claimsOf(anna(number), [PERSONAL, COORDINATION, 'birthdate'])).toEqual(expected);
  });

  it('are the names of the certificate, letter by letter', () => {
    expect(claimsOf(anna('199001012385'), ['name', 'given_name', 'family_name'])).toEqual({
      name: 'Anna Åkesson Ö’Hara',
      given_name: 'Anna',
      family_name: 'Åkesson Ö’Hara',
    });
  });

  it('leave out a name that the certificate does not have', () => {
    const person = { ...anna('199001012385'), givenName: '' };
    expect(claimsOf(person, ['name', 'given_name'])).toEqual({ name: 'Anna Åkesson Ö’Hara' });
  });

  it('are those that were asked for, and no other', () => {
    fc.assert(
      fc.property(fc.subarray([...personClaims]), (asked) => {
        expect(asked).toEqual(expect.arrayContaining(Object.keys(claimsOf(anna('199001012385'), asked))));
      }),
    );
  });
});

describe('a request', () => {
  const nothing = { scopes: ['openid'], claims: undefined };

  it('with openid alone asks for nothing about the person', () => {
    expect([requestedClaims(nothing, 'userinfo'), requestedClaims(nothing, 'id_token')]).toEqual([[], []]);
  });

  it('asks by naturalPersonInfo for names and date of birth, at /userinfo only', () => {
    const request = { ...nothing, scopes: ['openid', INFO] };
    expect(requestedClaims(request, 'userinfo')).toEqual(['name', 'given_name', 'family_name', 'birthdate']);
    expect(requestedClaims(request, 'id_token')).toEqual([]);
  });

  it('asks by naturalPersonNumber for the number, at /userinfo and in the id_token', () => {
    const request = { ...nothing, scopes: ['openid', NUMBER] };
    expect(requestedClaims(request, 'userinfo')).toEqual([PERSONAL, COORDINATION]);
    expect(requestedClaims(request, 'id_token')).toEqual([PERSONAL, COORDINATION]);
  });

  it('asks one by one for each destination by itself', () => {
    const request = { ...nothing, claims: { userinfo: { [PERSONAL]: null }, id_token: { name: null, picture: null } } };
    expect(requestedClaims(request, 'userinfo')).toEqual([PERSONAL]);
    expect(requestedClaims(request, 'id_token')).toEqual(['name']);
  });

  it('is held to what the client was registered for', () => {
    expect([...claimsWithin([INFO])].filter((claim) => isNumberClaim(claim as typeof PERSONAL))).toEqual([]);
    expect([...claimsWithin([NUMBER])]).toEqual([PERSONAL, COORDINATION]);
    expect([...claimsWithin([INFO, NUMBER])].sort()).toEqual([...personClaims].sort());
  });
});

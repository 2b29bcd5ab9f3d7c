import { problems } from '../../../src/http/problems.ts';
import { DomainError, type ErrorCode } from '../../../src/kernel/errors.ts';
import { oauthErrorOf } from '../../../src/token/oauth/oauth-errors.ts';

const ISSUER = 'https://sigill.example';
const codes = Object.keys(problems) as ErrorCode[];
const answerTo = (code: ErrorCode) => oauthErrorOf(new DomainError(code), ISSUER);

describe('an error of the OAuth endpoints', () => {
  it.each(codes)('%s names a page that there is', (code) => {
    const page = answerTo(code).body.error_uri.replace(`${ISSUER}/problems/`, '');
    expect([...codes, 'internal']).toContain(page);
  });

  it('names the page of its code', () => {
    expect(answerTo('grant.invalid').body).toEqual({
      error: 'invalid_grant',
      error_uri: `${ISSUER}/problems/grant.invalid`,
    });
  });

  it.each<[string, readonly ErrorCode[]]>([
    [
      'has an order elsewhere, or was asked too often',
      ['bankid.already-in-progress', 'consent.too-many-orders', 'login.too-many-orders'],
    ],
    ['is refused by BankID, or BankID is down', ['bankid.refused', 'bankid.unavailable']],
  ])('does not say whether a person %s', (_, alike) => {
    expect(new Set(alike.map((code) => JSON.stringify(answerTo(code)))).size).toBe(1);
  });

  it('does not say whether a client is registered', () => {
    expect(answerTo('client.unknown')).toEqual(answerTo('client.assertion-invalid'));
  });

  it('is a server_error for what no code describes, and says nothing else', () => {
    const body = { error: 'server_error', error_uri: `${ISSUER}/problems/internal` };
    expect(oauthErrorOf(undefined, ISSUER)).toEqual({ status: 500, body });
    expect(answerTo('evidence.none')).toEqual({ status: 500, body });
  });
});

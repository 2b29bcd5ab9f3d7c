import type { RawAnswer } from '../../support/parties/exchange.ts';
import { payment } from '../../support/parties/payment.ts';
import type { Spoilt } from '../../support/parties/raw-client.ts';
import { UNKNOWN_EXTENSION } from '../../support/token/object-signer.ts';
import { denied, RequestContest, type SpoiltCase } from '../../support/beside-oidc-provider/request-contest.ts';
import type { Side } from '../../support/beside-oidc-provider/verdict.ts';

const HOUR = 3600;

let requests: RequestContest;
beforeAll(async () => {
  requests = await RequestContest.open();
}, 60_000);
afterAll(() => requests.close());

describe('a signed request is accepted by its server and in its time alone:', () => {
  const cases: readonly SpoiltCase[] = [
    {
      name: 'not for the PAR endpoint',
      ours: denied,
      make: ({ signer, par }) => ({ claims: { aud: `${signer.issuer}${par}` } }),
    },
    { name: 'not for another server', ours: denied, make: () => ({ claims: { aud: 'https://as.example' } }) },
    {
      name: 'not for several others',
      ours: denied,
      make: () => ({ claims: { aud: ['https://as.example', 'https://b.example'] } }),
    },
    { name: 'not for no server', ours: denied, make: () => ({ claims: { aud: undefined } }) },
    {
      name: 'for us among others it is let in',
      ours: 'accepted',
      make: ({ signer }) => ({ claims: { aud: ['https://as.example', signer.issuer] } }),
    },
    {
      name: 'not for us and for what is no text',
      ours: denied,
      make: ({ signer }) => ({ claims: { aud: [signer.issuer, 5] } }),
    },
    { name: 'not without end', ours: denied, make: () => ({ claims: { exp: undefined } }) },
    {
      name: 'not after its end',
      ours: denied,
      make: ({ signer: { now } }) => ({ claims: { nbf: now - 300, iat: now - 300, exp: now - 70 } }),
    },
    {
      name: 'not five seconds after its end',
      ours: denied,
      theirs: 'accepted',
      make: ({ signer: { now } }) => ({ claims: { exp: now - 5, nbf: now - 60 } }),
    },
    { name: 'not without beginning', ours: denied, make: () => ({ claims: { nbf: undefined } }) },
    {
      name: 'not 70 seconds before its beginning',
      ours: denied,
      make: ({ signer: { now } }) => ({ claims: { nbf: now + 70, iat: now + 70 } }),
    },
    {
      name: '8 seconds before its beginning it is let in',
      ours: 'accepted',
      make: ({ signer: { now } }) => ({ claims: { nbf: now + 8, iat: now + 8 } }),
    },
    {
      name: '20 seconds before its beginning we let it in',
      ours: 'accepted',
      theirs: denied,
      isLaxer: true,
      make: ({ signer: { now } }) => ({ claims: { nbf: now + 20 } }),
    },
    {
      name: 'not when it was made 70 seconds from now',
      ours: denied,
      theirs: 'accepted',
      make: ({ signer: { now } }) => ({ claims: { iat: now + 70 } }),
    },
    {
      name: 'not for more than an hour',
      ours: denied,
      make: ({ signer: { now } }) => ({ claims: { exp: now + HOUR + 60 } }),
    },
    {
      name: 'for an hour it is let in',
      ours: 'accepted',
      make: ({ signer: { now } }) => ({ claims: { exp: now + HOUR } }),
    },
    {
      name: 'not when it began more than an hour ago',
      ours: denied,
      make: ({ signer: { now } }) => ({ claims: { nbf: now - HOUR - 60, exp: now + 10 } }),
    },
    {
      name: 'not when it ends before it begins',
      ours: denied,
      make: ({ signer: { now } }) => ({ claims: { nbf: now + 8, exp: now + 4 } }),
    },
    {
      name: 'not with an end that is text',
      ours: denied,
      make: ({ signer: { now } }) => ({ claims: { exp: String(now + 60) } }),
    },
    {
      name: 'not with a beginning that is text',
      ours: denied,
      make: ({ signer: { now } }) => ({ claims: { nbf: String(now) } }),
    },
    { name: 'not with an identifier that is a number', ours: denied, make: () => ({ claims: { jti: 5 } }) },
  ];
  it.each(cases)('$name', (one) => requests.comparePush(one));

  async function pushTwice(side: Side, spoilt: Spoilt): Promise<RawAnswer> {
    const request = await requests.objectsOf(side).sign(spoilt);
    expect((await side.signer.postAs(side.par, { request })).status).toBe(201);
    return side.signer.postAs(side.par, { request });
  }

  it('not when it is pushed again: its identifier stands for one push', async () => {
    await requests.contest.compare({ name: '', ours: denied, theirs: 'accepted' }, (side) => pushTwice(side, {}));
  });

  it('pushed again without an identifier it is let in: each push is authenticated', async () => {
    await requests.contest.compare({ name: '', ours: 'accepted' }, (side) =>
      pushTwice(side, { claims: { jti: undefined } }),
    );
  });
});

describe('a signed request is accepted as no other message:', () => {
  const cases: readonly SpoiltCase[] = [
    { name: 'without type it is let in', ours: 'accepted', make: () => ({ header: { typ: undefined } }) },
    { name: 'as a JWT it is let in', ours: 'accepted', make: () => ({ header: { typ: 'JWT' } }) },
    { name: 'not a DPoP proof', ours: denied, theirs: 'accepted', make: () => ({ header: { typ: 'dpop+jwt' } }) },
    { name: 'not an access token', ours: denied, theirs: 'accepted', make: () => ({ header: { typ: 'at+jwt' } }) },
    {
      name: 'not what would do for a client assertion',
      ours: denied,
      theirs: 'accepted',
      make: ({ signer }) => ({ claims: { sub: signer.id } }),
    },
    {
      name: 'not under an unknown critical extension',
      ours: denied,
      make: () => ({ header: { crit: [UNKNOWN_EXTENSION], [UNKNOWN_EXTENSION]: 'on' } }),
    },
    { name: 'not an object in an object', ours: denied, make: () => ({ claims: { request: 'e30.e30.' } }) },
    {
      name: 'not a reference in an object',
      ours: denied,
      make: () => ({ claims: { request_uri: 'urn:ietf:params:oauth:request_uri:a' } }),
    },
    {
      name: 'not with two redirect URIs',
      ours: denied,
      theirs: 'invalid_request',
      make: () => ({ claims: { redirect_uri: ['https://a.example/cb', 'https://b.example/cb'] } }),
    },
    {
      name: 'not with two states',
      ours: denied,
      theirs: 'invalid_request',
      make: () => ({ claims: { state: ['a', 'b'] } }),
    },
    {
      name: 'not with a state that is a number',
      ours: denied,
      theirs: 'accepted',
      make: () => ({ claims: { state: 5 } }),
    },
    {
      name: 'not with a token for an answer',
      ours: 'unsupported_response_type',
      make: () => ({ claims: { response_type: 'token' } }),
    },
    {
      name: 'not with a plain challenge',
      ours: 'invalid_request',
      make: () => ({ claims: { code_challenge_method: 'plain' } }),
    },
    {
      name: 'not with the thumbprint of another key',
      ours: 'invalid_request',
      make: () => ({ claims: { dpop_jkt: 'A'.repeat(43) } }),
    },
    {
      name: 'not with an unknown member in its payment',
      ours: 'invalid_authorization_details',
      make: () => ({ claims: { authorization_details: [{ ...payment, colour: 'red' }] } }),
    },
    {
      name: 'with its details as text it is let in',
      ours: 'accepted',
      make: () => ({ claims: { authorization_details: JSON.stringify([payment]) } }),
    },
  ];
  it.each(cases)('$name', (one) => requests.comparePush(one));
});

import { CompactSign, importJWK, type CryptoKey } from 'jose';
import type { RawAnswer } from '../support/parties/exchange.ts';
import type { RawClient } from '../support/parties/raw-client.ts';
import { TokenSteps } from '../support/token/token-steps.ts';
import { ObjectSigner } from '../support/token/object-signer.ts';

const machine = { grant_type: 'client_credentials' };
let steps: TokenSteps;
let signer: RawClient;
let objects: ObjectSigner;
beforeAll(async () => {
  steps = await TokenSteps.start();
  signer = await steps.connect('signingTpp');
  objects = await ObjectSigner.create(signer, steps.clients.signingTpp);
}, 120_000);
afterAll(() => steps.stop());

const said = ({ status, body }: RawAnswer): readonly unknown[] => [status, body['error']];

describe('a TPP that writes the type of its JWT as RFC 7515 §4.1.9 allows', () => {
  it.each([
    'oauth-authz-req+jwt',
    'OautH-auThZ-REQ+jWt',
    'application/oauth-authz-req+jwt',
    'Application/OAuth-Authz-Req+JWT',
    'application/jwt',
    undefined,
  ])('pushes a request object of type %j', async (typ) => {
    const request = await objects.sign({ header: { typ } });
    expect(said(await signer.postAs('/par', { request }))).toEqual([201, undefined]);
  });

  it.each(['JWT', 'Jwt', 'application/JWT', 'Client-Authentication+JWT', 'application/client-authentication+jwt'])(
    'authenticates by an assertion of type %j',
    async (typ) => {
      const fields = { ...machine, ...steps.tpp.credentials(await steps.tpp.assertion({ header: { typ } })) };
      expect(said(await steps.tpp.postAs('/token', fields))).toEqual([200, undefined]);
    },
  );

  it.each(['dpop+jwt', 'DPoP+JWT', 'application/dpop+jwt'])('proves its key by a proof of type %j', async (typ) => {
    const dpop = await steps.tpp.proof('POST', '/token', undefined, { header: { typ } });
    expect(said(await steps.tpp.postAs('/token', machine, { dpop }))).toEqual([200, undefined]);
  });
});

describe('a JWT of another type', () => {
  const others = [
    'at+jwt',
    'text/jwt',
    'jwt;charset=utf-8',
    'application/application/jwt',
    'jwt ',
    '',
    1,
    ['jwt'],
    null,
  ];

  it.each([...others, 'dpop+jwt', 'client-authentication+jwt'])('is no request object: %j', async (typ) => {
    const request = await objects.sign({ header: { typ } });
    expect(said(await signer.postAs('/par', { request }))).toEqual([400, 'invalid_request_object']);
  });

  it.each([...others, 'oauth-authz-req+jwt', 'application/dpop+jwt'])('is no client assertion: %j', async (typ) => {
    const fields = { ...machine, ...steps.tpp.credentials(await steps.tpp.assertion({ header: { typ } })) };
    expect(said(await steps.tpp.postAs('/token', fields))).toEqual([401, 'invalid_client']);
  });

  it.each([...others, 'jwt', undefined, 'application/jwt'])('is no proof: %j', async (typ) => {
    const dpop = await steps.tpp.proof('POST', '/token', undefined, { header: { typ } });
    expect(said(await steps.tpp.postAs('/token', machine, { dpop }))).toEqual([400, 'invalid_dpop_proof']);
  });
});

describe('a member that stands twice, which some readers take from the front and others from the back', () => {
  it('is refused in the payment of a push', async () => {
    const { authorization_details: details = '', ...others } = steps.tpp.pushFields();
    for (const name of ['amount', 'creditorName', 'type']) {
      const twice = details.replace(`"${name}"`, `"${name}":"x","${name}"`);
      const answer = await steps.tpp.postAs('/par', { ...others, authorization_details: twice });
      expect(said(answer)).toEqual([400, 'invalid_authorization_details']);
    }
  });

  it('is refused in the claims and in the header of a signed request, in an assertion and in a proof', async () => {
    const { privateJwk } = steps.clients.signingTpp;
    const key = (await importJWK(privateJwk, 'ES256')) as CryptoKey;
    const sign = (claims: string): Promise<string> =>
      new CompactSign(Buffer.from(claims)).setProtectedHeader({ alg: 'ES256', kid: privateJwk.kid ?? '' }).sign(key);
    const claims = JSON.stringify(objects.claims());
    expect(said(await signer.postAs('/par', { request: await sign(claims) }))).toEqual([201, undefined]);
    const twice = claims.replace('"amount"', '"amount":"1.00","amount"');
    expect(said(await signer.postAs('/par', { request: await sign(twice) }))).toEqual([400, 'invalid_request_object']);

    const assertion = JSON.stringify({ iss: 'other', iss2: 1, exp: signer.now + 60 }).replace('"iss2"', '"iss"');
    const fields = { ...machine, ...signer.credentials(await sign(assertion)) };
    const refused = await signer.postAs('/token', fields);
    expect(said(refused)).toEqual([401, 'invalid_client']);
    expect(refused.body['error_description']).toBe('client_assertion is not a JWT');

    const [, payload = '', signature = ''] = (await steps.tpp.proof('POST', '/token')).split('.');
    const header = Buffer.from('{"typ":"dpop+jwt","typ":"dpop+jwt","alg":"ES256"}').toString('base64url');
    const proof = await steps.tpp.postAs('/token', machine, { dpop: `${header}.${payload}.${signature}` });
    expect(proof.body['error_description']).toBe('there must be one DPoP header with one JWT');
  });
});

import { exampleEuroPayment, examplePayment } from '../../../src/consent/payment.dto.ts';
import { proven, type Calls } from './api-call.ts';

/** How a client of this id authenticates. */
const authenticated = (clientId: string): Readonly<Record<string, string>> => ({
  client_id: clientId,
  client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
  client_assertion: '{{client_assertion}}',
});

/** The challenge of RFC 7636, appendix B. */
const codeParameters = {
  response_type: 'code',
  redirect_uri: 'http://localhost:3003/callback',
  state: 'order-4711',
  code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
  code_challenge_method: 'S256',
} as const;

const parameters = { ...codeParameters, resource: 'https://api.exempelbanken.example/payments' } as const;

/** The verifier of RFC 7636, appendix B. */
const redemption = {
  grant_type: 'authorization_code',
  redirect_uri: 'http://localhost:3003/callback',
  code_verifier: 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk',
} as const;

const machine = { grant_type: 'client_credentials', scope: 'consents' } as const;

const details = (payment: object): Readonly<Record<string, string>> => ({
  authorization_details: JSON.stringify([payment]),
});

const checkedNow = {
  ...exampleEuroPayment,
  creditorNameVerification: { result: 'not-possible', checkedAt: new Date().toISOString() },
};

/** Requests to the OAuth endpoints, and to what a browser visits. */
export const oauthCalls: Readonly<Record<string, Calls>> = {
  'post /par': {
    'a payment to a bankgiro account with an OCR number': {
      by: 'tpp',
      headers: proven,
      body: { ...authenticated('exempelbetal'), ...parameters, ...details(examplePayment) },
      status: 201,
    },
    'a payment in euro with an RF reference': {
      by: 'tpp',
      headers: proven,
      body: { ...authenticated('exempelbetal'), ...parameters, ...details(exampleEuroPayment) },
      status: 201,
    },
    'a payment in euro of which the TPP states that its payee could not be verified': {
      by: 'tpp',
      headers: proven,
      body: { ...authenticated('exempelbetal'), ...parameters, ...details(checkedNow) },
      status: 201,
    },
    'for one person alone, with an id_token': {
      by: 'tpp',
      headers: { ...proven, 'Idempotency-Key': 'order-4711' },
      body: {
        ...authenticated('exempelbetal'),
        ...parameters,
        ...details(examplePayment),
        login_hint: 'personnummer:191212121212',
        scope: 'openid',
        nonce: 'n-0S6_WzA2Mj',
      },
      status: 201,
    },
    'as a signed request': {
      by: 'signingTpp',
      headers: proven,
      body: { ...authenticated('signabetal'), request: '{{request_object}}' },
      status: 201,
    },
    'a login': {
      by: 'rp',
      headers: proven,
      body: {
        ...authenticated('exempelbutiken'),
        ...codeParameters,
        scope: 'openid https://id.oidc.se/scope/naturalPersonNumber',
        nonce: 'n-0S6_WzA2Mj',
      },
      status: 201,
    },
    'a login of a client that is not registered for it': {
      by: 'tpp',
      headers: proven,
      body: {
        ...authenticated('exempelbetal'),
        ...codeParameters,
        scope: 'openid https://id.oidc.se/scope/naturalPersonNumber',
      },
      status: 400,
    },
    'without a payee': {
      by: 'tpp',
      headers: proven,
      body: {
        ...authenticated('exempelbetal'),
        ...parameters,
        ...details({ ...examplePayment, creditorName: undefined }),
      },
      status: 400,
    },
    'without client authentication': {
      by: 'anybody',
      body: { client_id: 'exempelbetal', ...parameters, ...details(examplePayment) },
      status: 401,
    },
    'by a bank': {
      by: 'bank',
      headers: proven,
      body: { ...authenticated('exempelbanken'), ...parameters, ...details(examplePayment) },
      status: 403,
    },
  },
  'post /token': {
    'a code that the browser brought': {
      by: 'tpp',
      headers: proven,
      body: { ...authenticated('exempelbetal'), ...redemption, code: '{{code}}' },
      status: 200,
    },
    'a token of the bank for itself': {
      by: 'bank',
      headers: proven,
      body: { ...authenticated('exempelbanken'), grant_type: 'client_credentials', scope: 'consents consume' },
      status: 200,
    },
    'an unknown code': {
      by: 'tpp',
      headers: proven,
      body: { ...authenticated('exempelbetal'), ...redemption, code: 'U2lnaWxsIGdhdmUgbm8gY29kZSBsaWtlIHRoaXMgb25l' },
      status: 400,
    },
    'without any proof of a key': { by: 'tpp', body: { ...authenticated('exempelbetal'), ...machine }, status: 400 },
    'without client authentication': {
      by: 'anybody',
      body: { client_id: 'exempelbetal', ...machine },
      status: 401,
    },
  },
  'post /introspect': {
    'a token that a TPP showed': {
      by: 'bank',
      body: { ...authenticated('exempelbanken'), token: '{{access_token}}' },
      status: 200,
    },
    'the same, signed and encrypted': {
      by: 'bank',
      accept: 'application/token-introspection+jwt',
      body: { ...authenticated('exempelbanken'), token: '{{access_token}}' },
      status: 200,
    },
    'another bank learns nothing': {
      by: 'otherBank',
      body: { ...authenticated('provbanken'), token: '{{access_token}}' },
      status: 200,
    },
    'a TPP may not ask': {
      by: 'tpp',
      body: { ...authenticated('exempelbetal'), token: '{{access_token}}' },
      status: 403,
    },
  },
  'post /revoke': {
    'its own token': {
      by: 'tpp',
      body: { ...authenticated('exempelbetal'), token: '{{access_token}}' },
      status: 200,
    },
    'a token that there is not': {
      by: 'tpp',
      body: { ...authenticated('exempelbetal'), token: 'U2lnaWxsIGdhdmUgbm8gdG9rZW4gbGlrZSB0aGlzIG9uZQ' },
      status: 200,
    },
    'without a token': { by: 'tpp', body: authenticated('exempelbetal'), status: 400 },
  },
  'get /authorize': {
    'the link that the payer was given': {
      by: 'payer',
      query: { client_id: 'exempelbetal', request_uri: '{{request_uri}}' },
      status: 303,
    },
    'an unknown link': {
      by: 'anybody',
      query: { client_id: 'exempelbetal', request_uri: 'urn:ietf:params:oauth:request_uri:none' },
      status: 400,
    },
  },
  'post /authorize': {
    'the link that the payer was given, sent as a form': {
      by: 'payer',
      body: { client_id: 'exempelbetal', request_uri: '{{request_uri}}' },
      status: 303,
    },
  },
  'get /authorize/{interaction}/return': {
    'the payer has signed': {
      by: 'payer',
      path: { interaction: '{{interaction}}' },
      cookies: { sigill: '{{browser_cookie}}' },
      status: 303,
    },
    'another browser': { by: 'anybody', path: { interaction: '{{interaction}}' }, status: 404 },
  },
  'get /authorize/login/{interaction}/return': {
    'the person has logged in': {
      by: 'payer',
      path: { interaction: '{{login_interaction}}' },
      cookies: { sigill: '{{login_browser_cookie}}' },
      status: 303,
    },
    'another browser': { by: 'anybody', path: { interaction: '{{login_interaction}}' }, status: 404 },
  },
  'get /userinfo': {
    'with the token of a login': { by: 'rpWithToken', headers: proven, status: 200 },
    'with a token of the client for itself': { by: 'tpp', headers: proven, status: 403 },
    'without a token': { by: 'anybody', status: 401 },
  },
  'post /userinfo': {
    'with the token of a login': { by: 'rpWithToken', headers: proven, status: 200 },
  },
};

import { proven, type Calls } from './api-call.ts';

const ASSERTION = {
  client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
  client_assertion: '{{client_assertion}}',
} as const;

const signed = { client_id: 'appbetal', ...ASSERTION, request: '{{backchannel_request}}' } as const;
const inQr = { path: { id: '{{qr_request_id}}' }, headers: { DPoP: '{{qr_proof}}' } } as const;
const inApp = { path: { id: '{{app_request_id}}' }, headers: { DPoP: '{{app_proof}}' } } as const;
const unknown = { path: { id: 'Qw7rT2yU9iO4pA6sD1fG3h' }, headers: { DPoP: '{{qr_proof}}' } } as const;

/** Requests to what a backchannel request needs. Its holder has no token, so it is nobody whom the service knows. */
export const backchannelCalls: Readonly<Record<string, Calls>> = {
  'post /backchannel': {
    'a signed request': {
      by: 'appTpp',
      headers: { ...proven, 'Idempotency-Key': 'order-4711' },
      body: signed,
      status: 200,
    },
    'an unsigned one': {
      by: 'appTpp',
      headers: proven,
      body: { client_id: 'appbetal', ...ASSERTION, scope: 'openid' },
      status: 400,
    },
    'without client authentication': {
      by: 'anybody',
      body: { client_id: 'appbetal', request: '{{backchannel_request}}' },
      status: 401,
    },
    'by a bank': {
      by: 'bank',
      headers: proven,
      body: { client_id: 'exempelbanken', ...ASSERTION, request: '{{backchannel_request}}' },
      status: 403,
    },
  },
  'get /backchannel/{id}': {
    'by its key': { by: 'anybody', ...inApp, status: 200 },
    'without any': { by: 'anybody', path: inQr.path, status: 401 },
    'one that there is not': { by: 'anybody', ...unknown, status: 404 },
  },
  'get /backchannel/{id}/qr': {
    'the text': { by: 'anybody', ...inQr, accept: 'text/plain', status: 200 },
    'the picture': { by: 'anybody', ...inQr, accept: 'image/svg+xml', status: 200 },
    'of an app': { by: 'anybody', ...inApp, status: 409 },
  },
  'post /backchannel/{id}/launch': {
    'the link of now': { by: 'anybody', ...inApp, status: 200 },
    'of a QR code': { by: 'anybody', ...inQr, status: 409 },
  },
  'post /backchannel/{id}/return': {
    'the nonce that came back': { by: 'anybody', ...inApp, body: { nonce: '{{app_nonce}}' }, status: 204 },
    'another one': { by: 'anybody', ...inApp, body: { nonce: 'A'.repeat(43) }, status: 422 },
    'none at all': { by: 'anybody', ...inApp, body: {}, status: 400 },
  },
  'delete /backchannel/{id}': {
    'its holder takes it back': { by: 'anybody', ...inQr, status: 204 },
    'without any': { by: 'anybody', path: inQr.path, status: 401 },
  },
};

import { examplePayment } from '../../../src/consent/payment.dto.ts';
import { exampleApprovalRequest } from '../../../src/compliance/approvals/approvals.dto.ts';
import { exampleOrder } from '../../../src/compliance/orders/exports.dto.ts';
import { proven, type Calls } from './api-call.ts';
import { backchannelCalls } from './backchannel-calls.ts';
import { oauthCalls } from './oauth-calls.ts';

const read: Calls = { 'what is there': { by: 'anybody', status: 200 } };
const stated = { ...proven, 'Sigill-Purpose': 'complaint' } as const;
const live = { path: { id: '{{consent_id}}' }, headers: proven };
const consumed = { path: { id: '{{consumed_consent_id}}' }, headers: proven };
const evidenceOf = { path: { id: '{{consumed_consent_id}}' }, headers: stated };
const awaiting = { path: { id: '{{awaiting_export_id}}' }, headers: proven };
const exported = { path: { id: '{{export_id}}' }, headers: proven };
const evidence = { path: { id: '{{evidence_id}}' }, headers: stated };

const log = { path: { logId: '{{log_id}}' }, headers: proven };
const tileOf = (level: string, tile: string) => ({ path: { ...log.path, level, tile }, headers: proven });

const consumption = {
  accessTokenSha256: '{{access_token_sha256}}',
  payment: examplePayment,
  payer: { personalNumber: '{{personal_number}}' },
  paymentReference: 'payment-4711',
} as const;

const UNKNOWN_LOGIN = '5c1f7d0e-6f0a-4c51-9d3e-3a1f0a9c2b11';

const folders = { format: 'folders', consentId: UNKNOWN_LOGIN, purpose: 'complaint' } as const;

const received = { signature: '{{bankid_signature}}', ocspResponse: '{{bankid_ocsp_response}}' } as const;

const consents: Readonly<Record<string, Calls>> = {
  'get /consent': {
    'with the token of a consent': { by: 'tppWithToken', headers: proven, status: 200 },
    'a token of a client for itself is for no consent': { by: 'tpp', headers: proven, status: 404 },
  },
  'get /consents/{id}': {
    'its TPP reads it': { by: 'tpp', ...live, status: 200 },
    'its bank reads it': { by: 'bank', ...consumed, status: 200 },
    'another bank finds nothing': { by: 'otherBank', ...live, status: 404 },
    'an auditor reads evidence, not consents': { by: 'auditor', ...live, status: 403 },
    'without a token': { by: 'anybody', path: live.path, status: 401 },
  },
  'delete /consents/{id}': {
    'the TPP changes its mind': { by: 'tpp', path: { id: '{{pushed_consent_id}}' }, headers: proven, status: 204 },
    'too late': { by: 'tpp', ...consumed, status: 409 },
  },
  'post /consents/{id}/consume': {
    'the payment that was signed': { by: 'bank', ...live, body: consumption, status: 200 },
    'another amount': {
      by: 'bank',
      ...live,
      body: {
        ...consumption,
        paymentReference: 'payment-4712',
        payment: { ...examplePayment, instructedAmount: { currency: 'SEK', amount: '1251.00' } },
      },
      status: 422,
    },
    'without a payer': { by: 'bank', ...live, body: { ...consumption, payer: {} }, status: 400 },
    'another bank': { by: 'otherBank', ...live, body: consumption, status: 404 },
    'consumed before': { by: 'bank', ...consumed, body: consumption, status: 409 },
  },
  'post /consents/{id}/execution': {
    'it was paid': { by: 'bank', ...consumed, body: { execution: 'executed' }, status: 200 },
    'not consumed yet': { by: 'bank', ...live, body: { execution: 'executed' }, status: 409 },
    'failed without a reason': { by: 'bank', ...consumed, body: { execution: 'failed' }, status: 400 },
  },
};

const kept: Readonly<Record<string, Calls>> = {
  'get /consents/{id}/evidence': {
    'its bank': { by: 'bank', ...evidenceOf, status: 200 },
    'an auditor of the bank': { by: 'auditor', ...evidenceOf, status: 200 },
    'without saying why': { by: 'bank', ...evidenceOf, headers: proven, status: 400 },
    'another bank finds nothing': { by: 'otherBank', ...evidenceOf, status: 404 },
    'a TPP may not': { by: 'tpp', ...evidenceOf, status: 403 },
  },
  'get /logins/{id}/evidence': {
    'its client': { by: 'tpp', path: { id: '{{login_id}}' }, headers: proven, status: 200 },
    'a login that there is not': { by: 'tpp', path: { id: UNKNOWN_LOGIN }, headers: proven, status: 404 },
    'a bank reads no logins': { by: 'bank', path: { id: UNKNOWN_LOGIN }, headers: proven, status: 403 },
    'without a token': { by: 'anybody', path: { id: UNKNOWN_LOGIN }, status: 401 },
  },
  'get /evidence/{id}': {
    'an auditor of the bank': { by: 'auditor', ...evidence, status: 200 },
    'the evidence folder': { by: 'bank', ...evidence, accept: 'application/zip', status: 200 },
    'another bank finds nothing': { by: 'otherBank', ...evidence, status: 404 },
  },
  'get /ledger/{logId}/checkpoint': {
    'its bank': { by: 'bank', ...log, status: 200 },
    'an auditor of the bank': { by: 'auditor', ...log, status: 200 },
    'another bank finds nothing': { by: 'otherBank', ...log, status: 404 },
    'a TPP may not': { by: 'tpp', ...log, status: 403 },
    'without a token': { by: 'anybody', path: log.path, status: 401 },
  },
  'get /ledger/{logId}/tile/{level}/{tile}': {
    'hashes of leaves': { by: 'bank', ...tileOf('0', '{{tile_index}}'), status: 200 },
    'the leaves themselves': { by: 'auditor', ...tileOf('entries', '{{tile_index}}'), status: 200 },
    'a tile that no tree has': { by: 'bank', ...tileOf('9', '001'), status: 404 },
  },
  'get /ledger/{logId}/audit/checkpoint': {
    'its bank': { by: 'bank', ...log, status: 200 },
    'another bank finds nothing': { by: 'otherBank', ...log, status: 404 },
  },
  'get /ledger/{logId}/audit/tile/{level}/{tile}': {
    'hashes of leaves': { by: 'bank', ...tileOf('0', '{{audit_tile_index}}'), status: 200 },
    'what is no tile': { by: 'bank', ...tileOf('0', 'one'), status: 404 },
  },
  'get /evidence/{id}/verification': {
    'its bank': { by: 'bank', ...evidence, status: 200 },
    'another bank finds nothing': { by: 'otherBank', ...evidence, status: 404 },
  },
  'post /exports': {
    'a list of past days': { by: 'auditor', headers: proven, body: exampleOrder, status: 202 },
    'the evidence of a consent that is not there': { by: 'auditor', headers: proven, body: folders, status: 404 },
    'the evidence of many needs an approver': {
      by: 'auditor',
      headers: proven,
      body: { ...exampleOrder, format: 'folders' },
      status: 409,
    },
    'a day that there is not': {
      by: 'auditor',
      headers: proven,
      body: { ...exampleOrder, firstDay: '2026-02-30' },
      status: 400,
    },
    'consents that were not signed': {
      by: 'auditor',
      headers: proven,
      body: { ...exampleOrder, states: ['declined'] },
      status: 400,
    },
    'its bank may not': { by: 'bank', headers: proven, body: exampleOrder, status: 403 },
  },
  'get /exports/{id}': {
    'who ordered it': { by: 'auditor', ...exported, status: 200 },
    'one that there is not': { by: 'auditor', path: { id: UNKNOWN_LOGIN }, headers: proven, status: 404 },
  },
  'get /exports/{id}/approval': {
    'one that awaits it': { by: 'auditor', ...awaiting, status: 200 },
    'one that there is not': { by: 'auditor', path: { id: UNKNOWN_LOGIN }, headers: proven, status: 404 },
  },
  'post /exports/{id}/approval': {
    'the login of another person': {
      by: 'auditor',
      ...awaiting,
      body: { idToken: '{{approval_id_token}}' },
      status: 200,
    },
    'one that awaits none': { by: 'auditor', ...exported, body: exampleApprovalRequest, status: 409 },
    'a token of another issuer': { by: 'auditor', ...awaiting, body: exampleApprovalRequest, status: 422 },
    'what is no token': { by: 'auditor', ...awaiting, body: { idToken: 'x' }, status: 400 },
    'its bank may not': { by: 'bank', ...awaiting, body: exampleApprovalRequest, status: 403 },
  },
  'get /exports/{id}/approval/proof': {
    'one that awaits approval': { by: 'auditor', ...awaiting, status: 200 },
    'one that there is not': { by: 'auditor', path: { id: UNKNOWN_LOGIN }, headers: proven, status: 404 },
  },
  'get /exports/{id}/content': {
    'who ordered it': { by: 'auditor', ...exported, status: 200 },
    'a part of it': { by: 'auditor', ...exported, headers: { ...proven, Range: 'bytes=0-9' }, status: 206 },
    'a part beyond its end': {
      by: 'auditor',
      ...exported,
      headers: { ...proven, Range: 'bytes=999999999-' },
      status: 416,
    },
  },
  'delete /exports/{id}': {
    'who ordered it': { by: 'auditor', path: { id: '{{waiting_export_id}}' }, headers: proven, status: 204 },
    'one that there is not': { by: 'auditor', path: { id: UNKNOWN_LOGIN }, headers: proven, status: 404 },
  },
  'post /evidence/verify': {
    'what BankID delivered': { by: 'bank', headers: stated, body: received, status: 200 },
    'the verdict for the archive': {
      by: 'auditor',
      headers: stated,
      body: received,
      accept: 'application/jose',
      status: 200,
    },
    'an evidence folder': {
      by: 'bank',
      headers: stated,
      type: 'application/zip',
      body: '{{evidence_zip}}',
      status: 200,
    },
    'a text that is no signature': { by: 'bank', headers: stated, body: { signature: 'x' }, status: 422 },
    'no signature': { by: 'bank', headers: stated, body: { consent: {} }, status: 400 },
    'a TPP may not': { by: 'tpp', headers: stated, body: received, status: 403 },
  },
};

/** Requests to every operation that the API's description names, by method and path. */
export const apiCalls: Readonly<Record<string, Calls>> = {
  'get /health/live': read,
  'get /health/ready': read,
  'get /docs': read,
  'get /docs/openapi.json': read,
  'get /problems': read,
  'get /problems/{code}': {
    'where the type of a problem document leads': {
      by: 'anybody',
      path: { code: 'consent.not-authorised' },
      status: 200,
    },
    'a code that there is not': { by: 'anybody', path: { code: 'consent.unheard-of' }, status: 404 },
  },
  'get /.well-known/oauth-authorization-server': read,
  'get /.well-known/openid-configuration': read,
  'get /jwks': read,
  ...oauthCalls,
  ...backchannelCalls,
  ...consents,
  ...kept,
};

import { createHash } from 'node:crypto';
import { extensions } from './der-writer.ts';
import { seconds, verdicts, type Row } from './row.ts';
import { soundPki } from './test-pki.ts';
import { bankidNonce, orderStartedAt, producedAt, revoked, unknown } from './vector.ts';

const { BROKEN, LATER } = verdicts;
const policy = extensions.policy('1.2.3.4.5');
const authority = [extensions.ca(), extensions.certSign, policy];

export const refusedOcspResponses: readonly Row[] = [
  ['no OCSP response', { ocsp: 'none' }, LATER, 'ocsp'],
  ['an OCSP response that is not DER', { mangleOcsp: (der) => der.subarray(1) }, LATER, 'ocsp'],
  ['tryLater', { ocsp: { responseStatus: 3 } }, LATER, 'ocsp'],
  ['a changed OCSP response', { ocsp: { signedWith: 'stranger' } }, LATER, 'ocsp'],
  ['no responder certificate', { ocsp: { sendResponder: false } }, LATER, 'ocsp'],
  ['two answers', { ocsp: { answers: 2 } }, LATER, 'ocsp'],
  ['no answer', { ocsp: { answers: 0 } }, LATER, 'ocsp'],
  [
    'a responder without its key usage for OCSP',
    { pki: { responder: { extensions: [extensions.nonRepudiation, extensions.noCheck] } } },
    LATER,
    'ocsp',
  ],
  [
    'a responder without nocheck',
    { pki: { responder: { extensions: [extensions.ocspSigning, extensions.nonRepudiation] } } },
    LATER,
    'ocsp',
  ],
  [
    'a responder of another CA',
    { pki: { responder: { issuer: soundPki.bankCa.subject, signedWith: 'bankCa' } } },
    LATER,
    'ocsp',
  ],
  ['a responder that the CA did not sign', { pki: { responder: { signedWith: 'stranger' } } }, LATER, 'ocsp'],
  [
    'the CA itself as responder',
    {
      pki: {
        responder: {
          subject: soundPki.customerCa.subject,
          issuer: soundPki.bankCa.subject,
          key: 'customerCa',
          signedWith: 'bankCa',
          extensions: authority,
        },
      },
    },
    LATER,
    'ocsp',
  ],
  [
    'an unknown critical response extension',
    { ocsp: { responseExtensions: (nonce) => [extensions.nonce(nonce), extensions.unknown(true)] } },
    LATER,
    'ocsp',
  ],
  ['an answer about another serial', { ocsp: { serial: Buffer.from([9]) } }, LATER, 'certid'],
  ['an answer about another issuer key', { ocsp: { issuerKey: 'bankCa' } }, LATER, 'certid'],
  ['an answer about another issuer name', { ocsp: { issuerName: 'root' } }, LATER, 'certid'],
  ['unknown', { ocsp: { status: unknown } }, LATER, 'status'],
  [
    'revoked before the order',
    { ocsp: { status: revoked(seconds(orderStartedAt, -1)) } },
    'TOTAL-FAILED/REVOKED',
    'status',
  ],
  ['revoked at the order', { ocsp: { status: revoked(orderStartedAt) } }, 'TOTAL-FAILED/REVOKED', 'status'],
  [
    'revoked after the order began',
    { ocsp: { status: revoked(seconds(orderStartedAt, 1)) } },
    'INDETERMINATE/REVOKED_NO_POE',
    'status',
  ],
  ['the nonce of another signature', { ocsp: { nonce: () => bankidNonce('another') } }, LATER, 'nonce'],
  ['no nonce', { ocsp: { responseExtensions: () => [extensions.unknown(false)] } }, LATER, 'nonce'],
  ['an empty nonce', { ocsp: { nonce: () => Buffer.alloc(0) } }, LATER, 'nonce'],
  ['a nonce one byte short', { ocsp: { nonce: (text) => bankidNonce(text).subarray(0, 31) } }, LATER, 'nonce'],
  [
    'a nonce of 200 bytes',
    { ocsp: { nonce: (text) => Buffer.concat([bankidNonce(text), Buffer.alloc(168)]) } },
    LATER,
    'nonce',
  ],
  [
    'two nonces',
    { ocsp: { responseExtensions: (nonce) => [extensions.nonce(nonce), extensions.nonce(nonce)] } },
    LATER,
    'nonce',
  ],
  [
    'a nonce made with SHA-256',
    { ocsp: { nonce: (text) => createHash('sha256').update(text).digest() } },
    LATER,
    'nonce',
  ],
  [
    'a nonce in singleExtensions only',
    {
      ocsp: {
        responseExtensions: () => [extensions.unknown(false)],
        singleExtensions: [extensions.nonce(Buffer.alloc(32))],
      },
    },
    LATER,
    'nonce',
  ],
  [
    'a leaf not yet valid',
    { pki: { leaf: { notBefore: seconds(producedAt, 1) } } },
    'TOTAL-FAILED/NOT_YET_VALID',
    'times',
  ],
  [
    'a leaf expired before the order',
    { pki: { leaf: { notAfter: seconds(orderStartedAt, -1) } } },
    'TOTAL-FAILED/EXPIRED',
    'times',
  ],
  [
    'a leaf that expired during the order',
    { pki: { leaf: { notAfter: seconds(orderStartedAt, 1) } } },
    'INDETERMINATE/OUT_OF_BOUNDS_NO_POE',
    'times',
  ],
  ['an expired Customer CA', { pki: { customerCa: { notAfter: orderStartedAt } } }, BROKEN, 'times'],
  ['a responder not yet valid', { pki: { responder: { notBefore: seconds(producedAt, 1) } } }, LATER, 'times'],
  ['an expired responder', { pki: { responder: { notAfter: seconds(producedAt, -1) } } }, LATER, 'times'],
  ['thisUpdate after producedAt', { ocsp: { thisUpdate: seconds(producedAt, 1) } }, LATER, 'times'],
  ['thisUpdate too long before producedAt', { ocsp: { thisUpdate: seconds(producedAt, -301) } }, LATER, 'times'],
  ['nextUpdate before producedAt', { ocsp: { nextUpdate: seconds(producedAt, -1) } }, LATER, 'times'],
  ['producedAt in the future', {}, LATER, 'times', { at: seconds(producedAt, -61) }],
  [
    'a response older than the order',
    {},
    LATER,
    'order-start',
    { expectation: { orderStartedAt: seconds(producedAt, 61) } },
  ],
  [
    'a response younger than its receipt',
    {},
    LATER,
    'receipt',
    { expectation: { receivedAt: seconds(producedAt, -61) } },
  ],
];

import { paymentSchema } from '../../consent/payment-schema.ts';
import {
  base64url256,
  closedObject,
  instant,
  integer,
  listOf,
  nullable,
  oneOf,
  text,
  uuid,
} from '../../openapi/api-answers.ts';
import type { Schema } from '../../openapi/api-description.ts';
import { indicationSchema, reportSchema, subIndicationSchema } from './report-schema.ts';

const truth: Schema = { type: 'boolean' };
const maybeText = nullable({ type: 'string' });

const summary: Readonly<Record<string, Schema>> = {
  evidenceId: uuid,
  consentId: uuid,
  kind: { ...oneOf('accepted', 'refused'), description: 'A signature that did not count is kept, too' },
  clientId: text('The TPP'),
  environment: oneOf('sandbox', 'bankid-test', 'production'),
  indication: indicationSchema,
  subIndication: subIndicationSchema,
  evidenceDigest: base64url256,
  signedAt: nullable(instant),
  receivedAt: instant,
  storedAt: instant,
  retentionEndsAt: instant,
};

export const evidenceListSchema = closedObject({
  title: 'EvidenceList',
  properties: { evidence: listOf(closedObject({ title: 'EvidenceSummary', properties: summary })) },
});

const consent = closedObject({
  description: 'consent.json: the consent as it was pushed, which the signed data repeats',
  properties: {
    v: { const: 1 },
    environment: oneOf('sandbox', 'bankid-test', 'production'),
    consentId: uuid,
    clientId: text('The TPP'),
    tpp: closedObject({ properties: { name: { type: 'string' }, authorisationNumber: { type: 'string' } } }),
    bank: text('The bank'),
    payer: oneOf('bound', 'unbound'),
    initiation: paymentSchema,
  },
});

const order = closedObject({
  properties: {
    orderId: uuid,
    startedAt: instant,
    receivedAt: instant,
    device: oneOf('this', 'other'),
    renewals: integer('Of the QR code'),
    launchLinkGivenAt: nullable(instant),
    returnNonceCameBack: truth,
    signParameters: {
      type: 'object',
      additionalProperties: true,
      description: 'As BankID was asked (RP API 6.0, /sign)',
    },
    timeline: listOf(closedObject({ properties: { at: instant, event: { type: 'string' } } })),
  },
});

const circumstances = closedObject({
  description: 'circumstances.json: how the signature came about',
  properties: {
    evidenceId: uuid,
    evidenceDigest: base64url256,
    evidenceDigestRandom: base64url256,
    order,
    completion: {
      type: 'object',
      additionalProperties: true,
      description: 'As BankID answered (RP API 6.0, completionData), but for signature and ocspResponse',
    },
    browser: closedObject({
      properties: { ip: { type: 'string' }, userAgent: { type: 'string' }, deviceIdentifier: { type: 'string' } },
    }),
    consent: closedObject({
      properties: {
        attempts: integer('Orders'),
        failedAttempts: integer('How many of them counted as failed attempts'),
        language: oneOf('sv', 'en'),
        template: text('Of the visible text'),
        pushedAt: instant,
      },
    }),
    service: closedObject({
      properties: {
        softwareVersion: { type: 'string' },
        verificationPolicy: { type: 'string' },
        relayRule: closedObject({ properties: { maxRisk: { type: 'string' }, requireDeviceBinding: truth } }),
        clockOffsetMs: nullable({ type: 'integer' }),
        relyingPartyName: maybeText,
      },
    }),
  },
});

/** Enough to verify the evidence offline: the files of the evidence folder, named alike. */
export const evidenceSchema = closedObject({
  title: 'Evidence',
  properties: {
    ...summary,
    signature: text('As BankID delivered it, base64'),
    ocspResponse: nullable(text('As BankID delivered it, base64')),
    consent,
    visibleText: text('What the payer read'),
    nonVisibleData: text('base64'),
    circumstances,
    report: reportSchema,
    bankidRoot: text('PEM of the root that vouched for the signature'),
  },
});

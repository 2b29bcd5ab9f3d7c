import {
  accessProblems,
  base64url256,
  closedObject,
  dpopHeader,
  instant,
  json,
  listOf,
  oneOf,
  problemsOf,
  text,
  uuid,
} from '../../platform/api-answers.ts';
import type { RouteDescription } from '../../platform/api-description.ts';
import { accountSchema, paymentSchema } from '../payment-schema.ts';

const states = ['awaiting-authorisation', 'authorised', 'consumed', 'rejected', 'expired', 'revoked'];

export const consentSchema = closedObject({
  title: 'Consent',
  description: 'A consent as its TPP or its bank reads it; some members are the bank’s alone.',
  properties: {
    consentId: uuid,
    state: oneOf(...states),
    reason: { ...oneOf('declined', 'not-completed', 'expired', 'revoked'), description: 'Why it ended unused' },
    authorizationDetails: listOf(paymentSchema),
    bank: text('Client id of the bank'),
    clientId: text('Client id of the TPP'),
    payer: { ...oneOf('bound', 'unbound'), description: 'Whether the TPP named the one person who may sign' },
    createdAt: instant,
    expiresAt: instant,
    authorisedAt: instant,
    endedAt: instant,
    debtorAccount: accountSchema,
    paymentReference: text('The bank’s own, for the bank'),
    execution: oneOf('pending', 'executed', 'failed'),
    executionReason: text('Why it failed, for the bank'),
    berlinGroup: closedObject({
      properties: {
        transactionStatus: oneOf('RCVD', 'ACTC', 'ACSC', 'RJCT', 'CANC'),
        scaStatus: oneOf('received', 'started', 'finalised', 'failed'),
      },
    }),
    obie: closedObject({ properties: { status: oneOf('AWAU', 'AUTH', 'COND', 'RJCT') } }),
  },
  optional: ['reason', 'authorisedAt', 'endedAt', 'debtorAccount', 'paymentReference', 'execution', 'executionReason'],
});

const id = { description: 'The consent', schema: uuid };
const access = { path: { id }, headers: { DPoP: dpopHeader } };

export const describeGet: RouteDescription = {
  summary: 'The consent and its state, also in the words of Berlin Group and OBIE',
  ...access,
  answers: { 200: json('The consent', consentSchema), ...accessProblems, ...problemsOf(409) },
};

export const describeRevoke: RouteDescription = {
  summary: 'Revokes a consent that is not consumed yet',
  ...access,
  answers: { 204: { description: 'It is revoked, and its token dead' }, ...accessProblems, ...problemsOf(409) },
};

export const describeConsume: RouteDescription = {
  summary: 'Consumes the consent, once, for exactly the payment that was signed',
  description: 'The same call again is given the first answer, for ever.',
  ...access,
  body: {
    'application/json': closedObject({
      title: 'ConsumeRequest',
      properties: {
        accessTokenSha256: { ...base64url256, description: 'Of the access token that the TPP showed' },
        payment: paymentSchema,
        payer: closedObject({
          properties: {
            personalNumber: { type: 'string', pattern: String.raw`^\d{12}$`, description: 'YYYYMMDDNNNN' },
          },
        }),
        paymentReference: {
          type: 'string',
          minLength: 1,
          maxLength: 100,
          description: 'The bank’s own; unique among its payments',
        },
      },
    }),
  },
  answers: {
    200: json(
      'It is consumed',
      closedObject({
        title: 'Consumed',
        properties: {
          consentId: uuid,
          state: { const: 'consumed' },
          consumedAt: instant,
          evidenceDigest: base64url256,
          paymentReference: text('As it was sent'),
        },
      }),
    ),
    ...accessProblems,
    ...problemsOf(400, 409, 413, 415, 422),
  },
};

export const describeReport: RouteDescription = {
  summary: "The bank's report of what became of the payment",
  ...access,
  body: {
    'application/json': {
      title: 'ExecutionReport',
      type: 'object',
      additionalProperties: false,
      required: ['execution'],
      properties: {
        execution: oneOf('executed', 'failed'),
        reason: {
          type: 'string',
          minLength: 1,
          maxLength: 200,
          description: 'Why it failed; required then, and only then',
        },
      },
      examples: [{ execution: 'executed' }, { execution: 'failed', reason: 'The account is closed.' }],
    },
  },
  answers: {
    200: json(
      'It is noted',
      closedObject({ title: 'Execution', properties: { consentId: uuid, execution: oneOf('executed', 'failed') } }),
    ),
    ...accessProblems,
    ...problemsOf(400, 409, 413, 415),
  },
};

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
  proven,
  text,
  uuid,
} from '../../platform/api-answers.ts';
import type { RouteDescription } from '../../platform/api-description.ts';
import { accountSchema, examplePayment, paymentSchema } from '../payment-schema.ts';

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
const live = { path: { id: '{{consent_id}}' }, headers: proven };
const used = { path: { id: '{{consumed_consent_id}}' }, headers: proven };

export const describeGet: RouteDescription = {
  summary: 'The consent and its state, also in the words of Berlin Group and OBIE',
  ...access,
  answers: { 200: json('The consent', consentSchema), ...accessProblems, ...problemsOf(409) },
  examples: {
    tpp: { summary: 'Its TPP reads it', by: 'tpp', ...live, status: 200 },
    bank: { summary: 'Its bank reads it', by: 'bank', ...used, status: 200 },
    foreign: { summary: 'Another bank finds nothing', by: 'otherBank', ...live, status: 404 },
    auditor: { summary: 'An auditor reads evidence, not consents', by: 'auditor', ...live, status: 403 },
    anonymous: { summary: 'Without a token', by: 'anybody', path: live.path, status: 401 },
  },
};

export const describeRevoke: RouteDescription = {
  summary: 'Revokes a consent that is not consumed yet',
  ...access,
  answers: { 204: { description: 'It is revoked, and its token dead' }, ...accessProblems, ...problemsOf(409) },
  examples: {
    pushed: {
      summary: 'The TPP changes its mind',
      by: 'tpp',
      path: { id: '{{pushed_consent_id}}' },
      headers: proven,
      status: 204,
    },
    used: { summary: 'Too late', by: 'tpp', ...used, status: 409 },
  },
};

const consumption = {
  accessTokenSha256: '{{access_token_sha256}}',
  payment: examplePayment,
  payer: { personalNumber: '{{personal_number}}' },
  paymentReference: 'payment-4711',
} as const;

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
  examples: {
    consumed: { summary: 'The payment that was signed', by: 'bank', ...live, body: consumption, status: 200 },
    dearer: {
      summary: 'Another amount',
      by: 'bank',
      ...live,
      body: {
        ...consumption,
        paymentReference: 'payment-4712',
        payment: { ...examplePayment, instructedAmount: { currency: 'SEK', amount: '1251.00' } },
      },
      status: 422,
    },
    incomplete: { summary: 'Without a payer', by: 'bank', ...live, body: { ...consumption, payer: {} }, status: 400 },
    foreign: { summary: 'Another bank', by: 'otherBank', ...live, body: consumption, status: 404 },
    again: { summary: 'Consumed before', by: 'bank', ...used, body: consumption, status: 409 },
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
  examples: {
    executed: { summary: 'It was paid', by: 'bank', ...used, body: { execution: 'executed' }, status: 200 },
    early: { summary: 'Not consumed yet', by: 'bank', ...live, body: { execution: 'executed' }, status: 409 },
    groundless: { summary: 'Failed without a reason', by: 'bank', ...used, body: { execution: 'failed' }, status: 400 },
  },
};

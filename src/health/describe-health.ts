import { closedObject, json, nullable, oneOf, problemsOf, text } from '../openapi/api-answers.ts';
import type { RouteDescription, Schema } from '../openapi/api-description.ts';

const state = oneOf('up', 'down', 'degraded');
const message = text('Why it is not up');
const milliseconds = nullable({ type: 'integer' });

const indicators: Schema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    database: closedObject({ properties: { status: state, message }, optional: ['message'] }),
    bankid: closedObject({ properties: { status: state, message }, optional: ['message'] }),
    clock: closedObject({
      properties: { status: state, message, offsetMs: milliseconds, bankidOffsetMs: milliseconds },
      optional: ['message'],
    }),
    certificates: closedObject({
      properties: {
        status: state,
        message,
        daysLeft: { type: 'object', additionalProperties: { type: 'integer' }, description: 'By certificate' },
      },
      optional: ['message'],
    }),
    keys: closedObject({
      properties: {
        status: state,
        message,
        rings: { type: 'array', items: oneOf('evidence', 'look-up'), description: 'Which ring lacks a key' },
      },
      optional: ['message', 'rings'],
    }),
  },
};

const readiness = closedObject({
  title: 'Readiness',
  properties: {
    status: oneOf('ok', 'error', 'shutting_down'),
    info: indicators,
    error: indicators,
    details: indicators,
  },
});

export const describeLive: RouteDescription = {
  summary: 'Whether the process answers',
  answers: {
    200: json('It does', closedObject({ title: 'Liveness', properties: { status: { const: 'ok' } } })),
    ...problemsOf(400),
  },
};

export const describeReady: RouteDescription = {
  summary: 'Database, BankID, clock offset, days left of each certificate, keys',
  answers: {
    200: json('Send it payers', readiness),
    503: json('Send it no payers', readiness),
    ...problemsOf(429),
  },
};

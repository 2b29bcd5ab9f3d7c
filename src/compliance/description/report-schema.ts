import { closedObject, instant, integer, listOf, nullable, oneOf, text } from '../../openapi/api-answers.ts';
import { englishChecks } from '../../verification/messages.en.ts';
import { checkIds } from '../../verification/report.ts';

const subIndications = [
  'FORMAT_FAILURE',
  'HASH_FAILURE',
  'SIG_CRYPTO_FAILURE',
  'REVOKED',
  'EXPIRED',
  'NOT_YET_VALID',
  'SIG_CONSTRAINTS_FAILURE',
  'CHAIN_CONSTRAINTS_FAILURE',
  'CERTIFICATE_CHAIN_GENERAL_FAILURE',
  'CRYPTO_CONSTRAINTS_FAILURE',
  'CRYPTO_CONSTRAINTS_FAILURE_NO_POE',
  'POLICY_PROCESSING_ERROR',
  'NO_SIGNING_CERTIFICATE_FOUND',
  'NO_CERTIFICATE_CHAIN_FOUND',
  'REVOKED_NO_POE',
  'OUT_OF_BOUNDS_NO_POE',
  'REVOCATION_OUT_OF_BOUNDS_NO_POE',
  'TIMESTAMP_ORDER_FAILURE',
  'TRY_LATER',
] as const;

export const indicationSchema = oneOf('TOTAL-PASSED', 'TOTAL-FAILED', 'INDETERMINATE');
export const subIndicationSchema = oneOf(...subIndications, null);

const names = {
  fault: text('What a reader calls the broken construct'),
  reference: text('A reference of the signature'),
  position: integer('0: the signing certificate; 1, 2: the CA certificates above it'),
  bits: integer('The smallest, or largest, RSA modulus'),
  status: integer('Of the OCSP response (RFC 6960 §4.2.1)'),
  funcId: text('What the app says it did'),
  file: text('A file of the evidence folder'),
  member: text('A member of that file'),
};
const parameters = closedObject({
  description: 'What the message speaks of',
  properties: names,
  optional: Object.keys(names),
});

const check = closedObject({
  title: 'Check',
  properties: {
    id: oneOf(...checkIds),
    status: oneOf('passed', 'failed', 'indeterminate', 'skipped'),
    message: { ...oneOf(...Object.keys(englishChecks)), description: 'What the check concluded, and why' },
    parameters,
    detail: text('The same in English, without personal data'),
  },
  optional: ['parameters'],
  examples: [{ id: 'digests', status: 'passed', message: 'digests.equal', detail: 'both digests match' }],
});

/** What the verifier says of a signature. */
export const reportSchema = closedObject({
  title: 'Report',
  description: 'Indications of ETSI EN 319 102-1; members that nothing established are null',
  properties: {
    indication: indicationSchema,
    subIndication: subIndicationSchema,
    scope: oneOf('signature', 'consent'),
    matches: oneOf('yes', 'no', 'not-compared'),
    environment: oneOf('production', 'test', 'unpinned', null),
    trustAnchor: nullable(text('Name and SHA-256 of the root')),
    relyingParty: nullable({ type: 'string' }),
    payer: oneOf('bound', 'unbound', 'not-compared'),
    signedAt: { ...nullable(instant), description: 'producedAt of the OCSP response' },
    signer: nullable(closedObject({ properties: { personalNumber: { type: 'string' }, name: { type: 'string' } } })),
    visibleText: nullable(text('What the payer read')),
    nonVisibleData: nullable(text('base64')),
    warnings: listOf({ type: 'string' }),
    checks: listOf(check),
  },
});

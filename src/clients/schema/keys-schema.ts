import { BASE64URL, keyForms, MAX_SUBJECT, REFUSED_IN_KEYS } from '../members/forms.ts';
import { subjectFields } from '../tls-subject.ts';
import { closed, text, type SchemaObject } from './json-schema.ts';

type Form = (typeof keyForms)[keyof typeof keyForms][number];

const kid = { type: 'string', minLength: 1, description: 'The name of the key, as its signatures give it.' };

/** The public keys of a client; further members of a JWK are ignored. */
export const jwks: SchemaObject = {
  type: 'object',
  required: ['keys'],
  properties: {
    keys: {
      type: 'array',
      minItems: 1,
      items: { ...publicKey(keyForms.signature, { use: { const: 'sig' } }), required: ['kid'] },
    },
  },
};

export const encryptionJwk: SchemaObject = {
  ...publicKey(keyForms.encryption, { use: { const: 'enc' } }),
  required: ['kid', 'use'],
};

export const tlsClientAuth: SchemaObject = closed(
  Object.fromEntries(
    Object.keys(subjectFields).map((field) => [field, { type: 'string', minLength: 1, maxLength: MAX_SUBJECT }]),
  ),
  { minProperties: 1, maxProperties: 1 },
);

function publicKey(forms: readonly Form[], properties: Readonly<Record<string, SchemaObject>>): SchemaObject {
  const refused = Object.fromEntries(REFUSED_IN_KEYS.map((member) => [member, false]));
  return { type: 'object', properties: { kid, ...properties, ...refused }, oneOf: forms.map(ofForm) };
}

function ofForm({ kind, parts, names }: Form): SchemaObject {
  const constants = Object.entries(kind).map(([member, value]) => [member, { const: value }] as const);
  return {
    required: [...Object.keys(kind), ...parts],
    properties: {
      ...Object.fromEntries([...constants, ...parts.map((part) => [part, text(BASE64URL)] as const)]),
      alg: { enum: names },
    },
  };
}

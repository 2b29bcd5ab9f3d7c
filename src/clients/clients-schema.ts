import { rateKinds, roles, type Role } from './clients.ts';
import {
  AUTHORISATION_NUMBER,
  ID,
  LAST_MONTH,
  lifetimeMinutes,
  MAX_NAME,
  MAX_REQUESTS_PER_MINUTE,
  WEB_URI,
} from './members/forms.ts';
import { isOfRole, members, type Member, type MemberName } from './members/members.ts';
import { closed, has, text, whole, without, type SchemaObject } from './schema/json-schema.ts';
import { identityProvider } from './schema/identity-provider-schema.ts';
import { encryptionJwk, jwks, tlsClientAuth } from './schema/keys-schema.ts';
import { ledger } from './schema/ledger-schema.ts';
import { amounts, policy } from './schema/policy-schema.ts';
import { waysSchemas, waysTogether } from './schema/ways-schema.ts';

const flag = { type: 'boolean' };

const forms: Readonly<Record<MemberName, SchemaObject>> = {
  id: text(ID),
  name: { type: 'string', minLength: 1, maxLength: MAX_NAME },
  authorisationNumber: text(AUTHORISATION_NUMBER),
  role: { enum: roles },
  bank: text(ID),
  jwks,
  tlsClientAuth,
  encryptionJwk,
  redirectUris: { type: 'array', items: text(WEB_URI) },
  resource: text(WEB_URI),
  policy,
  ledger,
  identityProvider,
  financialYearEnd: whole({ min: 1, max: LAST_MONTH }),
  rpCallMaxAmounts: { $ref: '#/$defs/amounts' },
  defaultResource: text(WEB_URI),
  consentLifetimeMinutes: whole(lifetimeMinutes),
  requestsPerMinute: closed(
    Object.fromEntries(rateKinds.map((kind) => [kind, whole({ min: 1, max: MAX_REQUESTS_PER_MINUTE })])),
  ),
  dpopRequired: flag,
  dpopBoundAccessTokens: flag,
  requestObjectRequired: flag,
  ...waysSchemas,
};

/** What each role must have besides `id`, `name` and `role`. */
const required: Readonly<Record<Role, readonly MemberName[]>> = {
  tpp: ['authorisationNumber'],
  bank: ['authorisationNumber', 'resource'],
  auditor: ['bank'],
  rp: ['login'],
};

/** A client may do without keys if it authenticates by certificate and signs no request. */
const keys: SchemaObject = {
  anyOf: [
    has('jwks'),
    {
      required: ['tlsClientAuth'],
      properties: { requestObjectRequired: { const: false }, backchannel: false },
    },
  ],
};

/**
 * The JSON Schema of CLIENTS_FILE. It accepts what the parser accepts but for the rules that it cannot express: about other entries, the
 * environment, the RP certificates, and what keys and texts mean.
 */
export function clientsSchema(): SchemaObject {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: 'urn:sigill:clients-file',
    title: 'CLIENTS_FILE of Sigill',
    description: 'The registered clients: an array, or an object that has it as "clients" and may name this schema.',
    anyOf: [
      { $ref: '#/$defs/clients' },
      closed({ $schema: { type: 'string' }, clients: { $ref: '#/$defs/clients' } }, { required: ['clients'] }),
    ],
    $defs: {
      clients: { type: 'array', items: { $ref: '#/$defs/client' } },
      client: closed(Object.fromEntries(Object.keys(members).map(describe)), {
        required: ['id', 'name', 'role'],
        allOf: [...roles.map(ofRole), keys, ...waysTogether],
      }),
      amounts,
    },
  };
}

function describe(name: string): readonly [string, SchemaObject] {
  const { what, default: value }: Member = members[name as MemberName];
  return [name, { ...forms[name as MemberName], description: what, ...(value !== undefined && { default: value }) }];
}

/** The members that a role must have, and those that belong to other roles. */
function ofRole(role: Role): SchemaObject {
  const others = (Object.keys(members) as MemberName[]).filter((member) => !isOfRole(member, role));
  const returns = isOfRole('redirectUris', role);
  const then = [
    { required: required[role] },
    without(...others.filter((member) => member !== 'redirectUris')),
    { properties: { redirectUris: returns ? { minItems: 1 } : { maxItems: 0 } } },
    ...(returns ? [{ anyOf: [has('redirectUris'), has('backchannel')] }] : []),
    ...(role === 'tpp' ? [{ properties: { login: { properties: { loginOnly: { const: false } } } } }] : []),
  ];
  return { if: has('role', { const: role }), then: { allOf: then } };
}

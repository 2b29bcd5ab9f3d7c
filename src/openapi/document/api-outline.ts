import type { OpenAPIObject } from '@nestjs/swagger';
import { SOFTWARE_VERSION } from '../../kernel/version.ts';
import { securitySchemes } from './security-schemes.ts';

/** The parts of the API's description that do not belong to a route. */
export function apiOutline(issuer: string): Omit<OpenAPIObject, 'paths'> {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Sigill',
      version: SOFTWARE_VERSION,
      description: description(issuer),
      contact: { name: 'The operator of this service', url: issuer },
      license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
    },
    servers: [{ url: issuer, description: 'This installation' }],
    tags: [...tags],
    components: { securitySchemes: securitySchemes(issuer) },
  };
}

/** Paragraphs in Markdown, of which the page without script understands the code and nothing else. */
function description(issuer: string): string {
  return [
    'PSD2 payment consents signed with BankID. A TPP pushes one payment; the payer reads amount and payee in the BankID app and ' +
      'signs exactly that; the TPP gets an access token that is good for this payment, once; the payer’s bank consumes the consent ' +
      'and can verify the signature years later.',
    'OAuth endpoints authenticate clients by private_key_jwt (RFC 7523) or tls_client_auth (RFC 8705). The others take an access ' +
      'token bound to a DPoP key (RFC 9449) or to the client’s certificate (RFC 8705).',
    `Errors of OAuth endpoints are RFC 6749 error objects. All others are problem documents (RFC 9457), whose type leads to a page ` +
      `that says what happened and whether to try again: all are listed at ${issuer}/problems.`,
    'In the samples, `proof` stands for what your software signs for each request: `proof assertion` prints a client assertion, ' +
      '`proof dpop METHOD URL` a DPoP proof. Beside a sandbox, `proof() { npm run -s proof -- "$@"; }` defines it. `$token` is an ' +
      'access token that was issued for a proof of the same key.',
  ].join('\n\n');
}

/** In the order in which a payment meets them; the operations follow it. */
const tags = [
  {
    name: 'authorization',
    description: 'From a pushed payment or login, by way of the person’s browser, to an access token',
  },
  {
    name: 'backchannel',
    description: 'The same without a browser: in the client’s app, by a QR code or in a phone call',
  },
  { name: 'consents', description: 'What a token is good for; one consent: its state, its consumption, its end' },
  { name: 'logins', description: 'Who has logged in, and the evidence of it' },
  { name: 'evidence', description: 'What was signed, for the bank and its auditors' },
  { name: 'exports', description: 'What an auditor takes out: ordered, waited for, fetched' },
  { name: 'ledger', description: 'The logs of a bank, by which it sees whether all its evidence is there' },
  { name: 'metadata', description: 'What this authorization server does, and its public keys' },
  { name: 'documentation', description: 'Pages about this API and its problems' },
  { name: 'operation', description: 'Health of this instance' },
] as const;

/** Puts the operations in the order of their tags: a reader of the document meets them in the order of a payment. */
export function inOrderOfTags(paths: OpenAPIObject['paths']): OpenAPIObject['paths'] {
  const rank = (item: OpenAPIObject['paths'][string]): number => {
    const [tag] = (item.get ?? item.post ?? item.delete)?.tags ?? [];
    return tags.findIndex(({ name }) => name === tag);
  };
  return Object.fromEntries(Object.entries(paths).toSorted(([, a], [, b]) => rank(a) - rank(b)));
}

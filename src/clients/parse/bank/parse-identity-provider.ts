import type { Environment } from '../../../kernel/environment.ts';
import { isJsonObject } from '../../../kernel/json.ts';
import type { Client, IdentityProvider } from '../../clients.ts';
import { CLAIM_NAME, CLAIM_VALUE, PROVIDER_CLIENT_ID, WEB_URI } from '../../members/forms.ts';
import { isRedirectUri } from '../../redirect-uri.ts';
import type { Faults } from '../faults.ts';
import { problemOf } from '../parse-uris.ts';
import { parseFlag, parseText } from '../parse-words.ts';

const MEMBERS: ReadonlySet<string> = new Set(['issuer', 'clientId', 'approver', 'unnamedRequester']);
const APPROVER_MEMBERS: ReadonlySet<string> = new Set(['claim', 'value']);
const ISSUER_FORM = 'the issuer of an OpenID provider: an https URI without query and fragment';

/**
 * `identityProvider`: the provider that says who a bank's employees are.
 * @see OpenID Connect Discovery §3: an issuer is https, without query and fragment
 */
export function parseIdentityProvider(
  value: unknown,
  environment: Environment,
  faults: Faults,
): Pick<Client, 'identityProvider'> {
  if (value === undefined) return {};
  if (!isJsonObject(value)) {
    faults.addForm('', value, 'an object with issuer, clientId and approver');
    return {};
  }
  faults.addUnknown(value, MEMBERS);
  const identityProvider: IdentityProvider = {
    issuer: parseIssuer(value['issuer'], environment, faults.at('/issuer')),
    clientId: parseText(
      value['clientId'],
      { pattern: PROVIDER_CLIENT_ID },
      'the client id at the provider, 1 to 200 characters of ASCII',
      faults.at('/clientId'),
    ),
    approver: parseApprover(value['approver'], faults.at('/approver')),
    unnamedRequester: parseFlag(value['unnamedRequester'], faults.at('/unnamedRequester')),
  };
  return { identityProvider };
}

function parseIssuer(value: unknown, environment: Environment, faults: Faults): string {
  const issuer = parseText(value, { pattern: WEB_URI }, ISSUER_FORM, faults);
  if (issuer.includes('?')) faults.addBeyondSchema('', 'has a query; leave it out');
  else if (issuer !== '' && !isRedirectUri(issuer, environment))
    faults.addBeyondSchema('', problemOf(issuer, environment));
  return issuer;
}

function parseApprover(value: unknown, faults: Faults): IdentityProvider['approver'] {
  if (!isJsonObject(value)) {
    faults.addForm('', value, 'an object with claim and value');
    return { claim: '', value: '' };
  }
  faults.addUnknown(value, APPROVER_MEMBERS);
  const claim = 'the name of a claim, 1 to 200 visible characters of ASCII';
  const right = 'the value of the claim, 1 to 200 characters on one line';
  return {
    claim: parseText(value['claim'], { pattern: CLAIM_NAME }, claim, faults.at('/claim')),
    value: parseText(value['value'], { pattern: CLAIM_VALUE }, right, faults.at('/value')),
  };
}

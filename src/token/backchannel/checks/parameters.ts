import type { JsonObject } from '../../../kernel/json.ts';
import { Form, invalid } from '../../form/form.ts';

/** What a signed backchannel request says. */
export interface BackchannelParameters {
  /** Its texts, and what is JSON as a text. */
  readonly form: Form;
  /** All of its claims as they are. */
  readonly claims: JsonObject;
}

/** Claims of the JWT itself, which are no parameters of the request. */
const JWT_CLAIMS: ReadonlySet<string> = new Set(['iss', 'aud', 'exp', 'nbf', 'iat', 'jti', 'sub']);
/** Parameters that are no text, and are checked as they are. */
const STRUCTURED: ReadonlySet<string> = new Set(['app', 'web', 'requested_expiry']);
const AUTHORIZATION_DETAILS = 'authorization_details';
/** Parameters that are JSON (RFC 9396 §3.1; OpenID Connect Core §5.5); their own checks say what is wrong with them. */
const JSON_PARAMETERS: readonly string[] = [AUTHORIZATION_DETAILS, 'claims'];

/**
 * The parameters in the claims of a signed request.
 * @throws DomainError `oauth.invalid-request` for one that should be a text and is not
 */
export function parametersOf(claims: JsonObject): BackchannelParameters {
  const texts = Object.entries(claims)
    .filter(([name]) => !JWT_CLAIMS.has(name) && !STRUCTURED.has(name))
    .map(([name, value]) => [name, textOf(name, value)] as const);
  return { form: Form.of(texts), claims };
}

/** Whether the client means a payment, however malformed: one whose details were lost must not become anything else. */
export function hasAuthorizationDetails({ claims }: BackchannelParameters): boolean {
  return Object.hasOwn(claims, AUTHORIZATION_DETAILS);
}

/** What two requests have in common that say the same: all but the claims of the JWT, which differ each time. */
export function contentOf({ claims }: BackchannelParameters): string {
  const said = Object.entries(claims).filter(([name]) => !JWT_CLAIMS.has(name));
  return JSON.stringify(said.sort(([one], [other]) => (one < other ? -1 : 1)));
}

function textOf(name: string, value: unknown): string {
  if (typeof value === 'string') return value;
  if (JSON_PARAMETERS.includes(name)) return JSON.stringify(value);
  throw invalid(name, 'This parameter is not a text.');
}

import { DomainError } from '../../kernel/errors.ts';
import { scopesOfRole, type Client, type Scope } from '../../clients/clients.ts';
import type { Form } from '../form/form.ts';

/** For an id_token besides the access token (OpenID Connect Core §3.1.2.1). */
export const OPENID = 'openid';

/** What a consent's token does anyway; clients that must send some scope send this one. */
const READING: Scope = 'consents';

/**
 * A consent is described by its authorization details alone, and a scope adds no right to it: `openid` asks for an id_token,
 * `consents` names what the token opens without being asked. Their order does not matter.
 * @throws DomainError `oauth.invalid-scope`
 * @see RFC 6749 §3.3
 */
export function checkPushedScope(form: Form): typeof OPENID | undefined {
  const asked = form.find('scope')?.split(' ') ?? [];
  if (asked.some((scope) => scope !== OPENID && scope !== READING)) {
    throw invalidScope(`A payment is asked for by authorization_details; scopes besides are ${OPENID} and ${READING}.`);
  }
  return asked.includes(OPENID) ? OPENID : undefined;
}

/**
 * The scopes of a machine token: those asked for, or all that the client's role may have.
 * @throws DomainError `oauth.invalid-scope` for an unknown one, or one of another role
 * @see RFC 6749 §3.3
 */
export function checkMachineScope(form: Form, client: Client): string {
  const allowed: readonly string[] = scopesOfRole[client.role];
  const asked = form.find('scope')?.split(' ') ?? allowed;
  if (asked.some((scope) => !allowed.includes(scope))) {
    throw invalidScope(`A client of this role may ask for: ${allowed.join(' ')}.`);
  }
  return [...new Set(asked)].join(' ');
}

function invalidScope(detail: string): DomainError {
  return new DomainError('oauth.invalid-scope', { pointer: '/scope', detail });
}

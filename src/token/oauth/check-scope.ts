import { DomainError } from '../../kernel/errors.ts';
import { scopesOfRole, type Client, type Scope } from '../../clients/clients.ts';
import type { Form } from '../form/form.ts';

/** Requests an id_token besides the access token (OpenID Connect Core §3.1.2.1). */
export const OPENID = 'openid';

/** Grants nothing that a consent's token does not have anyway; for clients that must send a scope. */
const READING: Scope = 'consents';

/**
 * Only the authorization details describe a consent; a scope adds no right. `openid` requests an id_token,
 * `consents` names what the token gives access to anyway. The order does not matter.
 * @throws DomainError `oauth.invalid-scope`
 * @see RFC 6749 §3.3
 */
export function checkPushedScope(form: Form): typeof OPENID | undefined {
  const asked = form.find('scope')?.split(' ') ?? [];
  if (asked.some((scope) => scope !== OPENID && scope !== READING)) {
    throw invalidScope(
      `A payment is requested by authorization_details; the only scopes are ${OPENID} and ${READING}.`,
    );
  }
  return asked.includes(OPENID) ? OPENID : undefined;
}

/**
 * The scopes of a machine token: the requested ones, or all scopes of the client's role.
 * @throws DomainError `oauth.invalid-scope` for an unknown scope, or one of another role
 * @see RFC 6749 §3.3
 */
export function checkMachineScope(form: Form, client: Client): string {
  const allowed: readonly string[] = scopesOfRole[client.role];
  const asked = form.find('scope')?.split(' ') ?? allowed;
  if (asked.some((scope) => !allowed.includes(scope))) {
    throw invalidScope(`A client of this role may request: ${allowed.join(' ')}.`);
  }
  return [...new Set(asked)].join(' ');
}

function invalidScope(detail: string): DomainError {
  return new DomainError('oauth.invalid-scope', { pointer: '/scope', detail });
}

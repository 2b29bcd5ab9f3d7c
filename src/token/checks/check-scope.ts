import { DomainError } from '../../kernel/errors.ts';
import { scopesOfRole, type Client } from '../../tpp/clients.ts';
import type { Form } from '../form/form.ts';

/** For an id_token besides the access token (OpenID Connect Core §3.1.2.1). */
export const OPENID = 'openid';

/**
 * A consent is described by its authorization details alone; the one scope that may stand beside them is `openid`.
 * @throws DomainError `oauth.invalid-scope`
 */
export function checkPushedScope(form: Form): typeof OPENID | undefined {
  const scope = form.find('scope');
  if (scope === undefined || scope === OPENID) return scope;
  throw invalidScope('A payment is asked for by authorization_details; the only scope besides is openid.');
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

import { DomainError } from '../../kernel/errors.ts';
import { scopesOfRole, type Client } from '../../tpp/clients.ts';
import type { Form } from '../form/form.ts';

/**
 * A consent is described by its authorization details alone: there is no scope to ask for.
 * @throws DomainError `oauth.invalid-scope`
 */
export function checkNoScope(form: Form): void {
  if (form.find('scope') !== undefined) {
    throw invalidScope('A payment is asked for by authorization_details alone; leave scope out.');
  }
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

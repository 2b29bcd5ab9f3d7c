import { DomainError } from '../../../kernel/errors.ts';
import type { Form } from '../../form/form.ts';

/**
 * The text that a person signs for a payment is ours, word for word: nothing of the client's is added to it.
 * @throws DomainError `oauth.invalid-binding-message`
 * @see OpenID CIBA Core §7.1, §13
 */
export function checkNoBindingMessage(form: Form): void {
  if (form.find('binding_message') === undefined) return;
  const detail = 'The payer reads the payment itself; a payment has no binding_message.';
  throw new DomainError('oauth.invalid-binding-message', { pointer: '/binding_message', detail });
}

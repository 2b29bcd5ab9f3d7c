import { DomainError } from '../../../kernel/errors.ts';
import { findPersonalNumber } from '../../../kernel/personal-number.ts';
import type { Client } from '../../../clients/clients.ts';
import type { BackchannelWay } from '../../../clients/payer-ways.ts';
import type { Form } from '../../form/form.ts';

const BINDING_MESSAGE = /^[A-Za-z0-9 -]{1,20}$/;

/**
 * The text that a person signs for a payment is ours, word for word: nothing of the client's is added to it.
 * @throws DomainError `oauth.invalid-binding-message`
 * @see OpenID CIBA Core §7.1, §13
 */
export function checkNoBindingMessage(form: Form): void {
  if (form.isNamed('binding_message')) refuse('The payer reads the payment itself; a payment has no binding_message.');
}

/**
 * The code of a login, by which a person sees that what the app shows belongs to the call. Without one, the caller could be asking for
 * another login than the one that the person hears of.
 * @throws DomainError `oauth.invalid-binding-message`; also for a personal number, which is no code: a code is stored readable
 * @see OpenID CIBA Core §7.1, §13
 */
export function checkBindingMessage(form: Form, way: BackchannelWay, client: Client): string | undefined {
  const message = form.find('binding_message');
  if (message === undefined && way === 'phone' && !client.bindingMessageOptional)
    refuse('A login in a phone call needs a binding_message.');
  if (message !== undefined && !BINDING_MESSAGE.test(message))
    refuse('It has 1 to 20 letters of A to Z, digits, spaces and hyphens.');
  if (findPersonalNumber(message?.replaceAll(/\D/g, '') ?? '')) refuse('It must be a code, and not a personal number.');
  return message;
}

function refuse(detail: string): never {
  throw new DomainError('oauth.invalid-binding-message', { pointer: '/binding_message', detail });
}

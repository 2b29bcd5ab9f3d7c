import { DomainError } from '../../../kernel/errors.ts';
import { jsonFaultOf, parseJsonText } from '../../../kernel/json.ts';
import { parseAuthorizationDetails, type PushedPayment } from '../../../payment/initiation.ts';
import type { Form } from '../../form/form.ts';

/**
 * Exactly one payment.
 * @throws DomainError `initiation.invalid` with the pointer of the member at fault
 * @see RFC 9396 §2, §5
 */
export function checkAuthorizationDetails(form: Form): PushedPayment {
  return parseAuthorizationDetails(parseJson(form.get('authorization_details')));
}

function parseJson(text: string): unknown {
  try {
    return parseJsonText(text);
  } catch (error) {
    throw new DomainError('initiation.invalid', { pointer: '/authorization_details', detail: jsonFaultOf(error) });
  }
}

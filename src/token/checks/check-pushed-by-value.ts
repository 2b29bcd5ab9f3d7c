import { invalid, type Form } from '../form/form.ts';

/**
 * What is pushed is pushed as parameters: no reference to another request, and no request object, which we do not take yet.
 * @throws DomainError `oauth.invalid-request`
 * @see RFC 9126 §2.1
 */
export function checkPushedByValue(form: Form): void {
  if (form.find('request_uri') !== undefined) throw invalid('request_uri', 'A request_uri cannot be pushed.');
  if (form.find('request') !== undefined) throw invalid('request', 'Request objects are not supported.');
}

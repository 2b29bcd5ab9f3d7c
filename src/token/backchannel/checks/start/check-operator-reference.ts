import { findPersonalNumber } from '../../../../kernel/personal-number.ts';
import { invalid, type Form } from '../../../form/form.ts';

export const OPERATOR_REFERENCE = /^[A-Za-z0-9._~-]{1,40}$/;

/**
 * Which person at the client talks in the call, by a pseudonym of the client's own. It is kept in the
 * signed request, and never shown.
 * @param isRequired false for logins of a client whose registration says that it sends no more than CIBA has
 * @throws DomainError `oauth.invalid-request`; also for a personal number, which is no pseudonym
 */
export function checkOperatorReference(form: Form, isRequired: boolean): void {
  const reference = isRequired ? form.get('operator_reference') : form.find('operator_reference');
  if (reference === undefined) return;
  if (!OPERATOR_REFERENCE.test(reference))
    throw invalid('operator_reference', '1 to 40 letters, digits and ._~- are expected.');
  if (findPersonalNumber(reference.replaceAll('-', ''))) throw invalid('operator_reference', 'It must be a pseudonym.');
}

import { invalid, type Form } from '../../form/form.ts';

/**
 * There are no user codes: the person proves with BankID who they are.
 * @throws DomainError `oauth.invalid-request`
 * @see OpenID CIBA Core §4 (`backchannel_user_code_parameter_supported`)
 */
export function checkUserCode(form: Form): void {
  if (form.find('user_code') !== undefined) throw invalid('user_code', 'User codes are not supported.');
}

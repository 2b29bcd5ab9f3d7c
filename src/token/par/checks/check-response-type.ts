import { DomainError } from '../../../kernel/errors.ts';
import { invalid, type Form } from '../../form/form.ts';

/**
 * `code`, delivered in the query.
 * @throws DomainError `oauth.unsupported-response-type`, `oauth.invalid-request`
 * @see FAPI 2.0 Security Profile §5.3.2.2
 */
export function checkResponseType(form: Form): void {
  if (form.get('response_type') !== 'code') {
    throw new DomainError('oauth.unsupported-response-type', {
      pointer: '/response_type',
      detail: 'Only code is supported.',
    });
  }
  const mode = form.find('response_mode');
  if (mode !== undefined && mode !== 'query') throw invalid('response_mode', 'Only query is supported.');
}

import { invalid, type Form } from '../../form/form.ts';
import { STATE } from '../../oauth/patterns.ts';

/**
 * Returned to the TPP unchanged; may be absent.
 * @throws DomainError `oauth.invalid-request`
 * @see RFC 6749 appendix A.5: printable ASCII
 */
export function checkState(form: Form): string | undefined {
  const state = form.find('state');
  if (state !== undefined && !STATE.test(state)) {
    throw invalid(
      'state',
      state.length > 1024 ? 'This is longer than 1024 characters.' : 'Only printable ASCII characters are accepted.',
    );
  }
  return state;
}

import { findPersonalNumber, type PersonalNumber } from '../../../kernel/personal-number.ts';
import { invalid, type Form } from '../../form/form.ts';
import { LOGIN_HINT } from '../../oauth/patterns.ts';

/**
 * The only person who may sign, as `personnummer:YYYYMMDDNNNN`. The value is never echoed.
 * @throws DomainError `oauth.invalid-request`
 */
export function checkLoginHint(form: Form): PersonalNumber | undefined {
  const hint = form.find('login_hint');
  if (hint === undefined) return undefined;
  const number = LOGIN_HINT.test(hint) ? findPersonalNumber(hint.slice('personnummer:'.length)) : undefined;
  if (!number)
    throw invalid('login_hint', 'The form is personnummer: followed by twelve digits with a valid check digit.');
  return number;
}

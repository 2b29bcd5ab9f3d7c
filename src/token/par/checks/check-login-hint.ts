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
  if (!LOGIN_HINT.test(hint)) throw invalid('login_hint', 'The form is personnummer: followed by twelve digits.');
  const number = findPersonalNumber(hint.slice('personnummer:'.length));
  if (!number) throw invalid('login_hint', 'The date or the check digit of the personal number is wrong.');
  return number;
}

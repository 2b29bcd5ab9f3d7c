import type { BackchannelWay } from '../../../clients/payer-ways.ts';
import type { PersonalNumber } from '../../../kernel/personal-number.ts';
import { invalid, type Form } from '../../form/form.ts';
import { checkLoginHint } from '../../par/checks/check-login-hint.ts';

const HINTS = ['login_hint', 'id_token_hint', 'login_hint_token'] as const;

/**
 * The only person who may sign. A phone call needs one, because BankID has to know whom to ask; an app or a QR code finds its person
 * by itself. Our id_tokens say nothing by which a person could be found, so `login_hint` is the only hint.
 * @throws DomainError `oauth.invalid-request`
 * @see OpenID CIBA Core §7.1
 */
export function checkHints(form: Form, way: BackchannelWay): PersonalNumber | undefined {
  const given = HINTS.filter((name) => form.find(name) !== undefined);
  if (given.length > 1) throw invalid('login_hint', 'Only one hint is allowed.');
  if (given.length === 1 && given[0] !== 'login_hint') throw invalid(given[0] ?? '', 'The only hint is login_hint.');
  const person = checkLoginHint(form);
  if (way === 'phone' && person === undefined) throw invalid('login_hint', 'A phone call needs a login_hint.');
  return person;
}

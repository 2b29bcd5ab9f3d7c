import type { Backchannel } from '../../../clients/payer-ways.ts';
import { Secret } from '../../../kernel/secret.ts';
import { invalid, type Form } from '../../form/form.ts';

/** RFC 6750 §2.1 (b64token). With fewer characters it cannot have the 128 bits that CIBA demands. */
export const NOTIFICATION_TOKEN = /^(?=.{22,1024}$)[A-Za-z0-9._~+/-]+=*$/;

/**
 * The token with which we notify the client. Without pings nothing is done with it, and it is not kept.
 * @throws DomainError `oauth.invalid-request`
 * @see OpenID CIBA Core §7.1
 */
export function checkNotificationToken(form: Form, { delivery }: Backchannel): Secret | undefined {
  if (delivery !== 'ping') return undefined;
  const token = form.get('client_notification_token');
  if (NOTIFICATION_TOKEN.test(token)) return new Secret(token);
  throw invalid(
    'client_notification_token',
    'A bearer token of 22 to 1024 characters is expected (RFC 6750 section 2.1).',
  );
}

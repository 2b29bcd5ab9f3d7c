import { backchannelWays, type Backchannel, type BackchannelWay } from '../../../clients/payer-ways.ts';
import { DomainError } from '../../../kernel/errors.ts';
import { invalid, type Form } from '../../form/form.ts';

/**
 * How the person's BankID is reached: `bankid_start`, by default the phone, as CIBA knows no other way.
 * @throws DomainError `oauth.invalid-request`; `oauth.unauthorized-client` for a way that the client is not registered for
 */
export function checkWay(form: Form, { ways }: Backchannel): BackchannelWay {
  const asked = form.find('bankid_start') ?? 'phone';
  const way = backchannelWays.find((one) => one === asked);
  if (!way) throw invalid('bankid_start', `The ways are ${backchannelWays.join(', ')}.`);
  if (ways.includes(way)) return way;
  throw new DomainError('oauth.unauthorized-client', {
    pointer: '/bankid_start',
    detail: 'The client is not registered for this way.',
  });
}

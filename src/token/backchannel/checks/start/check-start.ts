import type { OrderStart } from '../../../../bankid-sign/sign-order.ts';
import type { Backchannel, BackchannelWay } from '../../../../clients/payer-ways.ts';
import type { Environment } from '../../../../kernel/environment.ts';
import { invalid } from '../../../form/form.ts';
import { checkCallInitiator } from './check-call-initiator.ts';
import { checkOperatorReference } from './check-operator-reference.ts';
import type { BackchannelParameters } from '../parameters.ts';
import { checkDevice } from './check-device.ts';
import { checkEndUserIp } from './check-end-user-ip.ts';
import { checkReturnUri } from './check-return-uri.ts';

/** The parameters that belong to some ways only. */
const membersOf: Readonly<Record<BackchannelWay, readonly string[]>> = {
  phone: ['call_initiator', 'operator_reference'],
  app: ['end_user_ip', 'app', 'web', 'return_uri'],
  qr: ['end_user_ip', 'app', 'web'],
};
const MEMBERS = new Set(Object.values(membersOf).flat());

/** Without whom the address of a device cannot be judged. */
export interface StartFacts {
  readonly backchannel: Backchannel;
  /** Of the caller of this request. */
  readonly callerIp: string | undefined;
  readonly environment: Environment;
  /** Whether a phone call must say who talks at the client. */
  readonly needsOperator: boolean;
}

/**
 * What BankID is told of how the order is started. A parameter of another way is refused: its client means something else.
 * @throws DomainError `oauth.invalid-request`
 */
export function checkStart(parameters: BackchannelParameters, way: BackchannelWay, facts: StartFacts): OrderStart {
  const { form, claims } = parameters;
  const foreign = [...MEMBERS].find((name) => Object.hasOwn(claims, name) && !membersOf[way].includes(name));
  if (foreign !== undefined) throw invalid(foreign, `This parameter is not for the way ${way}.`);
  if (way === 'phone') {
    checkOperatorReference(form, facts.needsOperator);
    return { way, callInitiator: checkCallInitiator(form) };
  }
  const device = { endUserIp: checkEndUserIp(form, facts.callerIp, facts.environment), ...checkDevice(claims) };
  return way === 'qr' ? { way, ...device } : { way, ...device, returnUrl: checkReturnUri(form, facts.backchannel) };
}

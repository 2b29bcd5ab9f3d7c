import { findIpAddress, isGlobalAddress } from '../../../../kernel/web/ip-address.ts';
import type { Environment } from '../../../../kernel/environment.ts';
import { invalid, type Form } from '../../../form/form.ts';

/**
 * The address of the person's device, as the client saw it: BankID compares it with that of the BankID app. A client that gave its own
 * would make every comparison worthless, so in production the address is a global one and not the caller's.
 * @param callerIp of this request
 * @throws DomainError `oauth.invalid-request`
 */
export function checkEndUserIp(form: Form, callerIp: string | undefined, environment: Environment): string {
  const address = findIpAddress(form.get('end_user_ip'));
  if (!address) throw invalid('end_user_ip', 'An IPv4 or IPv6 address is expected.');
  if (environment !== 'production') return address.toString();
  if (!isGlobalAddress(address)) throw invalid('end_user_ip', 'This is no address of a device on the Internet.');
  if (address.toString() === findIpAddress(callerIp ?? '')?.toString())
    throw invalid('end_user_ip', "This is the caller's own address, not that of the person's device.");
  return address.toString();
}

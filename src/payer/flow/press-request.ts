import type { Device } from '../../bankid-sign/sign-order.ts';
import type { AppConfig } from '../../config/config.ts';
import { parseEndUserIp } from '../http/end-user-ip.ts';
import { wayBack } from '../http/return-link.ts';
import type { Visitor } from '../http/visitor.ts';

/** How a person wants to use BankID, and from where. */
export interface PressRequest extends Pick<Visitor, 'language' | 'userAgent'> {
  readonly device: Device;
  readonly endUserIp: string;
  readonly deviceIdentifier: string;
  /** Where the BankID app sends the person, with this nonce in it. */
  readonly returnUrl: (nonce: string) => string;
}

/** @param path of the interaction's pages */
export function pressRequest(
  config: Pick<AppConfig, 'issuer' | 'bankid'>,
  { language, userAgent, address }: Visitor,
  { path, device, deviceIdentifier }: Pick<PressRequest, 'device' | 'deviceIdentifier'> & { readonly path: string },
): PressRequest {
  return {
    device,
    language,
    endUserIp: parseEndUserIp(address),
    userAgent,
    deviceIdentifier,
    returnUrl: (nonce) => wayBack(config, `${path}/back?nonce=${nonce}`, userAgent),
  };
}

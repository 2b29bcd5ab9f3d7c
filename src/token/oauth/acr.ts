import type { AppConfig } from '../../config/config.ts';
import type { Channel } from '../../payment/channel.ts';

/** The person identified themselves with BankID. In a phone call the one who asks is not seen on the person's own device. */
export function acrOfLogin(acrs: AppConfig['loginAcr'], { way }: Pick<Channel, 'way'>): string {
  return way === 'phone' ? acrs.phone : acrs.other;
}

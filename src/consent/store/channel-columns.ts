import { optionalText, text, type Row } from '../../database/rows.ts';
import { parseChannel, type Channel } from '../../payment/channel.ts';

/** How the payer is reached, from the columns of a consent. */
export function channelOf(row: Row): Channel {
  const callInitiator = optionalText(row, 'call_initiator');
  return parseChannel({ way: text(row, 'way'), ...(callInitiator !== undefined && { callInitiator }) }, '');
}

import type { JsonObject } from '../kernel/json.ts';
import { fault, memberPointer, readObject, readText } from './reading/members.ts';

/** How the payer is reached. For a phone call, who called: the payer (`user`) or the TPP (`RP`), in BankID's words. */
export type Channel = { readonly way: 'browser' } | { readonly way: 'phone'; readonly callInitiator: 'user' | 'RP' };

export const BROWSER: Channel = { way: 'browser' };

/** @throws DomainError `initiation.invalid` */
export function parseChannel(value: unknown, pointer: string): Channel {
  const object = readObject(value, ['way', 'callInitiator'], pointer);
  const way = readText(object, 'way', pointer);
  if (way === 'phone') return { way, callInitiator: readCallInitiator(object, pointer) };
  if (way !== 'browser') return fault(memberPointer(pointer, 'way'), 'This way is unknown.');
  return Object.hasOwn(object, 'callInitiator')
    ? fault(memberPointer(pointer, 'callInitiator'), 'Only a phone call has this member.')
    : { way };
}

/** Members in the order of RFC 8785. */
export function channelToJson(channel: Channel): JsonObject {
  return channel.way === 'phone' ? { callInitiator: channel.callInitiator, way: channel.way } : { way: channel.way };
}

function readCallInitiator(object: JsonObject, pointer: string): 'user' | 'RP' {
  const value = readText(object, 'callInitiator', pointer);
  return value === 'user' || value === 'RP'
    ? value
    : fault(memberPointer(pointer, 'callInitiator'), 'Either user or RP is expected here.');
}

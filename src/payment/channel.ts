import type { JsonObject } from '../kernel/json.ts';
import { fault, memberPointer, readObject, readText } from './members.ts';

/** On our pages; in an app of the TPP, which opens BankID; by a QR code that the TPP shows; in a phone call. */
export const ways = ['browser', 'app', 'qr', 'phone'] as const;

export type Way = (typeof ways)[number];

/** How the payer is reached. For a phone call, who called: the payer (`user`) or the TPP (`RP`), in BankID's words. */
export type Channel =
  { readonly way: Exclude<Way, 'phone'> } | { readonly way: 'phone'; readonly callInitiator: 'user' | 'RP' };

export const BROWSER: Channel = { way: 'browser' };

/**
 * How BankID's device is tied to what asked. A key proves that the app asked and came back, and not on which device its BankID is;
 * the address of an app's device is what its TPP states.
 */
export const bindings = [
  'returned-in-bound-browser',
  'returned-with-request-key',
  'same-address',
  'stated-address',
  'none',
] as const;
export type Binding = (typeof bindings)[number];

/** @throws DomainError `initiation.invalid` */
export function parseChannel(value: unknown, pointer: string): Channel {
  const object = readObject(value, ['way', 'callInitiator'], pointer);
  const way = readWay(object, pointer);
  if (way === 'phone') return { way, callInitiator: readCallInitiator(object, pointer) };
  return Object.hasOwn(object, 'callInitiator')
    ? fault(memberPointer(pointer, 'callInitiator'), 'Only a phone call has this member.')
    : { way };
}

/** Members in the order of RFC 8785. */
export function channelToJson(channel: Channel): JsonObject {
  return channel.way === 'phone' ? { callInitiator: channel.callInitiator, way: channel.way } : { way: channel.way };
}

export function isWay(value: unknown): value is Way {
  return (ways as readonly unknown[]).includes(value);
}

function readWay(object: JsonObject, pointer: string): Way {
  const value = readText(object, 'way', pointer);
  return isWay(value) ? value : fault(memberPointer(pointer, 'way'), 'This way is unknown.');
}

function readCallInitiator(object: JsonObject, pointer: string): 'user' | 'RP' {
  const value = readText(object, 'callInitiator', pointer);
  return value === 'user' || value === 'RP'
    ? value
    : fault(memberPointer(pointer, 'callInitiator'), 'Either user or RP is expected here.');
}

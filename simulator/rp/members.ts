import { isIP } from 'node:net';
import { findPersonalNumber } from '../../src/kernel/personal-number.ts';
import { invalidParameters } from './rp-error.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

/** Checks one member of a body. @throws RpError `invalidParameters`, naming the member */
export type Member = (value: unknown, name: string) => void;

export const text =
  (min: number, max: number, pattern = /^[^]*$/): Member =>
  (value, name) => {
    if (typeof value !== 'string' || value.length < min || value.length > max || !pattern.test(value))
      throw wrong(name);
  };

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** Bytes whose base64 has at most `max` characters. */
export const base64 = (max: number): Member => text(1, max, BASE64);

/** The same of a text in UTF-8. */
export const base64Text =
  (max: number): Member =>
  (value, name) => {
    base64(max)(value, name);
    try {
      new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(String(value), 'base64'));
    } catch {
      throw wrong(name);
    }
  };

export const flag: Member = (value, name) => {
  if (typeof value !== 'boolean') throw wrong(name);
};

export const list =
  (pattern: RegExp): Member =>
  (value, name) => {
    if (!Array.isArray(value) || value.length === 0) throw wrong(name);
    for (const item of value) text(1, 100, pattern)(item, name);
  };

export const object =
  (members: Readonly<Record<string, Member>>): Member =>
  (value, name) => {
    checkMembers(asObject(value, name), members, name);
  };

/** Twelve digits of a date and a check digit that can be. */
export const personalNumber: Member = (value, name) => {
  if (typeof value !== 'string' || findPersonalNumber(value) === undefined) throw wrong(name);
};

/** An IPv4-mapped address is an artefact of the listener's socket, not the payer's address. */
export const address: Member = (value, name) => {
  const ip = typeof value === 'string' ? value : '';
  if (isIP(ip) === 0 || ip.includes('%') || /^::ffff:/i.test(ip)) throw wrong(name);
};

/** @throws RpError `invalidParameters` */
export function asObject(value: unknown, name: string): JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrong(name);
  return value as JsonObject;
}

/** @throws RpError `invalidParameters` for a member that is unknown or malformed */
export function checkMembers(value: JsonObject, known: Readonly<Record<string, Member>>, name: string): void {
  for (const [key, member] of Object.entries(value)) {
    const path = name === '' ? key : `${name}.${key}`;
    if (!Object.hasOwn(known, key)) throw invalidParameters(`Unknown parameter ${path}`);
    known[key]?.(member, path);
  }
}

/** @throws RpError `invalidParameters` for the first member that is missing */
export function checkPresent(value: JsonObject, names: readonly string[]): void {
  for (const name of names) if (value[name] === undefined) throw wrong(name);
}

export const wrong = (name: string): ReturnType<typeof invalidParameters> =>
  invalidParameters(`Invalid parameter ${name}`);

import { DomainError } from '../kernel/errors.ts';
import { isJsonObject, type JsonObject } from '../kernel/json.ts';

/** Refuses the member that `pointer` (RFC 6901) names. */
export function fault(pointer: string, detail: string): never {
  throw new DomainError('initiation.invalid', { pointer, detail });
}

/** The pointer of the member `name` of the object at `pointer`. @see RFC 6901 §3 */
export function memberPointer(pointer: string, name: string): string {
  return `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

/** An object with no other members than `known`. */
export function readObject(value: unknown, known: readonly string[], pointer: string): JsonObject {
  if (!isJsonObject(value)) return fault(pointer, 'An object is expected here.');
  const unknown = Object.keys(value).find((name) => !known.includes(name));
  if (unknown !== undefined) return fault(memberPointer(pointer, unknown), 'This member is unknown.');
  return value;
}

/** The text of a required member. */
export function readText(object: JsonObject, name: string, pointer: string): string {
  if (!Object.hasOwn(object, name)) return fault(memberPointer(pointer, name), 'This member is missing.');
  const value = object[name];
  return typeof value === 'string' ? value : fault(memberPointer(pointer, name), 'A string is expected here.');
}

/** The text of a member that may be absent (and not null). */
export function findText(object: JsonObject, name: string, pointer: string): string | undefined {
  return Object.hasOwn(object, name) ? readText(object, name, pointer) : undefined;
}

import { isJsonObject, type JsonObject, type JsonValue } from '../../kernel/json.ts';
import { findPersonalNumber, type PersonalNumber } from '../../kernel/personal-number.ts';
import type { DataKey } from '../../vault/envelope.ts';

/** The object of an RFC 8785 text that was sealed with evidence. */
export function parseKept(text: string): JsonObject {
  return JSON.parse(text) as JsonObject;
}

/** The text at `path` of what was kept as JSON; undefined where there is none. */
export function textAt(value: JsonObject, ...path: readonly string[]): string | undefined {
  let found: JsonValue | undefined = value;
  for (const member of path) found = found !== undefined && isJsonObject(found) ? found[member] : undefined;
  return typeof found === 'string' ? found : undefined;
}

/** The sealed personal number; undefined where there is none, it was sealed for another row, or it holds something else. */
export function openNumber(
  key: DataKey,
  kind: string,
  id: string,
  sealed: Buffer | undefined,
): PersonalNumber | undefined {
  try {
    return sealed && findPersonalNumber(key.open(kind, id, sealed).toString('utf8'));
  } catch {
    return undefined;
  }
}

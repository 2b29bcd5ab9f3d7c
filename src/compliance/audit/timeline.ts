import type { LinkedEvent } from '../../audit/check-chain.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../kernel/json.ts';
import { findPersonalNumber } from '../../kernel/personal-number.ts';

/** An event for people: its content, and its hash for comparison with one noted earlier. */
export interface TimelineEvent {
  readonly seq: number;
  readonly at: string;
  readonly type: string;
  readonly actor: string;
  readonly request: JsonObject | null;
  readonly detail: JsonObject;
  /** SHA-256, hexadecimal. */
  readonly hash: string;
}

/** Members in another form than the service writes are left empty: then the link is broken, or another program wrote the event. */
export function timelineEvent({ seq, event, hash }: LinkedEvent): TimelineEvent {
  const members = membersOf(event);
  return {
    seq,
    at: textOf(members['at']),
    type: textOf(members['type']),
    actor: textOf(members['actor']),
    request: objectOf(members['request']) ?? null,
    detail: withoutNumbers(objectOf(members['detail']) ?? {}),
    hash: Buffer.from(hash).toString('hex'),
  };
}

function membersOf(event: string): JsonObject {
  try {
    return objectOf(JSON.parse(event) as JsonValue) ?? {};
  } catch {
    return {};
  }
}

function objectOf(value: JsonValue | undefined): JsonObject | undefined {
  return isJsonObject(value) ? value : undefined;
}

function textOf(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : '';
}

/** A bank chooses its payment references: a personal number in one is not repeated. */
function withoutNumbers(detail: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(detail).map(([name, value]) => [name, typeof value === 'string' ? blotOut(value) : value]),
  );
}

function blotOut(text: string): string {
  return text.replaceAll(
    /(?<![0-9A-Za-z])(?:18|19|20)?\d{6}[-+ \u2010-\u2015\u2212]?\d{4}(?![0-9A-Za-z])/g,
    (found) => {
      const digits = found.replaceAll(/\D/g, '');
      return ['', '19', '20'].some((century) => findPersonalNumber(century + digits)) ? '[number]' : found;
    },
  );
}

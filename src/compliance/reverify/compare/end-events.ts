import type { LinkedEvent } from '../../../audit/check-chain.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../../kernel/json.ts';
import { textAt } from '../read-kept.ts';

/** The events of a consent's chain about its authorisation and its end; undefined if there is none. */
export interface EndEvents {
  readonly evidenceId: string | undefined;
  readonly evidenceDigest: string | undefined;
  readonly paymentReferenceHash: string | undefined;
  readonly execution: string | undefined;
  readonly reason: string | undefined;
  /** RFC 3339. */
  readonly endedAt: string | undefined;
}

const ENDINGS = ['consent.rejected', 'consent.expired', 'consent.revoked'];
/** Written with exactly the row's time; the others are a moment later. */
const SAME_TIME = ['consent.expired', 'consent.revoked'];

/** Reads {@link EndEvents} from a consent's chain. Members in another form than the service writes are left out. */
export function endEvents(chain: readonly LinkedEvent[]): EndEvents {
  const events = chain.map(({ event }) => objectOf(event));
  const find = (...types: readonly string[]): JsonObject =>
    events.find((event) => types.includes(textAt(event, 'type') ?? '')) ?? {};
  const authorised = find('consent.authorised');
  return {
    evidenceId: textAt(authorised, 'detail', 'evidenceId'),
    evidenceDigest: textAt(authorised, 'detail', 'evidenceDigest'),
    paymentReferenceHash: textAt(find('consent.consumed'), 'detail', 'paymentReferenceHash'),
    execution: textAt(find('consent.execution-reported'), 'detail', 'execution'),
    reason: textAt(find(...ENDINGS), 'detail', 'reason'),
    endedAt: textAt(find(...SAME_TIME), 'at'),
  };
}

function objectOf(event: string): JsonObject {
  const value = JSON.parse(event) as JsonValue;
  return isJsonObject(value) ? value : {};
}

import { findObject } from '../../crypto/json/canonical-json.ts';
import { isJsonObject, type JsonValue } from '../../kernel/json.ts';
import { bindings, type Binding } from '../../payment/channel.ts';

/** What the service recorded of the device: whether what asked is tied to what signed, and what BankID and the client said. */
export interface RecordedRelay {
  readonly binding: Binding;
  /** BankID's word, or `absent`. */
  readonly risk: string;
  /** The address that the client stated of its app's device or of its screen; null where it stated none. */
  readonly statedAddress: string | null;
}

/**
 * What circumstances.json says of it: the word of the service, which no signature covers. Undefined where it says nothing, as before
 * there were other ways than the browser, or not in the form in which the service writes it.
 */
export function findRecordedRelay(circumstances: Uint8Array | undefined): RecordedRelay | undefined {
  const recorded = findObject(circumstances);
  const relay = recorded?.['relay'];
  if (!isJsonObject(relay)) return undefined;
  const { binding, risk, ...others } = relay;
  const statedAddress = addressIn(recorded?.['statedDevice']);
  if (!isBinding(binding) || typeof risk !== 'string' || Object.keys(others).length > 0) return undefined;
  return statedAddress === undefined ? undefined : { binding, risk, statedAddress };
}

/** Null where no device is stated; undefined where it is not stated as the service writes it. */
function addressIn(stated: JsonValue | undefined): string | null | undefined {
  if (stated === undefined) return null;
  if (!isJsonObject(stated) || stated['origin'] !== 'stated-by-client') return undefined;
  const address = stated['endUserIp'];
  return typeof address === 'string' ? address : undefined;
}

function isBinding(value: JsonValue | undefined): value is Binding {
  return bindings.some((known) => known === value);
}

import type { OrderStart } from '../bankid-sign/sign-order.ts';
import { formatInstant } from '../kernel/clock.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../kernel/json.ts';
import type { CompleteOrder } from './answered-order.ts';
import { bindingOf, type RelayFacts } from './relay-rule.ts';

/** Facts about our own service. */
export interface OwnCircumstances {
  /** Of the service itself. */
  readonly service: JsonObject;
  /** The check of risk and addresses, with its settings. */
  readonly relay: RelayFacts;
}

/**
 * What a court asks for and cannot be found out later: how the order was made, what BankID answered besides the signature, from
 * where, when and by which software.
 * @see NJA 2017 s. 1105, NJA 2022 s. 522; Directive (EU) 2015/2366 Art. 72
 */
export function orderCircumstances(order: CompleteOrder, ours: OwnCircumstances): JsonObject {
  const { start } = order;
  return {
    order: {
      orderId: order.orderId,
      startedAt: formatInstant(order.orderStartedAt),
      receivedAt: formatInstant(order.receivedAt),
      ...(start.way === 'browser' && { device: start.device }),
      renewals: order.renewals,
      launchLinkMadeAt: order.launchLinkMadeAt ? formatInstant(order.launchLinkMadeAt) : null,
      returnNonceCameBack: ours.relay.nonceReturned,
      signParameters: order.signParameters,
      timeline: order.timeline.map(({ at, event }) => ({ at: formatInstant(at), event })),
    },
    completion: otherMembers(order.answer.received),
    ...askerOf(start),
    relay: { binding: bindingOf(ours.relay), risk: ours.relay.risk ?? 'absent' },
    service: {
      ...ours.service,
      relayRule: { maxRisk: ours.relay.maxRisk, requireDeviceBinding: ours.relay.requireDeviceBinding },
      relyingPartyName: order.relyingPartyName,
    },
  };
}

/** The browser as we saw it; of any other way, what the client says of the device that its app or its QR code is on. */
function askerOf(start: OrderStart): JsonObject {
  if (start.way === 'phone') return {};
  const { endUserIp, userAgent } = start;
  if (start.way === 'browser')
    return { browser: { ip: endUserIp, userAgent: start.userAgent, deviceIdentifier: start.deviceIdentifier } };
  return {
    statedDevice: {
      origin: 'stated-by-client',
      endUserIp,
      ...(userAgent !== undefined && { userAgent }),
      ...(start.app && { app: { ...start.app } }),
      ...(start.web && { web: { ...start.web } }),
    },
  };
}

/** BankID's completion data, except the two members that have files of their own. */
function otherMembers(received: JsonObject): JsonObject {
  const data: JsonValue = received['completionData'] ?? null;
  if (!isJsonObject(data)) return {};
  return Object.fromEntries(Object.entries(data).filter(([name]) => name !== 'signature' && name !== 'ocspResponse'));
}

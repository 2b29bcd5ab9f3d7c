import ipaddr from 'ipaddr.js';
import type { Binding, Way } from '../payment/channel.ts';

/** Facts about whether the same person holds the BankID and what asked for the signature. */
export interface RelayFacts {
  readonly way: Way;
  /** BankID's risk indication; undefined when BankID gave none. */
  readonly risk: string | undefined;
  readonly maxRisk: 'low' | 'moderate';
  readonly requireDeviceBinding: boolean;
  /** A launch link was made, and not a QR code: the order may have been started by it on any device. */
  readonly startedByLink: boolean;
  /** The nonce of the returnUrl came back: in the bound browser, or from the app with the key of its request. */
  readonly nonceReturned: boolean;
  /** Of the browser as we see it, of the app's device as the TPP states it. */
  readonly askerAddress: string | undefined;
  readonly deviceAddress: string | undefined;
}

export type RelayVerdict = 'accepted' | 'risk' | 'device-not-bound';

/**
 * Against relay fraud: the attacker's browser or app with the victim's BankID. An order started by a link authorises only if it is
 * bound, or the risk is low. For a QR code the risk alone decides: it is scanned with another device. A call has neither link nor
 * address, and BankID may say nothing of its risk.
 */
export function relayVerdict(facts: RelayFacts): RelayVerdict {
  const isOpenlyAbsent = facts.way === 'phone' && facts.risk === undefined;
  const risk = isOpenlyAbsent ? levels.low : riskLevel(facts.risk);
  if (risk > levels[facts.maxRisk]) return 'risk';
  if (!facts.requireDeviceBinding || !isStartedByLink(facts)) return 'accepted';
  return bindingOf(facts) !== 'none' || risk === levels.low ? 'accepted' : 'device-not-bound';
}

/** The strongest tie there is. */
export function bindingOf({ way, nonceReturned, askerAddress, deviceAddress }: RelayFacts): Binding {
  if (way !== 'browser' && way !== 'app') return 'none';
  if (nonceReturned) return way === 'browser' ? 'returned-in-bound-browser' : 'returned-with-request-key';
  if (!isSameAddress(askerAddress, deviceAddress)) return 'none';
  return way === 'browser' ? 'same-address' : 'stated-address';
}

/** An app has no other way to start BankID. */
function isStartedByLink({ way, startedByLink }: RelayFacts): boolean {
  return way === 'app' || (way === 'browser' && startedByLink);
}

const levels = { low: 0, moderate: 1, high: 2 } as const;

/** No indication counts as moderate; an unknown one as high. */
function riskLevel(risk: string | undefined): number {
  if (risk === undefined) return levels.moderate;
  return Object.hasOwn(levels, risk) ? levels[risk as keyof typeof levels] : levels.high;
}

function isSameAddress(asker: string | undefined, device: string | undefined): boolean {
  if (asker === undefined || device === undefined || !ipaddr.isValid(asker) || !ipaddr.isValid(device)) return false;
  return ipaddr.process(asker).toNormalizedString() === ipaddr.process(device).toNormalizedString();
}

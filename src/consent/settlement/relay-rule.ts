import ipaddr from 'ipaddr.js';

/** Facts about whether the same person holds the BankID and the browser. */
export interface RelayFacts {
  /** BankID's risk indication; undefined when BankID gave none. */
  readonly risk: string | undefined;
  readonly maxRisk: 'low' | 'moderate';
  readonly requireDeviceBinding: boolean;
  /** A launch link was made, and not a QR code: the order may have been started by it on any device. */
  readonly startedByLink: boolean;
  /** The nonce of the returnUrl arrived in the bound browser. */
  readonly nonceReturned: boolean;
  readonly browserAddress: string;
  readonly deviceAddress: string | undefined;
}

export type RelayVerdict = 'accepted' | 'risk' | 'device-not-bound';

/**
 * Against relay fraud: the attacker's browser with the victim's BankID. An order started by a link authorises only if the
 * nonce came back in the bound browser, or the addresses are the same, or the risk is low.
 */
export function relayVerdict(facts: RelayFacts): RelayVerdict {
  const risk = riskLevel(facts.risk);
  if (risk > levels[facts.maxRisk]) return 'risk';
  if (!facts.requireDeviceBinding || !facts.startedByLink) return 'accepted';
  const isBound = facts.nonceReturned || isSameAddress(facts.browserAddress, facts.deviceAddress);
  return isBound || risk === levels.low ? 'accepted' : 'device-not-bound';
}

const levels = { low: 0, moderate: 1, high: 2 } as const;

/** No indication counts as moderate; an unknown one as high. */
function riskLevel(risk: string | undefined): number {
  if (risk === undefined) return levels.moderate;
  return Object.hasOwn(levels, risk) ? levels[risk as keyof typeof levels] : levels.high;
}

function isSameAddress(browser: string, device: string | undefined): boolean {
  if (device === undefined || !ipaddr.isValid(browser) || !ipaddr.isValid(device)) return false;
  return ipaddr.process(browser).toNormalizedString() === ipaddr.process(device).toNormalizedString();
}

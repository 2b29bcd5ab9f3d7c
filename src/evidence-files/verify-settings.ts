import { Malformed } from '../crypto/malformed.ts';
import type { Environment } from '../kernel/environment.ts';
import { CaCache } from '../verification/ca-cache.ts';
import type { RelyingPartyNames, VerificationTime } from '../verification/expectation.ts';
import { policies, type Policy } from '../verification/policy.ts';
import {
  anchorKinds,
  parseTrustAnchor,
  TrustAnchorRefused,
  type AnchorKind,
  type TrustAnchor,
} from '../verification/trust-anchors.ts';

/** The settings for every signature of one run. */
export interface Settings {
  /** The caller's roots. */
  readonly anchors: readonly TrustAnchor[];
  /** Kinds of roots that the caller accepts. */
  readonly kinds: readonly AnchorKind[];
  /** Whether a pinned root in the evidence is accepted too; a server trusts only its own root. */
  readonly carriedRoots: 'accept-pinned' | 'ignore';
  readonly policy: Policy;
  readonly time: VerificationTime;
  readonly relyingParty: RelyingPartyNames;
  /** Shared by all signatures of the run: most paths go through the same few CAs. */
  readonly cas: CaCache;
  /** Shared by all folders of the run: most of them carry the same root. */
  readonly carried: CarriedRoots;
}

/** Parses the roots in folders; a root that is the same as the last one is not parsed again. */
export class CarriedRoots {
  #last: { readonly pem: string; readonly anchors: readonly TrustAnchor[] } | undefined;

  /** Empty unless it is one of the pinned roots: a root that comes with the evidence cannot vouch for itself. */
  read(pem: string): readonly TrustAnchor[] {
    if (this.#last?.pem !== pem) this.#last = { pem, anchors: readPinned(pem) };
    return this.#last.anchors;
  }
}

function readPinned(pem: string): readonly TrustAnchor[] {
  try {
    return [parseTrustAnchor(pem, 'refuse-unpinned')];
  } catch (error) {
    if (error instanceof Malformed || error instanceof TrustAnchorRefused) return [];
    throw error;
  }
}

/** The same as plain data, which another thread can be given. */
export interface SettingsSource extends Omit<Settings, 'anchors' | 'policy' | 'cas' | 'carried'> {
  readonly roots: readonly { readonly pem: string; readonly unpinned: 'refuse-unpinned' | 'accept-unpinned' }[];
  readonly policy: Policy['name'];
}

/** @throws TrustAnchorRefused, Malformed */
export function makeSettings({ roots, policy, ...same }: SettingsSource): Settings {
  return {
    ...same,
    anchors: roots.map(({ pem, unpinned }) => parseTrustAnchor(pem, unpinned)),
    policy: policies[policy],
    cas: new CaCache(),
    carried: new CarriedRoots(),
  };
}

/** What a server trusts: its own root, of its environment's kind, and nothing that comes with the evidence. */
export function serverSettings(
  environment: Environment,
  rootPem: string,
  relyingParty: RelyingPartyNames,
  now: Date,
): SettingsSource {
  const kind = anchorKinds[environment];
  return {
    roots: [{ pem: rootPem, unpinned: kind === 'unpinned' ? 'accept-unpinned' : 'refuse-unpinned' }],
    kinds: [kind],
    carriedRoots: 'ignore',
    policy: 'bankid',
    time: { now, vouchedAt: undefined },
    relyingParty,
  };
}

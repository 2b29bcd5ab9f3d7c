import type { Environment } from '../kernel/environment.ts';
import { CaCache } from '../verification/ca-cache.ts';
import type { VerificationTime } from '../verification/expectation.ts';
import { policies, type Policy } from '../verification/policy.ts';
import { parseTrustAnchor, type AnchorKind, type TrustAnchor } from '../verification/trust-anchors.ts';

/** What holds for every signature of one run. */
export interface Settings {
  /** Roots that the caller gave. */
  readonly anchors: readonly TrustAnchor[];
  /** Kinds of roots that the caller accepts. */
  readonly kinds: readonly AnchorKind[];
  /** Whether a pinned root that evidence carries along may serve too; a server believes its own only. */
  readonly carriedRoots: 'accept-pinned' | 'ignore';
  readonly policy: Policy;
  readonly time: VerificationTime;
  readonly relyingParty: string | undefined;
  /** Of all signatures of the run: most of them end at the same few CAs. */
  readonly cas: CaCache;
}

/** The same as plain data, which another thread can be given. */
export interface SettingsSource extends Omit<Settings, 'anchors' | 'policy' | 'cas'> {
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
  };
}

const kindOf: Readonly<Record<Environment, AnchorKind>> = {
  production: 'production',
  'bankid-test': 'test',
  sandbox: 'unpinned',
};

/** What a server trusts: its own root, of its environment's kind, and nothing that comes with the evidence. */
export function serverSettings(
  environment: Environment,
  rootPem: string,
  relyingParty: string | undefined,
  now: Date,
): SettingsSource {
  const kind = kindOf[environment];
  return {
    roots: [{ pem: rootPem, unpinned: kind === 'unpinned' ? 'accept-unpinned' : 'refuse-unpinned' }],
    kinds: [kind],
    carriedRoots: 'ignore',
    policy: 'bankid',
    time: { now, vouchedAt: undefined },
    relyingParty,
  };
}

import { Malformed } from '../../crypto/malformed.ts';
import type { VerificationTime } from '../../verification/expectation.ts';
import { isPolicyName, policies, type Policy } from '../../verification/policy.ts';
import {
  parseTrustAnchor,
  TrustAnchorRefused,
  type AnchorKind,
  type TrustAnchor,
} from '../../verification/trust-anchors.ts';
import { UsageError } from './exit-codes.ts';
import { readInput } from './read-file.ts';

export interface VerifyOptions {
  readonly signature?: string;
  readonly ocsp?: string;
  readonly consent?: string;
  readonly rp?: string;
  readonly trust?: string;
  readonly trustUnpinned?: string;
  readonly environment?: string;
  readonly at?: string;
  readonly policy?: string;
  readonly reveal?: true;
  readonly json?: true;
}

/** What holds for every signature of one run. */
export interface Settings {
  /** Roots that the caller gave. */
  readonly anchors: readonly TrustAnchor[];
  /** Kinds of roots that the caller accepts. */
  readonly kinds: readonly AnchorKind[];
  readonly policy: Policy;
  readonly time: VerificationTime;
  readonly relyingParty: string | undefined;
}

const RFC3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/;

/** @throws UsageError, NoInputError */
export async function readSettings(options: VerifyOptions, now: Date): Promise<Settings> {
  const { environment = 'production', policy = 'bankid' } = options;
  if (environment !== 'production' && environment !== 'test')
    throw new UsageError('--environment is production or test');
  if (!isPolicyName(policy)) throw new UsageError('--policy is bankid or etsi-strict');
  const pinned = options.trust === undefined ? [] : [await readAnchor(options.trust, 'refuse-unpinned')];
  const vouched =
    options.trustUnpinned === undefined ? [] : [await readAnchor(options.trustUnpinned, 'accept-unpinned')];
  return {
    anchors: [...pinned, ...vouched],
    kinds: [
      'production',
      ...(environment === 'test' ? (['test'] as const) : []),
      ...(vouched.length > 0 ? (['unpinned'] as const) : []),
    ],
    policy: policies[policy],
    time: { now, vouchedAt: options.at === undefined ? undefined : parseInstant(options.at) },
    relyingParty: options.rp,
  };
}

async function readAnchor(path: string, unpinned: 'refuse-unpinned' | 'accept-unpinned'): Promise<TrustAnchor> {
  const pem = await readInput(path);
  try {
    return parseTrustAnchor(pem.toString('latin1'), unpinned);
  } catch (error) {
    if (!(error instanceof TrustAnchorRefused) && !(error instanceof Malformed)) throw error;
    const isUnknown = error instanceof TrustAnchorRefused && error.reason === 'not-pinned';
    const hint = isUnknown ? ': --trust-unpinned accepts it, if you vouch for it' : '';
    throw new UsageError(`${path}: ${error.message}${hint}`);
  }
}

function parseInstant(text: string): Date {
  const at = new Date(text);
  if (!RFC3339.test(text) || Number.isNaN(at.getTime()))
    throw new UsageError('--at is a time of RFC 3339, e.g. 2022-12-01T00:00:00Z');
  return at;
}

import { makeBundleTrust, noTrust, type TrustSource } from '../../bundle/trust.ts';
import { attempt, Malformed } from '../../crypto/malformed.ts';
import { findInstant } from '../../kernel/clock.ts';
import { isPolicyName } from '../../verification/policy.ts';
import { parseTrustAnchor, TrustAnchorRefused } from '../../verification/trust-anchors.ts';
import type { SettingsSource } from '../../evidence-files/verify-settings.ts';
import { UsageError } from './files/exit-codes.ts';
import { readInput } from './files/read-file.ts';

export interface VerifyOptions {
  readonly signature?: string;
  readonly ocsp?: string;
  readonly consent?: string;
  readonly login?: string;
  readonly rp?: string;
  readonly trust?: string;
  readonly trustUnpinned?: string;
  readonly environment?: string;
  readonly at?: string;
  readonly policy?: string;
  readonly sealTrust?: readonly string[];
  readonly tsaTrust?: readonly string[];
  readonly ledgerKey?: readonly string[];
  readonly checkpoint?: string;
  readonly ledger?: string;
  readonly lang?: string;
  readonly html?: string;
  readonly jobs?: string;
  readonly reveal?: true;
  readonly json?: true;
  readonly jsonl?: true;
}

/** The settings in a form that can be passed to another thread. @throws UsageError, NoInputError */
export async function readSettingsSource(options: VerifyOptions, now: Date): Promise<SettingsSource> {
  const { environment = 'production', policy = 'bankid' } = options;
  if (environment !== 'production' && environment !== 'test')
    throw new UsageError('--environment is production or test');
  if (!isPolicyName(policy)) throw new UsageError('--policy is bankid or etsi-strict');
  const pinned = options.trust === undefined ? [] : [await readRoot(options.trust, 'refuse-unpinned')];
  const vouched = options.trustUnpinned === undefined ? [] : [await readRoot(options.trustUnpinned, 'accept-unpinned')];
  return {
    roots: [...pinned, ...vouched],
    kinds: [
      'production',
      ...(environment === 'test' ? (['test'] as const) : []),
      ...(vouched.length > 0 ? (['unpinned'] as const) : []),
    ],
    carriedRoots: 'accept-pinned',
    policy,
    time: { now, vouchedAt: options.at === undefined ? undefined : parseInstant(options.at) },
    relyingParty: options.rp,
  };
}

type Root = SettingsSource['roots'][number];

async function readRoot(path: string, unpinned: Root['unpinned']): Promise<Root> {
  const pem = (await readInput(path)).toString('latin1');
  try {
    parseTrustAnchor(pem, unpinned);
    return { pem, unpinned };
  } catch (error) {
    if (!(error instanceof TrustAnchorRefused) && !(error instanceof Malformed)) throw error;
    const isUnknown = error instanceof TrustAnchorRefused && error.reason === 'not-pinned';
    const hint = isUnknown ? ': --trust-unpinned accepts it, if you vouch for it' : '';
    throw new UsageError(`${path}: ${error.message}${hint}`);
  }
}

function parseInstant(text: string): Date {
  const at = findInstant(text);
  if (!at) throw new UsageError('--at is an RFC 3339 time, e.g. 2022-12-01T00:00:00Z');
  return at;
}

/** What may vouch for evidence as a whole, in the same form. @throws UsageError, NoInputError */
export async function readTrustSource(options: VerifyOptions): Promise<TrustSource> {
  const { sealTrust = [], tsaTrust = [], ledgerKey = [], checkpoint, ledger } = options;
  if (ledger !== undefined && checkpoint === undefined) throw new UsageError('--ledger belongs to --checkpoint');
  const read = async (path: string): Promise<string> => (await readInput(path)).toString('utf8');
  const source = {
    seals: await Promise.all(sealTrust.map(read)),
    timestamps: await Promise.all(tsaTrust.map(read)),
    ledgerKeys: ledgerKey,
    ownLedgers: [],
    kept: checkpoint === undefined ? undefined : await read(checkpoint),
  };
  checkTrust('--seal-trust holds no certificate in PEM', { ...noTrust, seals: source.seals });
  checkTrust('--tsa-trust holds no certificate in PEM', { ...noTrust, timestamps: source.timestamps });
  checkTrust('--ledger-key must be a verifier key, NAME+ID+KEY, as the operator or the witness publishes it', {
    ...noTrust,
    ledgerKeys: source.ledgerKeys,
  });
  checkTrust('--checkpoint must be a signed checkpoint, as /ledger/{logId}/checkpoint gives it', {
    ...noTrust,
    kept: source.kept,
  });
  return source;
}

function checkTrust(meaning: string, source: TrustSource): void {
  const made = attempt(() => makeBundleTrust(source));
  if (made instanceof Malformed) throw new UsageError(`${meaning}: ${made.message}`);
}

/** @throws UsageError */
export function parseJobs(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^[1-9]\d{0,2}$/.test(text)) throw new UsageError('--jobs is a number of threads');
  return Number(text);
}

import { createPublicKey } from 'node:crypto';
import { parseCheckpoint, type Checkpoint } from '../crypto/tlog/checkpoint.ts';
import { parseNote } from '../crypto/tlog/note.ts';
import type { ReadTile } from '../crypto/tlog/tiles.ts';
import { parseVerifierKey, verifierKey, type VerifierKey } from '../crypto/tlog/verifier-key.ts';
import { parsePemCertificates } from '../crypto/x509/certificate.ts';
import { briefName } from '../crypto/x509/distinguished-name.ts';
import type { TrustedIssuers } from './findings.ts';
import type { LedgerTrust } from './judge-head.ts';
import type { SealTrust } from './verify-seal.ts';

/** What is trusted besides BankID's root, as plain data, which another thread can be given. */
export interface TrustSource {
  /** PEM: certificates of seals, or of those that issue theirs. */
  readonly seals: readonly string[];
  /** PEM: certificates of timestamp authorities, or of those that issue theirs. */
  readonly timestamps: readonly string[];
  /** Verifier keys (C2SP signed-note) of logs and witnesses. */
  readonly ledgerKeys: readonly string[];
  /** An installation's own keys: each signs for every log whose origin begins so. */
  readonly ownLedgers: readonly { readonly prefix: string; readonly publicKey: string }[];
  /** The note of a checkpoint that was kept. */
  readonly kept: string | undefined;
}

export const noTrust: TrustSource = { seals: [], timestamps: [], ledgerKeys: [], ownLedgers: [], kept: undefined };

/** The same, parsed once for all evidence of a run. */
export interface BundleTrust {
  readonly seal: SealTrust;
  readonly ledger: LedgerTrust;
  readonly names: TrustedIssuers;
}

/**
 * @param tilesOf reads tiles of a log by its origin
 * @throws Malformed for what is no certificate, no key or no checkpoint
 */
export function makeBundleTrust(source: TrustSource, tilesOf?: (origin: string) => ReadTile): BundleTrust {
  const seals = source.seals.flatMap(parsePemCertificates);
  const timestamps = source.timestamps.flatMap(parsePemCertificates);
  const keys = source.ledgerKeys.map(parseVerifierKey);
  return {
    seal: { seals, timestamps },
    ledger: {
      keysOf: (origin) => [...keys, ...ownKeys(source.ownLedgers, origin)],
      kept: source.kept === undefined ? undefined : parseKeptCheckpoint(source.kept),
      tilesOf,
      timestamps,
    },
    names: {
      seals: seals.map(({ subject }) => briefName(subject)),
      timestamps: timestamps.map(({ subject }) => briefName(subject)),
      ledgers: [...keys.map(({ name }) => name), ...new Set(source.ownLedgers.map(({ prefix }) => `${prefix}…`))],
    },
  };
}

/** @throws Malformed */
export function parseKeptCheckpoint(note: string): Checkpoint {
  return parseCheckpoint(parseNote(Buffer.from(note, 'utf8')).text);
}

/** One key serves all logs of an installation, under the name of each. */
function ownKeys(owned: TrustSource['ownLedgers'], origin: string): readonly VerifierKey[] {
  return owned
    .filter(({ prefix }) => origin.startsWith(prefix))
    .map(({ publicKey }) => verifierKey(origin, createPublicKey(publicKey)));
}

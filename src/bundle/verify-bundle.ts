import { findObject } from '../crypto/json/canonical-json.ts';
import { DIGEST_FILE } from '../evidence-files/evidence-folder.ts';
import { verifyFolder } from '../evidence-files/verify-files.ts';
import type { Settings } from '../evidence-files/verify-settings.ts';
import type { Report } from '../verification/report.ts';
import { CHECKPOINT_TOKEN, LEDGER_PROOF } from './container.ts';
import { timestampsOf, type Container, type EvidenceReport, type Findings, type LedgerFinding } from './findings.ts';
import type { Bundle } from './read-bundle.ts';
import type { BundleTrust } from './trust.ts';
import { verifyLedgerProof } from './proofs/verify-ledger-proof.ts';
import { verifySeal } from './verify-seal.ts';

/**
 * Verifies a bundle: its seal, its place in the ledger, and the evidence folder in it. The oldest trusted timestamp proves by when
 * all of it existed.
 */
export async function verifyBundle(bundle: Bundle, settings: Settings, trust: BundleTrust): Promise<EvidenceReport> {
  const { members } = bundle;
  const files = new Map([...members].filter(([name]) => name !== LEDGER_PROOF && name !== CHECKPOINT_TOKEN));
  const findings = {
    container: 'bundle',
    seal: verifySeal(bundle, trust.seal),
    ledger: await ledgerOf(members, trust),
  } as const;
  const provenAt = findProvenTime(findings);
  const report = verifyFolder(files, { ...settings, time: { ...settings.time, provenAt } });
  return { ...report, ...findings, trusted: trust.names };
}

/** What was handed over without anything around it. */
export function unsealed(report: Report, container: Exclude<Container, 'bundle'>, trust: BundleTrust): EvidenceReport {
  const none = { state: 'none' } as const;
  return { ...report, container, seal: none, ledger: none, trusted: trust.names };
}

async function ledgerOf(members: Bundle['members'], { ledger }: BundleTrust): Promise<LedgerFinding> {
  const proof = members.get(LEDGER_PROOF);
  // A token without a proof stamps nothing that is here.
  if (!proof) return members.has(CHECKPOINT_TOKEN) ? { state: 'unsound', reason: 'format' } : { state: 'none' };
  const said = findObject(members.get(DIGEST_FILE))?.['evidenceDigest'];
  const digest = Buffer.from(typeof said === 'string' ? said : '', 'base64url');
  return verifyLedgerProof({ proof, token: members.get(CHECKPOINT_TOKEN) }, digest, ledger);
}

/** The oldest trusted timestamp, by which the evidence existed: of its seal, or of a checkpoint that covers it. */
function findProvenTime(findings: Findings): Date | undefined {
  const times = timestampsOf(findings).flatMap(({ stamp }) =>
    stamp.state === 'sound' ? [Date.parse(stamp.time)] : [],
  );
  return times.length === 0 ? undefined : new Date(Math.min(...times));
}

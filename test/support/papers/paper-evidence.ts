import type { EvidenceReport } from '../../../src/bundle/findings.ts';
import { makeBundleTrust, noTrust } from '../../../src/bundle/trust.ts';
import { unsealed } from '../../../src/bundle/verify-bundle.ts';
import type { Files } from '../../../src/evidence-files/folder-checks.ts';
import { verifyFolder } from '../../../src/evidence-files/verify-files.ts';
import { makeSettings } from '../../../src/evidence-files/verify-settings.ts';
import type { VerifiedEvidence } from '../../../src/papers/begin-paper.ts';
import { folderOf } from '../evidence/evidence-export.ts';
import { facts2, now, relyingPartyName, vectorOf } from '../vectors/vector.ts';

/** A payment to a name with letters of Swedish, signed. */
export const vector = vectorOf({
  ...facts2,
  initiation: { ...facts2.initiation, creditorName: 'Åkes Blommor & Växter' },
});
export const folder = folderOf(vector);

/** Today's verdict on a folder, as on one that came without a seal. */
export function verified(files: Files, pem: string): EvidenceReport {
  const settings = makeSettings({
    roots: [{ pem, unpinned: 'accept-unpinned' }],
    kinds: ['unpinned'],
    carriedRoots: 'ignore',
    policy: 'bankid',
    time: { now, vouchedAt: undefined },
    relyingParty: relyingPartyName,
  });
  return unsealed(verifyFolder(files, settings), 'folder', makeBundleTrust(noTrust));
}

export const evidence: VerifiedEvidence<EvidenceReport> = { files: folder, report: verified(folder, vector.rootPem) };

/** Names that no registration has, and a certificate could. */
export const hostile = {
  'turns text around, hides and breaks lines':
    'Anna \u202eegnahc\u202c \u200bAndersson\u2066\nBelopp: 1,00 SEK\r\t\u0000',
  'is markup, or an operator of PDF': '<rdf:li>&amp;</rdf:li> (Tj) EMC \\) >> endobj',
  'has letters of other alphabets': 'Аnna Åström e\u0301 عبد 王 🂡 \ufb01',
  'does not end': `${'W'.repeat(4_000)} ${'lång '.repeat(500)}`,
};
/** The evidence, with this name of its signer and of its relying party. */
export function withName(name: string): VerifiedEvidence<EvidenceReport> {
  const signer = { name, personalNumber: '199001012389' };
  return { ...evidence, report: { ...evidence.report, signer, relyingParty: name } };
}

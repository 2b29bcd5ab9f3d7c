import { hash } from 'node:crypto';
import { sealedMembers, type Members } from '../../../src/bundle/container.ts';
import { DIGEST_FILE } from '../../../src/evidence-files/evidence-folder.ts';
import type { SmallLog } from '../ledger/small-log.ts';
import type { Sealing } from '../seals/sealing.ts';

type Files = ReadonlyMap<string, Buffer>;

/** The entry that a folder has in the ledger. */
export function digestOf(files: Files): Buffer {
  const { evidenceDigest } = JSON.parse(String(files.get(DIGEST_FILE))) as { readonly evidenceDigest: string };
  return Buffer.from(evidenceDigest, 'base64url');
}

/** The members of a bundle: a folder, the proof of the entry at `index` of a log, and a timestamp over the newest head. */
export async function ledgered(files: Files, log: SmallLog, index: number, sealing: Sealing): Promise<Members> {
  const { token: checkpointToken } = await sealing.stamp(hash('sha256', (await log.head()).note, 'buffer'));
  return sealedMembers(files, { proof: await log.proofFile(index), checkpointToken });
}

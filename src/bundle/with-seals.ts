import { writeBundle } from './container.ts';
import { readBundle } from './read-bundle.ts';

/**
 * The same bundle with further seals behind its first one, which stays: for when the key of the first is suspect or old.
 * @param further CAdES in DER, over the manifests from 2 on
 * @throws ArchiveRefused, or Error if it has no seal
 */
export async function withSeals(bundle: Buffer, further: readonly Buffer[]): Promise<Buffer> {
  if (further.length === 0) return bundle;
  const { members, seals, token } = await readBundle(bundle);
  const [first] = seals;
  if (!first || !token) throw new Error('a bundle without a seal cannot have a second one');
  return writeBundle(members, { signature: first.signature, token }, further);
}

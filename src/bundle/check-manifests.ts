import { hash } from 'node:crypto';
import { attempt, Malformed } from '../crypto/malformed.ts';
import { signatureName } from './container.ts';
import { parseManifest } from './manifest.ts';
import type { Bundle, BundleFault, UncheckedSeal } from './read-bundle.ts';

/**
 * The first fault of the container or of a manifest: each covers every member and no other, by the SHA-256 that the member has, and
 * names the signature that stands beside it.
 */
export function findContainerFault(bundle: Bundle): BundleFault | undefined {
  if (bundle.fault) return bundle.fault;
  for (const seal of bundle.seals) {
    const fault = findManifestFault(seal, bundle.members);
    if (fault) return fault;
  }
  return undefined;
}

function findManifestFault(
  { number, manifest: bytes }: UncheckedSeal,
  members: Bundle['members'],
): BundleFault | undefined {
  const manifest = attempt(() => parseManifest(bytes));
  if (manifest instanceof Malformed || manifest.signature !== signatureName(number)) return { reason: 'manifest' };
  const { digests } = manifest;
  const missing = [...digests.keys()].find((name) => !members.has(name));
  if (missing !== undefined) return { reason: 'member-missing', member: missing };
  for (const [name, content] of members) {
    const digest = digests.get(name);
    if (!digest) return { reason: 'member-added', member: name };
    if (!digest.equals(hash('sha256', content, 'buffer'))) return { reason: 'member-changed', member: name };
  }
  return undefined;
}

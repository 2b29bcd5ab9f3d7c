import { hash as digestOf } from 'node:crypto';
import { attempt, Malformed } from '../../crypto/malformed.ts';
import { readKeyInfo, readSignedData } from '../bankid-signature.ts';
import type { WarningId } from '../report.ts';
import type { Facts, Found } from '../facts/facts.ts';
import { failed, inputMissing, passed, type Outcome } from '../facts/outcome.ts';
import { findSignedFacts } from '../facts/signed-facts.ts';

/**
 * Both references have the digests in SignedInfo. Content is read only after that, and only from the octets that were digested.
 * @see XMLDSig core §3.2.1
 */
export function checkDigests({ signature, purpose }: Facts): Outcome {
  if (!signature) return inputMissing;
  for (const { uri, hash, digest } of signature.references) {
    if (!digestOf(hash, signature.referenced[uri], 'buffer').equals(digest))
      return failed('HASH_FAILURE', { message: 'digests.differ', parameters: { reference: uri } });
  }
  const found = attempt((): Found => {
    const content = readSignedData(signature.referenced['#bidSignedData']);
    return { content, certificates: readKeyInfo(signature.referenced['#bidKeyInfo']) };
  });
  if (found instanceof Malformed) {
    return failed('FORMAT_FAILURE', { message: 'digests.malformed', parameters: { fault: found.message } });
  }
  // Facts that cannot be parsed are reported by the content check.
  const data = purpose.kind === 'exported' ? found.content?.nonVisibleData : undefined;
  const signedFacts = data && findSignedFacts(data);
  return passed('digests.equal', {
    found: { ...found, ...(signedFacts ? { signedFacts } : {}) },
    warnings: warningsOf(found),
  });
}

function warningsOf({ content }: Found): readonly WarningId[] {
  return [
    ...(content?.hasUnknownEnvironment ? (['client-info-unknown-element'] as const) : []),
    ...(content && content.visibleText === undefined ? (['visible-text-not-utf8'] as const) : []),
  ];
}

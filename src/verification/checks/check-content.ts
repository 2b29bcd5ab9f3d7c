import { buildNonVisibleData, type SignedConsentFacts } from '../../payment/non-visible.ts';
import { renderVisibleText } from '../../payment/visible-text.ts';
import type { Environment } from '../../kernel/environment.ts';
import type { SignedContent } from '../bankid-signature.ts';
import { findClaimedVerdict, findFolderDifference, namesAnother } from '../content/folder-copies.ts';
import type { Expectation } from '../expectation.ts';
import type { Reason } from '../messages.ts';
import type { Facts } from '../facts/facts.ts';
import { indeterminate, inputMissing, passed, skipped, type Outcome } from '../facts/outcome.ts';
import type { AnchorKind } from '../trust-anchors.ts';

/**
 * The payer saw exactly the text of this payment, in plain text, and signed exactly this consent's data.
 * @see Commission Delegated Regulation (EU) 2018/389 Art. 5(1) (dynamic linking)
 */
export function checkContent(facts: Facts): Outcome {
  const { purpose, content, anchor, signedFacts } = facts;
  if (purpose.kind === 'signature') return skipped('content.none');
  if (!content) return inputMissing;
  const consent = purpose.kind === 'consent' ? purpose.expectation.facts : signedFacts;
  if (!consent) return refuse('content.no-consent');
  const difference =
    findTextDifference(content, consent) ??
    (anchor && environmentOf[anchor.kind] !== consent.environment ? 'content.environment' : undefined) ??
    (purpose.kind === 'consent'
      ? findExpectedDifference(content, purpose.expectation)
      : findFolderDifference(purpose.folder, content, consent, facts));
  if (difference !== undefined) return refuse(difference);
  if (purpose.kind === 'consent') return passed('content.same');
  const claimed = findClaimedVerdict(purpose.folder);
  const warnings = namesAnother(purpose.folder, facts.path?.leaf) ? (['circumstances-name-differs'] as const) : [];
  return passed('content.same', claimed ? { found: { claimed }, warnings } : { warnings });
}

const environmentOf: Readonly<Record<AnchorKind, Environment>> = {
  production: 'production',
  test: 'bankid-test',
  unpinned: 'sandbox',
};

function refuse(reason: Reason): Outcome {
  return indeterminate('SIG_CONSTRAINTS_FAILURE', reason);
}

/** Rendering the facts today must give the text that was signed then: a template never changes. */
function findTextDifference(content: SignedContent, facts: SignedConsentFacts): Reason | undefined {
  if (content.visibleFormat !== 'plaintext') return 'content.format';
  if (content.visibleText !== renderVisibleText(facts)) return 'content.visible-text';
  return content.nonVisibleData?.equals(buildNonVisibleData(facts)) ? undefined : 'content.non-visible-data';
}

function findExpectedDifference(content: SignedContent, expected: Expectation): Reason | undefined {
  if (!content.visibleData.equals(expected.visibleData)) return 'content.visible-text-sent';
  if (!content.nonVisibleData?.equals(expected.nonVisibleData)) return 'content.non-visible-data-sent';
  if (expected.facts.environment !== expected.environment) return 'content.environment';
  return expected.facts.payer === expected.payer.kind ? undefined : 'content.payer-kind';
}

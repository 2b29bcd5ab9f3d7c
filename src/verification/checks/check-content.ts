import { buildNonVisibleData, type SignedConsentFacts } from '../../payment/non-visible.ts';
import { renderVisibleText } from '../../payment/visible-text.ts';
import type { Environment } from '../../kernel/environment.ts';
import type { SignedContent } from '../bankid-signature.ts';
import { findFolderDifference } from '../content/folder-copies.ts';
import type { Expectation } from '../expectation.ts';
import type { Facts } from '../run/facts.ts';
import { indeterminate, inputMissing, passed, skipped, type Outcome } from '../run/outcome.ts';
import type { AnchorKind } from '../trust-anchors.ts';

/**
 * The payer saw exactly the text of this payment, in plain text, and signed exactly this consent's data.
 * @see Commission Delegated Regulation (EU) 2018/389 Art. 5(1) (dynamic linking)
 */
export function checkContent(facts: Facts): Outcome {
  const { purpose, content, anchor, signedFacts } = facts;
  if (purpose.kind === 'signature') return skipped('no text to compare with');
  if (!content) return inputMissing;
  const consent = purpose.kind === 'consent' ? purpose.expectation.facts : signedFacts;
  if (!consent) return refuse('the non-visible data are not those of a consent');
  const difference =
    findTextDifference(content, consent) ??
    (anchor && environmentOf[anchor.kind] !== consent.environment ? 'environment' : undefined) ??
    (purpose.kind === 'consent'
      ? findExpectedDifference(content, purpose.expectation)
      : findFolderDifference(purpose.folder, content, facts.producedAt));
  return difference === undefined ? passed('text and data are those of the consent') : refuse(difference);
}

const environmentOf: Readonly<Record<AnchorKind, Environment>> = {
  production: 'production',
  test: 'bankid-test',
  unpinned: 'sandbox',
};

function refuse(what: string): Outcome {
  return indeterminate('SIG_CONSTRAINTS_FAILURE', `differs: ${what}`);
}

/** What the template makes of the facts today must be what was signed then: a template never changes. */
function findTextDifference(content: SignedContent, facts: SignedConsentFacts): string | undefined {
  if (content.visibleFormat !== 'plaintext') return 'format of the visible text';
  const { tpp, initiation, template } = facts;
  const text = renderVisibleText(template, {
    tppName: tpp.name,
    authorisationNumber: tpp.authorisationNumber,
    initiation,
  });
  if (content.visibleText !== text) return 'visible text';
  return content.nonVisibleData?.equals(buildNonVisibleData(facts)) ? undefined : 'non-visible data';
}

function findExpectedDifference(content: SignedContent, expected: Expectation): string | undefined {
  if (!content.visibleData.equals(expected.visibleData)) return 'visible text as sent';
  if (!content.nonVisibleData?.equals(expected.nonVisibleData)) return 'non-visible data as sent';
  if (expected.facts.environment !== expected.environment) return 'environment';
  return expected.facts.payer === expected.payer.kind ? undefined : 'whether the payer is bound';
}

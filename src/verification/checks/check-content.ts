import type { Environment } from '../../kernel/environment.ts';
import type { SignedContent } from '../bankid-signature.ts';
import { findClaimedVerdict, findFolderDifference, namesAnother } from '../content/folder-copies.ts';
import type { Reason } from '../messages.ts';
import type { ExpectedPurpose, Facts } from '../facts/facts.ts';
import { isOfLogin } from '../facts/of-login.ts';
import { indeterminate, inputMissing, passed, skipped, type Outcome } from '../facts/outcome.ts';
import { buildSignedData, renderSignedText, type SignedFacts } from '../facts/signed-facts.ts';
import type { AnchorKind } from '../trust-anchors.ts';

/**
 * The person saw exactly the text of this consent or login, in plain text, and signed exactly its data.
 * @see Commission Delegated Regulation (EU) 2018/389 Art. 5(1) (dynamic linking)
 */
export function checkContent(facts: Facts): Outcome {
  const { purpose, content, anchor, signedFacts } = facts;
  if (purpose.kind === 'signature') return skipped('content.none');
  if (!content) return inputMissing;
  const wanted = 'expectation' in purpose ? purpose.expectation.facts : signedFacts;
  if (!wanted) return refuse(isOfLogin(facts) ? 'content.no-login' : 'content.no-consent');
  const difference =
    findTextDifference(content, wanted) ??
    (anchor && environmentOf[anchor.kind] !== wanted.environment ? 'content.environment' : undefined) ??
    ('expectation' in purpose
      ? findExpectedDifference(content, purpose.expectation)
      : findFolderDifference(purpose.folder, content, wanted, facts));
  if (difference !== undefined) return refuse(difference);
  const same = isOfLogin(facts) ? 'content.same-login' : 'content.same';
  if ('expectation' in purpose) return passed(same);
  const claimed = findClaimedVerdict(purpose.folder);
  const warnings = namesAnother(purpose.folder, facts.path?.leaf) ? (['circumstances-name-differs'] as const) : [];
  return passed(same, claimed ? { found: { claimed }, warnings } : { warnings });
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
function findTextDifference(content: SignedContent, facts: SignedFacts): Reason | undefined {
  if (content.visibleFormat !== 'plaintext') return 'content.format';
  if (content.visibleText !== renderSignedText(facts)) return 'content.visible-text';
  return content.nonVisibleData?.equals(buildSignedData(facts)) ? undefined : 'content.non-visible-data';
}

function findExpectedDifference(content: SignedContent, expected: ExpectedPurpose['expectation']): Reason | undefined {
  if (!content.visibleData.equals(expected.visibleData)) return 'content.visible-text-sent';
  if (!content.nonVisibleData?.equals(expected.nonVisibleData)) return 'content.non-visible-data-sent';
  if (expected.facts.environment !== expected.environment) return 'content.environment';
  return expected.facts.payer === expected.payer.kind ? undefined : 'content.payer-kind';
}

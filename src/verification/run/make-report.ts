import { formatInstant } from '../../kernel/clock.ts';
import { englishChecks } from '../messages.en.ts';
import { render } from '../messages.ts';
import type { CheckId, CheckRow, Report, WarningId } from '../report.ts';
import type { ClaimedVerdict, Facts } from '../facts/facts.ts';
import { isOfLogin } from '../facts/of-login.ts';
import type { Concluded, Run } from './run-checks.ts';
import { signerOf } from '../facts/signer.ts';
import { concludeVerdict } from './verdict.ts';

/** Turns a run into the report that is printed and stored. */
export function makeReport({ facts, concluded }: Run): Report {
  const anchor = facts.path?.root ?? facts.anchor;
  const verdict = { ...concludeVerdict(concluded, facts.purpose), matches: judgeMatch(facts, concluded) };
  return {
    indication: verdict.indication,
    subIndication: verdict.subIndication,
    scope: scopeOf(facts),
    matches: verdict.matches,
    environment: anchor?.kind ?? null,
    trustAnchor: anchor?.description ?? null,
    ...describeContent(facts),
    payer: describePayer(facts),
    signedAt: facts.producedAt ? formatInstant(facts.producedAt) : null,
    warnings: [...concluded.flatMap(({ outcome }) => outcome.warnings ?? []), ...claimWarnings(facts.claimed, verdict)],
    checks: concluded.map(describeCheck),
  };
}

function scopeOf(facts: Facts): Report['scope'] {
  if (facts.purpose.kind === 'signature') return 'signature';
  return isOfLogin(facts) ? 'identification' : 'consent';
}

type Verdict = Pick<Report, 'indication' | 'subIndication' | 'matches'>;

/** The verdict in report.json is its issuer's: if today's differs, the file need not have been altered, but a warning is due. */
function claimWarnings(claimed: ClaimedVerdict | undefined, verdict: Verdict): readonly WarningId[] {
  const isSame =
    !claimed ||
    (claimed.indication === verdict.indication &&
      claimed.subIndication === verdict.subIndication &&
      claimed.matches === verdict.matches);
  return isSame ? [] : ['report-verdict-differs'];
}

function describeCheck({ id, outcome: { status, reason } }: Concluded): CheckRow {
  if (typeof reason === 'string') return { id, status, message: reason, detail: englishChecks[reason] } as CheckRow;
  return { id, status, ...reason, detail: render(englishChecks, reason) };
}

type ContentMembers = Pick<Report, 'relyingParty' | 'signer' | 'visibleText' | 'nonVisibleData'>;

/** Content that the signature does not cover is not shown. */
function describeContent({ signed, content, path }: Facts): ContentMembers {
  if (!signed || !content) {
    return { relyingParty: null, signer: null, visibleText: null, nonVisibleData: null };
  }
  return {
    relyingParty: content.relyingPartyName,
    // Without a path to a given root, a certificate may contain any name, so it is not shown.
    signer: path ? signerOf(path.leaf) : null,
    visibleText: content.visibleText ?? null,
    nonVisibleData: content.nonVisibleData?.toString('base64') ?? null,
  };
}

function describePayer({ purpose, signedFacts }: Facts): Report['payer'] {
  if ('expectation' in purpose) return purpose.expectation.payer.kind;
  return (purpose.kind === 'exported' ? signedFacts?.payer : undefined) ?? 'not-compared';
}

const comparisons: readonly CheckId[] = ['content', 'relying-party', 'signer', 'payer'];

/** For a bare signature only the relying party can be compared, and it can only prove a mismatch. */
function judgeMatch({ purpose, signed }: Facts, concluded: readonly Concluded[]): Report['matches'] {
  const compared = concluded.filter(({ id }) => comparisons.includes(id));
  if (!signed) return 'not-compared';
  if (purpose.kind === 'signature') {
    const other = compared.some(({ id, outcome }) => id === 'relying-party' && outcome.status === 'indeterminate');
    return other ? 'no' : 'not-compared';
  }
  if (compared.some(({ outcome }) => outcome.status === 'indeterminate' || outcome.status === 'failed')) return 'no';
  const contentPassed = compared.some(({ id, outcome }) => id === 'content' && outcome.status === 'passed');
  return contentPassed ? 'yes' : 'not-compared';
}

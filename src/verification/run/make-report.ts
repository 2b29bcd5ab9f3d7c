import { valuesOf } from '../../crypto/distinguished-name.ts';
import { oids } from '../../crypto/oids.ts';
import type { Certificate } from '../../crypto/x509.ts';
import { formatInstant } from '../../kernel/clock.ts';
import { englishChecks } from '../messages.en.ts';
import { messageOf, render } from '../messages.ts';
import type { CheckId, CheckRow, Report } from '../report.ts';
import { describeAnchor } from '../trust-anchors.ts';
import type { Facts } from './facts.ts';
import type { Concluded, Run } from './run-checks.ts';
import { concludeVerdict } from './verdict.ts';

/** Puts a run into the form that is printed and kept. */
export function makeReport({ facts, concluded }: Run): Report {
  const anchor = facts.path?.root ?? facts.anchor;
  return {
    ...concludeVerdict(concluded, facts.purpose),
    scope: facts.purpose.kind === 'signature' ? 'signature' : 'consent',
    matches: judgeMatch(facts, concluded),
    environment: anchor?.kind ?? null,
    trustAnchor: anchor ? describeAnchor(anchor) : null,
    ...describeContent(facts),
    payer: describePayer(facts),
    signedAt: facts.producedAt ? formatInstant(facts.producedAt) : null,
    warnings: concluded.flatMap(({ outcome }) => outcome.warnings ?? []),
    checks: concluded.map(describeCheck),
  };
}

function describeCheck({ id, outcome: { status, said } }: Concluded): CheckRow {
  const message = messageOf(said);
  return { id, status, ...message, detail: render(englishChecks, message) } as CheckRow;
}

type ContentMembers = Pick<Report, 'relyingParty' | 'signer' | 'visibleText' | 'nonVisibleData'>;

/** Nothing is shown of a document that its own signature does not cover. */
function describeContent({ signed, content, path }: Facts): ContentMembers {
  if (!signed || !content) {
    return { relyingParty: null, signer: null, visibleText: null, nonVisibleData: null };
  }
  return {
    relyingParty: content.relyingPartyName,
    signer: path ? describeSigner(path.leaf) : null,
    visibleText: content.visibleText ?? null,
    nonVisibleData: content.nonVisibleData?.toString('base64') ?? null,
  };
}

/** A name out of a certificate that no given root vouches for is anybody's claim, and is not passed on. */
function describeSigner({ subject }: Certificate): Report['signer'] {
  const first = (type: string): string => valuesOf(subject, type)[0] ?? '';
  return { personalNumber: first(oids.serialNumber), name: first(oids.commonName) };
}

function describePayer({ purpose, signedFacts }: Facts): Report['payer'] {
  if (purpose.kind === 'consent') return purpose.expectation.payer.kind;
  return (purpose.kind === 'exported' ? signedFacts?.payer : undefined) ?? 'not-compared';
}

const comparisons: readonly CheckId[] = ['content', 'relying-party', 'signer', 'payer'];

/** Of a bare signature only a relying party can be compared, and only against. */
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

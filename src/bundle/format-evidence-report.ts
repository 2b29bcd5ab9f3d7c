import { languages } from '../evidence-files/report-phrases.ts';
import { formatReport } from '../evidence-files/report-text.ts';
import { describeUnsound, formatFindings } from './describe-findings.ts';
import type { EvidenceReport, TrustedIssuers } from './findings.ts';
import { findingPhrases, type FindingPhrases } from './finding-phrases.ts';

/** The report for people as a text: what is shown to be wrong, the verdict, the checks, then what vouches for the evidence as a whole. */
export function formatEvidenceReport(report: EvidenceReport, language: keyof typeof languages): string {
  const phrases = findingPhrases[language];
  const around = [...formatFindings(report, phrases), ...formatTrusted(report.trusted, phrases)];
  const unsound = describeUnsound(report, phrases).map((line) => `${line}\n`);
  return `${unsound.join('')}${formatReport(report, languages[language], around)}`;
}

/** What is trusted, for a reader who wonders why a seal is not. */
export function formatTrusted(trusted: TrustedIssuers, phrases: FindingPhrases): readonly string[] {
  return trustedRows(trusted, phrases).map(([label, names]) => `  ${phrases.trusted}, ${label}: ${names}`);
}

/** The same as pairs of label and names. */
export function trustedRows(
  { seals, timestamps, ledgers }: TrustedIssuers,
  phrases: FindingPhrases,
): readonly (readonly [label: string, names: string])[] {
  const said = (names: readonly string[]): string => (names.length > 0 ? names.join('; ') : phrases.trustedNone);
  return [
    [phrases.trustedSeals, said(seals)],
    [phrases.trustedTimestamps, said(timestamps)],
    [phrases.trustedLedgers, said(ledgers)],
  ];
}

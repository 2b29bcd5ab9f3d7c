import type { Report } from '../../verification/report.ts';
import type { ArchiveReport } from './verify-archive.ts';

/** A report for people. What is not a production signature says so before anything else. */
export function formatReport(report: Report): string {
  const { indication, subIndication, matches, signer } = report;
  const lines = [
    `${flagOf(report)}${indication}${subIndication === null ? '' : ` / ${subIndication}`}`,
    `relying party   ${describeRelyingParty(report)}`,
    `matches         ${report.scope === 'signature' ? 'not compared: only the signature was checked' : matches}`,
    `signed at       ${report.signedAt ?? 'not proven'}`,
    `signer          ${signer ? `${clean(signer.name)}, ${clean(signer.personalNumber)}` : 'not established'}`,
    `payer           ${report.payer}`,
    `trust anchor    ${clean(report.trustAnchor ?? 'none')}`,
    ...report.warnings.map((warning) => `warning         ${clean(warning)}`),
    '',
    ...report.checks.map(({ id, status, detail }) => `  ${status.padEnd(14)}${id.padEnd(17)}${clean(detail)}`),
    ...describeText(report.visibleText),
  ];
  return `${lines.join('\n')}\n`;
}

/** One line for each folder, the worst in the first line. */
export function formatArchive(archive: ArchiveReport): string {
  const { indication, subIndication, matches, evidences } = archive;
  const flags = evidences.map(({ report }) => flagOf(report));
  const lines = [
    `${flags.find((flag) => flag !== '') ?? ''}${indication}${subIndication === null ? '' : ` / ${subIndication}`}, matches: ${matches}`,
    `${evidences.length} evidence folders`,
    ...archive.warnings.map((warning) => `warning  ${clean(warning)}`),
    ...evidences.map(
      ({ folder, report }) =>
        `  ${flagOf(report)}${report.indication}${report.subIndication === null ? '' : `/${report.subIndication}`}  matches: ${report.matches}  ${clean(folder)}  ${describeRelyingParty(report)}`,
    ),
  ];
  return `${lines.join('\n')}\n`;
}

function flagOf({ environment }: Report): string {
  if (environment === 'test') return 'TEST  ';
  return environment === 'unpinned' ? 'UNPINNED  ' : '';
}

function describeRelyingParty({ relyingParty, warnings }: Report): string {
  if (relyingParty === null) return 'not established';
  return `${clean(relyingParty)}${warnings.includes('relying-party-unverified') ? ' (not verified: give --rp)' : ''}`;
}

function describeText(text: string | null): string[] {
  return text === null ? [] : ['', 'The signer saw:', ...text.split('\n').map((line) => `  | ${clean(line)}`)];
}

/** Terminals obey control characters, and bidi controls turn text around. */
function clean(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
}

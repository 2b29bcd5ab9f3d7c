import type { Money } from '../../../payment/money.ts';
import type { Report } from '../../../verification/report.ts';
import { findObject } from '../../../crypto/json/canonical-json.ts';
import { DIGEST_FILE } from '../../../evidence-files/evidence-folder.ts';
import type { Files } from '../../../evidence-files/folder-checks.ts';
import { indexColumns } from '../../../evidence-files/index-columns.ts';
import { findSignedFacts } from '../../../evidence-files/report-text.ts';

/** What the other parts of an export must say about a folder. Plain data, because it passes between threads. */
export interface ExportedFacts {
  readonly consentId: string;
  readonly environment: string;
  readonly amount: Money;
  /** In base64url. */
  readonly evidenceDigest: string;
  /** The cells of index.csv; undefined for a cell whose value the folder does not have. */
  readonly cells: readonly (string | undefined)[];
}

const FOLDER = indexColumns.findIndex(({ name }) => name === 'folder');

/** The same facts, of a folder that was not known when they were found. */
export function inFolder(facts: ExportedFacts, folder: string): ExportedFacts {
  return { ...facts, cells: facts.cells.with(FOLDER, folder) };
}

/** Only accepted evidence is exported. */
const EXPORTED_INDICATION = 'TOTAL-PASSED';

/**
 * Undefined if the folder's files are not what was signed, for which it is refused anyway.
 * @param report with the personal number in full
 */
export function findExportedFacts(folder: string, files: Files, report: Report): ExportedFacts | undefined {
  const facts = report.matches === 'yes' ? findSignedFacts(report).consent : undefined;
  if (!facts) return undefined;
  const text = (file: string, member: string): string => {
    const value = findObject(files.get(file))?.[member];
    return typeof value === 'string' ? value : '';
  };
  const row = {
    folder,
    facts,
    evidenceId: text('circumstances.json', 'evidenceId'),
    evidenceDigest: text(DIGEST_FILE, 'evidenceDigest'),
    indication: EXPORTED_INDICATION,
    signedAt: report.signedAt === null ? undefined : new Date(report.signedAt),
    personalNumber: report.signer?.personalNumber,
    authorisedAt: undefined,
    course: undefined,
  };
  return {
    consentId: facts.consentId,
    environment: facts.environment,
    amount: facts.initiation.instructedAmount,
    evidenceDigest: row.evidenceDigest,
    cells: indexColumns.map(({ read }) => read(row)),
  };
}

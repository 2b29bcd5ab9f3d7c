import { ExportRequestError, parseCase, parseExportRequest } from '../../compliance/export-request.ts';
import type { ExportSummary } from '../../compliance/exports.ts';
import { operator } from '../command-context.ts';
import { nameOf } from '../auditor/order.ts';
import { exportOnThread } from '../worker/export-thread.ts';
import { intoFile, reportExportFailure } from './into-file.ts';

/** What an order may say, and this does not know: unnoticed, more would be taken out than was asked for. */
const unknown = ['format', 'firstDay', 'lastDay', 'reference', 'payer', 'receipts', 'purpose', 'case'] as const;
type Unknown = (typeof unknown)[number];

/** The options of `sigill export --break-glass`. */
export interface BreakGlassOptions extends Readonly<Partial<Record<Unknown, unknown>>> {
  readonly breakGlass?: string;
  readonly bank?: string;
  readonly from?: string;
  readonly to?: string;
  readonly tpp?: string;
  readonly consent?: string;
  readonly out?: string;
  readonly json?: true;
}

/**
 * An export of one bank's signed consents by the operator, for whom no auditor orders and no other person approves: with the
 * configuration of the service.
 */
export async function breakGlass(options: BreakGlassOptions): Promise<void> {
  try {
    const { bank, out, json } = options;
    const given = unknown.find((name) => options[name] !== undefined);
    if (given !== undefined) throw new ExportRequestError(`${nameOf(given)} is not an option of --break-glass`);
    if (bank === undefined) throw new ExportRequestError('--break-glass is for one bank: name it with --bank');
    if (out === undefined)
      throw new ExportRequestError('--out is missing: the file to write, or - for standard output');
    if (out === '-' && json) throw new ExportRequestError('--out - and --json both write to standard output');
    const { from = '', to = '', tpp, consent } = options;
    const caseReference = parseCase(options.breakGlass ?? '');
    const purpose = `break-glass, ${caseReference}`;
    const request = parseExportRequest(
      { from, to, tpp, bank, consent, purpose, breakGlass: caseReference },
      operator(),
    );
    print(await intoFile(out, (fd) => exportOnThread({ request, bank, caseReference, fd })), out, json);
  } catch (error) {
    reportExportFailure(error);
  }
}

function print(summary: ExportSummary, out: string, json: true | undefined): void {
  if (json) {
    process.stdout.write(`${JSON.stringify({ ...summary, file: out })}\n`);
    return;
  }
  const sums = Object.entries(summary.sums).map(([currency, sum]) => `${sum} ${currency}`);
  const total = sums.length === 0 ? '' : `, ${sums.join(', ')}`;
  const erased =
    summary.erased === 0 ? '' : ` Evidence of ${summary.erased} more was erased at the end of its retention.`;
  process.stderr.write(
    `Export ${summary.exportId}: consents ${summary.count}${total}.${erased}\nSHA-256 of manifest.json: ${summary.manifestSha256}\n`,
  );
}

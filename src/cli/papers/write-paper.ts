import { outcomeOf } from '../../bundle/outcome.ts';
import { makeBundleTrust, type BundleTrust } from '../../bundle/trust.ts';
import { packFolder } from '../../crypto/zip/zip-writer.ts';
import { BUNDLE_FILE } from '../../evidence-files/evidence-folder.ts';
import { FileError } from '../../evidence-files/file-messages.ts';
import { isLanguage } from '../../evidence-files/report-phrases.ts';
import { makeSettings, type Settings } from '../../evidence-files/verify-settings.ts';
import { systemClock } from '../../kernel/clock.ts';
import { NoPaper, type PaperLanguage } from '../../papers/begin-paper.ts';
import type { PaperAttachment } from '../../papers/attachment.ts';
import { writeNewFile } from '../output/new-file.ts';
import { tileReaders } from '../verify/files/tile-reader.ts';
import type { EvidenceWords } from '../auditor/fetch-evidence.ts';
import { isFailure, reportFailure } from '../auditor/failures.ts';
import { openEvidence, openFetched, type OpenedEvidence } from './open-evidence.ts';
import { exitCodeOf, exitCodes, NoInputError, reportProblem, UsageError } from '../verify/files/exit-codes.ts';
import { readSettingsSource, readTrustSource, type VerifyOptions } from '../verify/settings.ts';

export interface PaperOptions extends VerifyOptions, EvidenceWords {
  readonly out: string;
  /** The consent whose evidence the service is asked for, in place of a file. */
  readonly consent?: string;
  /** Of a case paper. */
  readonly withEvidence?: true;
}

type MakePaper = (evidence: OpenedEvidence, language: PaperLanguage | undefined) => Promise<Buffer>;

/** `sigill receipt` */
export async function writeReceipt(path: string | undefined, options: PaperOptions): Promise<void> {
  const { makeReceipt } = await import('../../papers/receipt.ts');
  await writePaper(path, options, makeReceipt);
}

/** `sigill case` */
export async function writeCasePaper(path: string | undefined, options: PaperOptions): Promise<void> {
  const { makeCasePaper } = await import('../../papers/case-paper.ts');
  await writePaper(path, options, (evidence, language) =>
    makeCasePaper(evidence, language, options.withEvidence && attachmentOf(evidence)),
  );
}

/** The bundle as it is, or a ZIP of the folder, whose files are sorted so that the same folder gives the same bytes. */
function attachmentOf({ packed, files }: OpenedEvidence): PaperAttachment {
  if (packed) return { name: BUNDLE_FILE, type: 'application/vnd.etsi.asic-e+zip', bytes: packed };
  const sorted = new Map([...files].toSorted(([one], [other]) => (one < other ? -1 : 1)));
  return { name: 'evidence.zip', type: 'application/zip', bytes: packFolder('evidence', sorted) };
}

/** Of evidence that passes, a paper; otherwise a sentence, and the exit code of `sigill verify`. */
async function writePaper(path: string | undefined, options: PaperOptions, make: MakePaper): Promise<void> {
  try {
    const { lang, ledger } = options;
    if (lang !== undefined && !isLanguage(lang)) throw new UsageError('--lang is sv or en');
    const settings = makeSettings(await readSettingsSource(options, systemClock.now()));
    const trust = makeBundleTrust(await readTrustSource(options), tileReaders(ledger));
    const evidence = await open(path, options, settings, trust);
    try {
      if (isBroken(evidence)) throw new NoPaper('not-verified');
      write(options.out, await make(evidence, lang));
    } catch (error) {
      if (!(error instanceof NoPaper)) throw error;
      process.stderr.write(`sigill: ${error.message}; sigill verify says why\n`);
      process.exitCode = exitCodeOf(evidence.report) || exitCodes.failed;
    }
  } catch (error) {
    if (isFailure(error)) reportFailure(error);
    else reportProblem(error instanceof FileError && !(error instanceof NoInputError) ? asNoInput(error, path) : error);
  }
}

/** From a file, or from the service. @throws UsageError for both or neither */
async function open(
  path: string | undefined,
  options: PaperOptions,
  settings: Settings,
  trust: BundleTrust,
): Promise<OpenedEvidence> {
  const { consent } = options;
  if (path === undefined && consent !== undefined) {
    const { fetchEvidence } = await import('../auditor/fetch-evidence.ts');
    return openFetched(await fetchEvidence(consent, options), settings, trust);
  }
  if (path === undefined || consent !== undefined)
    throw new UsageError('a paper is of one evidence: give its file, or --consent with the id of its consent');
  return openEvidence(path, settings, trust);
}

/** Whether the seal or the place in the ledger does not hold. Whose they are is no question of a paper. */
function isBroken({ report }: OpenedEvidence): boolean {
  return outcomeOf(report, { keptCheckpoint: false }) === 'failed';
}

function asNoInput({ reason }: FileError, path: string | undefined): NoInputError {
  return new NoInputError(reason, path);
}

/** @throws UsageError */
function write(out: string, pdf: Buffer): void {
  if (out === '-') process.stdout.write(pdf);
  else writeNewFile(out, pdf);
}

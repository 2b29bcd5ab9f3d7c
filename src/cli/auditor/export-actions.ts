import { text } from 'node:stream/consumers';
import { loadAuditorConfig } from '../../config/load-config.ts';
import type { AuditorWords } from '../../config/config.ts';
import type { JsonObject } from '../../kernel/json.ts';
import { downloadExport } from './download-export.ts';
import { parseExportState, type ExportState } from './export-state.ts';
import { CommandFailure, exitCodes } from './failures.ts';
import { followExport, resultOf } from './follow-export.ts';
import { optionOf, orderOf, type OrderOptions } from './order.ts';
import { checkOut, PartFile } from './part-file.ts';
import { askPerson, portOf, wantedBy, type PersonOptions } from './person.ts';
import { progressOn, type Progress } from './progress/progress.ts';
import { ServiceClient } from './service-client.ts';
import { StandardOutput } from './standard-output.ts';

export interface FetchOptions extends AuditorWords {
  readonly out?: string;
  readonly force?: true;
  readonly json?: true;
}

export interface ExportOptions extends FetchOptions, OrderOptions, PersonOptions {
  /** Whether standard input names the payer: a command line is seen by others. */
  readonly payer?: true;
  /** False with `--no-wait`. */
  readonly wait: boolean;
}

/** What `sigill export` does: orders, waits, downloads. */
export async function orderAndFetch(options: ExportOptions): Promise<void> {
  const payer = options.payer ? { payer: (await text(process.stdin)).trim() } : {};
  const body = { ...orderOf(options), ...payer };
  portOf(options);
  if (options.wait) await checkOptions(options);
  await withClient(options, async (client, progress) => {
    const order = await placeOrder(client, body, options);
    progress.line(`Ordered export ${order.exportId}: ${order.progress.expected} consents.`);
    if (options.wait) await fetchResult(client, order.exportId, options, progress);
    else if (options.json) print(order.whole);
  });
}

/** Where the bank wants to know who orders, the person at this machine logs in. */
async function placeOrder(client: ServiceClient, body: JsonObject, options: PersonOptions): Promise<ExportState> {
  const request = { scope: 'exports', method: 'POST', path: '/exports', optionOf } as const;
  try {
    return parseExportState(await client.sendForJson({ ...request, body }));
  } catch (error) {
    const wanted = wantedBy(error);
    if (!wanted) throw error;
    // With --json too: without the address there is no login.
    const progress = progressOn(process.stderr, false);
    progress.line('The bank wants to know which person orders. Another one approves.');
    const requesterToken = await askPerson(wanted, options, progress);
    return parseExportState(await client.sendForJson({ ...request, body: { ...body, requesterToken } }));
  }
}

/** What `sigill export get` does: waits for an export that was ordered before, and goes on with its download. */
export async function fetchOrdered(exportId: string, options: FetchOptions): Promise<void> {
  await checkOptions(options);
  await withClient(options, (client, progress) => fetchResult(client, exportId, options, progress));
}

/** What `sigill export delete` does. */
export async function deleteOrdered(exportId: string, options: AuditorWords): Promise<void> {
  await withClient(options, async (client, progress) => {
    await client.send({ scope: 'exports', method: 'DELETE', path: `/exports/${encodeURIComponent(exportId)}` });
    progress.line(`Deleted export ${exportId}.`);
  });
}

async function fetchResult(
  client: ServiceClient,
  exportId: string,
  options: FetchOptions,
  progress: Progress,
): Promise<void> {
  const out = options.out ?? '-';
  try {
    const order = await followExport(client, exportId, progress);
    const wanted = { exportId: order.exportId, ...resultOf(order) };
    const to = out === '-' ? new StandardOutput() : await PartFile.open(out, wanted.exportId, options.force === true);
    await downloadExport(client, wanted, to, progress);
    if (options.json) print({ ...order.whole, file: out });
    else progress.line(summaryOf(order, out));
  } catch (error) {
    if (!(error instanceof CommandFailure) || !canGoOn(error)) throw error;
    throw new CommandFailure(`${error.message}; sigill export get ${exportId} goes on`, error.exitCode);
  }
}

function canGoOn({ exitCode }: CommandFailure): boolean {
  return exitCode === exitCodes.unavailable || exitCode === exitCodes.tryLater || exitCode === exitCodes.ioError;
}

/** @throws CommandFailure before anything is ordered */
async function checkOptions({ out, json, force }: FetchOptions): Promise<void> {
  if (out === undefined) throw usage('--out is missing: the file to write, or - for standard output');
  if (out === '-' && json) throw usage('--out - and --json both write to standard output');
  await checkOut(out, force === true);
}

async function withClient(
  options: FetchOptions,
  work: (client: ServiceClient, progress: Progress) => Promise<void>,
): Promise<void> {
  const client = await ServiceClient.connect(loadAuditorConfig(options));
  try {
    await work(client, progressOn(process.stderr, options.json === true));
  } finally {
    await client.close();
  }
}

function summaryOf({ exportId, progress: { consents, erased }, result }: ExportState, out: string): string {
  const gone = erased === 0 ? '' : ` Evidence of ${erased} was erased at the end of its retention.`;
  const where = out === '-' ? '' : ` to ${out}`;
  return `Export ${exportId}: consents ${consents}, ${result?.size} bytes${where}, SHA-256 ${result?.sha256}.${gone}`;
}

function print(document: object): void {
  process.stdout.write(`${JSON.stringify(document)}\n`);
}

function usage(sentence: string): CommandFailure {
  return new CommandFailure(sentence, exitCodes.usage);
}

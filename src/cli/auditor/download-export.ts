import { createHash, type Hash } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import type { ExportResult } from './export-state.ts';
import { CommandFailure, exitCodes, Refused, Unreachable } from './failures.ts';
import { pauseAfter } from './follow-export.ts';
import type { Destination } from './part-file.ts';
import type { Progress } from './progress/progress.ts';
import type { ServiceClient } from './service-client.ts';

/** Breaks in a row in which not one octet arrived: about five minutes. */
const MAX_BREAKS = 12;

/** What is downloaded. */
export interface Wanted extends ExportResult {
  readonly exportId: string;
}

/** A download in progress. */
interface Download {
  readonly client: ServiceClient;
  readonly wanted: Wanted;
  readonly to: Destination;
  readonly progress: Progress;
  readonly sum: Hash;
  done: number;
}

/**
 * Downloads a result, and goes on where a connection broke. It is finished only where size and SHA-256 are those of the order.
 * @throws CommandFailure, having removed what is wrong; what is only not whole stays for a later command
 */
export async function downloadExport(
  client: ServiceClient,
  wanted: Wanted,
  to: Destination,
  progress: Progress,
): Promise<void> {
  const download: Download = { client, wanted, to, progress, sum: createHash('sha256'), done: 0 };
  try {
    await receiveAll(download);
    progress.end();
    await to.finish();
  } catch (error) {
    progress.end();
    if (isFinal(error)) await to.remove();
    else await to.close();
    throw error;
  }
}

async function receiveAll(download: Download): Promise<void> {
  const { wanted, to, sum } = download;
  for await (const bytes of to.written()) count(download, bytes);
  for (let breaks = 0; download.done < wanted.size;) {
    const before = download.done;
    const failure = await receive(download);
    if (!failure) break;
    breaks = download.done > before ? 1 : breaks + 1;
    if (breaks > MAX_BREAKS) throw failure;
    await setTimeout(pauseAfter(failure, breaks));
  }
  if (sum.digest('hex') !== wanted.sha256) throw wrong('its SHA-256 is not that of the order');
}

/** Receives from where it is. @returns why it broke off; undefined at the end */
async function receive(download: Download): Promise<Error | undefined> {
  const { client, wanted, to, done } = download;
  const etag = `"${wanted.sha256}"`;
  // Octets are counted as they are in the result.
  const headers = { 'accept-encoding': 'identity', ...(done > 0 && { range: `bytes=${done}-`, 'if-range': etag }) };
  try {
    const path = `/exports/${wanted.exportId}/content`;
    const response = await client.send({ scope: 'exports', method: 'GET', path, headers });
    checkPart(response, wanted, done, etag);
    for await (const bytes of (response.body ?? []) as AsyncIterable<Uint8Array>) {
      count(download, bytes);
      await to.write(bytes);
    }
  } catch (error) {
    return error instanceof CommandFailure ? error : new Unreachable(client.issuer, error);
  }
  return download.done < wanted.size ? new Unreachable(client.issuer, { code: 'the answer ended early' }) : undefined;
}

/** Whether nothing of what is there can ever be finished. */
function isFinal(error: unknown): boolean {
  if (error instanceof Refused) return error.status === 404 || error.status === 410;
  return error instanceof CommandFailure && error.exitCode === exitCodes.wrongData;
}

/** @throws CommandFailure where it is not the rest of this result */
function checkPart({ status, headers }: Response, { size }: Wanted, done: number, etag: string): void {
  const range = headers.get('content-range');
  const isRest = done === 0 ? status === 200 : status === 206 && range === `bytes ${done}-${size - 1}/${size}`;
  if (!isRest || headers.get('etag') !== etag) throw wrong('what the service sends is not this result');
}

/** @throws CommandFailure where there is more than there should be */
function count(download: Download, bytes: Uint8Array): void {
  const { sum, progress, wanted } = download;
  download.done += bytes.length;
  if (download.done > wanted.size) throw wrong('it is longer than the order says');
  sum.update(bytes);
  progress.bar('Downloaded', download.done, wanted.size);
}

function wrong(what: string): CommandFailure {
  return new CommandFailure(`the download is refused: ${what}`, exitCodes.wrongData);
}

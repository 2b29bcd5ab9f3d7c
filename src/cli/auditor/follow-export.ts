import { setTimeout } from 'node:timers/promises';
import { SECOND_MS } from '../../kernel/clock.ts';
import { openStates, parseExportState, type ExportState } from './export-state.ts';
import { CommandFailure, Refused, Unreachable } from './failures.ts';
import type { Progress } from './progress/progress.ts';
import type { ServiceClient } from './service-client.ts';

/** The service answers sooner when the export ends. For a bar it is asked more often. */
const WAIT_SECONDS = 20;
const BAR_SECONDS = 2;
/** Also where the service does not wait. */
const MIN_PAUSE_MS = 500;
/** Failures in a row to reach the service: about five minutes. */
const MAX_FAILURES = 12;
const MAX_PAUSE_MS = 30 * SECOND_MS;

/**
 * Waits until an export has ended.
 * @returns what was said of it, in a state that no more changes by itself
 * @throws CommandFailure: a refusal that asking again does not change, or a service that is away for minutes
 */
export async function followExport(client: ServiceClient, exportId: string, progress: Progress): Promise<ExportState> {
  const seconds = process.stderr.isTTY ? BAR_SECONDS : WAIT_SECONDS;
  let said = '';
  for (;;) {
    const asked = performance.now();
    const order = await persistent(() => readExport(client, exportId, seconds));
    if (order.state === 'awaiting-approval' && said !== order.state)
      progress.line(
        `Export ${exportId} waits until another person of the bank has approved it: sigill approve ${exportId}`,
      );
    said = order.state;
    const { expected, consents } = order.progress;
    if (order.state === 'running' || order.state === 'ready') progress.bar('Exported', consents, expected);
    if (!openStates.includes(order.state)) {
      progress.end();
      return order;
    }
    await setTimeout(Math.max(0, asked + MIN_PAUSE_MS - performance.now()));
  }
}

/** What the service says of an export. @param seconds how long it may wait for the export's end */
async function readExport(client: ServiceClient, exportId: string, seconds: number): Promise<ExportState> {
  const path = `/exports/${encodeURIComponent(exportId)}`;
  const headers = { prefer: `wait=${seconds}` };
  return parseExportState(await client.sendForJson({ scope: 'exports', method: 'GET', path, headers }));
}

/** The result of an export that has ended. @throws CommandFailure where it has none */
export function resultOf({ exportId, state, failure, result }: ExportState): NonNullable<ExportState['result']> {
  if (result) return result;
  throw new CommandFailure(
    state === 'failed'
      ? `export ${exportId} failed: ${failure ?? 'no reason'}`
      : `export ${exportId} has no result: it is ${state}`,
  );
}

/** What an export is followed through: a service that is restarted, or has too much in hand. */
async function persistent<T>(ask: () => Promise<T>): Promise<T> {
  for (let failures = 1; ; failures += 1) {
    try {
      return await ask();
    } catch (error) {
      if (failures > MAX_FAILURES) throw error;
      await setTimeout(pauseAfter(error, failures));
    }
  }
}

/**
 * How long to wait before the same request is repeated, in milliseconds.
 * @throws the error itself, where repeating it is of no use
 */
export function pauseAfter(error: unknown, failures: number): number {
  if (error instanceof Refused && error.retryAfterSeconds !== undefined)
    return Math.min(error.retryAfterSeconds * SECOND_MS, MAX_PAUSE_MS);
  if (error instanceof Unreachable) return Math.min(SECOND_MS * 2 ** (failures - 1), MAX_PAUSE_MS);
  throw error;
}

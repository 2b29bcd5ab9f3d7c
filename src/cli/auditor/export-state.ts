import { isUuid } from '../../kernel/ids.ts';
import { isJsonObject, type JsonObject } from '../../kernel/json.ts';
import { CommandFailure } from './failures.ts';

/** What the service says of an export, as far as the command needs it. */
export interface ExportState {
  /** A UUID: files are named by it. */
  readonly exportId: string;
  readonly state: string;
  readonly failure: string | undefined;
  readonly progress: { readonly expected: number; readonly consents: number; readonly erased: number };
  /** Undefined unless it is ready. */
  readonly result: ExportResult | undefined;
  /** All that the service said. */
  readonly whole: JsonObject;
}

export interface ExportResult {
  /** In octets. */
  readonly size: number;
  /** Hexadecimal. */
  readonly sha256: string;
  readonly expiresAt: string;
}

const SHA_256 = /^[0-9a-f]{64}$/;

/** States in which it goes on by itself, or by what another person does. */
export const openStates: readonly string[] = ['awaiting-approval', 'waiting', 'running'];

/** @throws CommandFailure for anything that is not the answer of `GET /exports/{id}` */
export function parseExportState(whole: unknown): ExportState {
  if (!isJsonObject(whole)) throw strange();
  const { exportId, state, failure, progress, result } = whole;
  if (typeof exportId !== 'string' || !isUuid(exportId) || typeof state !== 'string') throw strange();
  if (!isJsonObject(progress)) throw strange();
  return {
    exportId,
    state,
    failure: typeof failure === 'string' ? failure : undefined,
    progress: {
      expected: parseCount(progress['expected']),
      consents: parseCount(progress['consents']),
      erased: parseCount(progress['erased']),
    },
    result: isJsonObject(result) ? parseResult(result) : undefined,
    whole,
  };
}

function parseResult({ size, sha256, expiresAt }: JsonObject): ExportResult {
  if (typeof sha256 !== 'string' || !SHA_256.test(sha256) || typeof expiresAt !== 'string') throw strange();
  return { size: parseCount(size), sha256, expiresAt };
}

function parseCount(value: unknown): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) throw strange();
  return value;
}

function strange(): CommandFailure {
  return new CommandFailure('the service says of the export what this version of sigill does not understand');
}

import { ConfigError } from '../../config/config.ts';
import { clean } from '../../evidence-files/report-text.ts';
import { isJsonObject, type JsonObject } from '../../kernel/json.ts';

/** Exit codes of sysexits.h, and 1 for what ended without a result. */
export const exitCodes = {
  failed: 1,
  usage: 64,
  wrongData: 65,
  noInput: 66,
  unavailable: 69,
  cannotCreate: 73,
  ioError: 74,
  tryLater: 75,
  notPermitted: 77,
  config: 78,
} as const;

/** Why a command ends: one sentence, and its exit code. */
export class CommandFailure extends Error {
  readonly exitCode: number;

  constructor(sentence: string, exitCode: number = exitCodes.failed) {
    super(sentence);
    this.name = 'CommandFailure';
    this.exitCode = exitCode;
  }
}

/** The service has answered, and said no. */
export class Refused extends CommandFailure {
  readonly status: number;
  readonly code: string;
  /** What the service said. */
  readonly body: JsonObject;
  /** Undefined where asking again is of no use. */
  readonly retryAfterSeconds: number | undefined;

  constructor(
    sentence: string,
    answer: { readonly status: number; readonly code: string; readonly body: JsonObject; readonly later?: number },
  ) {
    super(sentence, exitCodeOf(answer.status));
    this.name = 'Refused';
    this.status = answer.status;
    this.code = answer.code;
    this.body = answer.body;
    this.retryAfterSeconds = answer.later;
  }
}

/** There is no answer: the service cannot be reached, or broke off. */
export class Unreachable extends CommandFailure {
  constructor(issuer: string, cause: unknown) {
    super(`${issuer} does not answer: ${reasonOf(cause)}`, exitCodes.unavailable);
    this.name = 'Unreachable';
  }
}

/** A moment for Retry-After where the service names none. */
const LATER_SECONDS = 5;

/** One sentence on standard error, and the exit code. */
export function reportFailure(error: unknown): void {
  if (!isFailure(error)) throw error;
  // A sentence may quote the service, or the provider of a login.
  process.stderr.write(error instanceof ConfigError ? `${error.message}\n` : `sigill: ${clean(error.message)}\n`);
  process.exitCode = error instanceof ConfigError ? exitCodes.config : error.exitCode;
}

/** Whether it is said in a sentence; anything else is a bug. */
export function isFailure(error: unknown): error is CommandFailure | ConfigError {
  return error instanceof CommandFailure || error instanceof ConfigError;
}

/** What a refusal consists of: RFC 9457, or RFC 6749 §5.2 of an OAuth endpoint. */
export interface RefusedAnswer {
  readonly status: number;
  readonly headers: Pick<Headers, 'get'>;
  readonly body: JsonObject;
}

/**
 * The refusal that an answer is.
 * @param optionOf the option that a member of the request's body came from
 */
export async function refusalOf(
  response: Response,
  optionOf?: (member: string) => string | undefined,
): Promise<Refused> {
  return refusal({ status: response.status, headers: response.headers, body: await readJson(response) }, optionOf);
}

/** The same of an answer that was read. */
export function refusal(
  { status, headers, body }: RefusedAnswer,
  optionOf: (member: string) => string | undefined = () => undefined,
): Refused {
  const word = (name: string): string | undefined => findWord(body, name);
  const code = word('code') ?? word('error') ?? `HTTP ${status}`;
  const sentence = word('detail') ?? word('error_description') ?? word('title') ?? 'The service refused';
  const option = optionOf(word('pointer')?.replace(/^\//, '') ?? '');
  const request = word('requestId') ?? (headers.get('x-request-id') || undefined);
  const later = isForLater(status) ? Number(headers.get('retry-after')) || LATER_SECONDS : undefined;
  const parts = [
    option === undefined ? '' : `${option}: `,
    sentence.replace(/\.$/, ''),
    ` (${code}${request === undefined ? '' : `, request ${request}`})`,
    later === undefined ? '' : `; ask again in ${later} s`,
  ];
  return new Refused(clean(parts.join('')), { status, code, body, ...(later === undefined ? {} : { later }) });
}

/** The name by which the system knows an error, or what it says. */
export function reasonOf(error: unknown): string {
  const { code, cause, message } = (error ?? {}) as { code?: unknown; cause?: unknown; message?: unknown };
  // The innermost error is that of the connection.
  if (cause !== undefined && cause !== null) return reasonOf(cause);
  return clean(typeof code === 'string' ? code : typeof message === 'string' ? message : 'no reason');
}

async function readJson(response: Response): Promise<JsonObject> {
  try {
    const body: unknown = JSON.parse(await response.text());
    return isJsonObject(body) ? body : {};
  } catch {
    return {};
  }
}

function findWord(problem: JsonObject, name: string): string | undefined {
  const value = problem[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function isForLater(status: number): boolean {
  return status === 429 || status >= 500;
}

function exitCodeOf(status: number): number {
  if (isForLater(status)) return exitCodes.tryLater;
  if (status === 401 || status === 403) return exitCodes.notPermitted;
  if (status === 404) return exitCodes.noInput;
  return status === 409 || status === 410 ? exitCodes.failed : exitCodes.usage;
}

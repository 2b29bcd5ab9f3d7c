/** What may be logged of an error. */
export interface ErrorDescription {
  readonly type: string;
  readonly message: string;
  readonly code?: string;
  readonly stack?: string;
  readonly cause?: ErrorDescription;
}

const MAX_MESSAGE = 500;
const MAX_DEPTH = 3;

/**
 * An error for the operator's log: name, code, message and frames only. A database driver's error has the
 * statement's parameters, an HTTP client's the body; those are never read, and what a message may quote is masked.
 */
export function describeError(error: unknown, depth = 0): ErrorDescription {
  if (!(error instanceof Error)) return { type: typeof error, message: 'a value that is not an Error was thrown' };
  const code = (error as { readonly code?: unknown }).code;
  return {
    type: error.name,
    message: scrub(error.message).slice(0, MAX_MESSAGE),
    ...(typeof code === 'string' ? { code } : {}),
    ...(error.stack === undefined ? {} : { stack: framesOf(error.stack) }),
    ...(error.cause === undefined || depth >= MAX_DEPTH ? {} : { cause: describeError(error.cause, depth + 1) }),
  };
}

/** Masks anything that looks like a personal number, a token, a key or signed XML. */
export function scrub(text: string): string {
  return text
    .replaceAll(/\b(?:18|19|20)?\d{6}[-+ \u2010-\u2015\u2212]?\d{4}\b/g, '[number]')
    .replaceAll(/[A-Za-z0-9_\-+/=.]{22,}/g, blotOutSecret)
    .replaceAll(/<\?xml[\s\S]*/g, '[xml]')
    .replaceAll(/(postgres(?:ql)?:\/\/)[^\s@]*@/g, '$1[secret]@');
}

/** Long runs of letters and digits count as tokens, unless they are a path or a readable identifier. */
function blotOutSecret(run: string): string {
  // Base64 has slashes too, but not words between them.
  const hasNames = !/[+=]/.test(run) && run.split('/').every((segment) => segment.length <= 40);
  const isPath = hasNames && /^(?:file:)?\/|node_modules|\.[cm]?[jt]s\b/.test(run);
  const isUuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(run);
  const isWords = /^[A-Za-z]+(?:[._-][A-Za-z]+)*$/.test(run);
  return isPath || isUuid || isWords || isRoute(run) ? run : '[secret]';
}

/** The part after the `:` of a route's pattern, e.g. `/ledger/:logId/checkpoint`: words between slashes. */
function isRoute(run: string): boolean {
  return run
    .split('/')
    .every((segment) => /^(?:[a-z]{1,20}(?:-[a-z]{1,20}){0,3}|[a-z]{1,20}[A-Z][a-z]{1,20})?$/.test(segment));
}

/** Only the frames: the first lines of the stack repeat the message. */
function framesOf(stack: string): string {
  return stack
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .slice(0, 12)
    .join('\n');
}

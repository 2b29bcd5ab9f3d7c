interface Members {
  readonly context?: unknown;
  readonly msg?: unknown;
  readonly message?: unknown;
  readonly err?: unknown;
  readonly error?: unknown;
}

const MAX_LENGTH = 200;

/**
 * What makes two lines the same to an operator: who writes, the text but for its numbers and identifiers, and the error.
 * @param args what a logger was called with: an object with or without a text, or a text alone
 */
export function kindOfLine(args: readonly unknown[]): string {
  const [first, second] = args;
  const members: Members = typeof first === 'object' && first !== null ? first : {};
  const said = [first, second, members.msg, members.message].find((text) => typeof text === 'string');
  const kind = [members.context, said, ...errorOf(members.err ?? members.error)]
    .filter((part) => typeof part === 'string')
    .join(' ');
  return kind.replaceAll(/[0-9a-f-]*\d[0-9a-f-]*/gi, '#').slice(0, MAX_LENGTH);
}

/** Of an error, or of its description. */
function errorOf(error: unknown): readonly unknown[] {
  const { name, type, code, message } = (error ?? {}) as Readonly<Record<string, unknown>>;
  return [type ?? name, code, message];
}

interface Members {
  readonly context?: unknown;
  readonly msg?: unknown;
  readonly message?: unknown;
  readonly err?: unknown;
  readonly error?: unknown;
}

const MAX_LENGTH = 200;

/**
 * What makes two lines the same to an operator: their context, their text without numbers and identifiers, and the error.
 * @param args the arguments of the logger: an object with or without a text, or only a text
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

/** Accepts an error or its description. */
function errorOf(error: unknown): readonly unknown[] {
  const { name, type, code, message } = (error ?? {}) as Readonly<Record<string, unknown>>;
  return [type ?? name, code, message];
}

/** Input that breaks the rules of its format. The message names the construct, never the content. */
export class Malformed extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'Malformed';
  }
}

/** The result of `read`, or the {@link Malformed} it threw; any other error is a bug and passes through. */
export function attempt<T>(read: () => T): T | Malformed {
  try {
    return read();
  } catch (error) {
    if (error instanceof Malformed) return error;
    throw error;
  }
}

import type { DestinationStream } from 'pino';

export type LogLine = Readonly<Record<string, unknown>>;

const TIMEOUT_MS = 20_000;

/** What a service logs, line by line: a line that is still to come can be awaited. */
export class LogLines implements DestinationStream {
  readonly #lines: LogLine[] = [];
  readonly #waiting = new Set<() => void>();
  #text = '';

  write(text: string): void {
    this.#text += text;
    this.#lines.push(JSON.parse(text) as LogLine);
    for (const look of this.#waiting) look();
  }

  get text(): string {
    return this.#text;
  }

  get count(): number {
    return this.#lines.length;
  }

  /** Those that `isMeant`, of all or from the line `from` on. */
  all(isMeant: (line: LogLine) => boolean, from = 0): readonly LogLine[] {
    return this.#lines.slice(from).filter(isMeant);
  }

  /** Resolves when `count` lines that `isMeant` accepts are there. */
  async until(isMeant: (line: LogLine) => boolean, count = 1): Promise<readonly LogLine[]> {
    await new Promise<void>((resolve, reject) => {
      const giveUp = setTimeout(() => {
        this.#waiting.delete(look);
        reject(new Error(`fewer than ${count} such lines in:\n${this.#text.slice(-2000)}`));
      }, TIMEOUT_MS);
      const look = (): void => {
        if (this.all(isMeant).length < count) return;
        clearTimeout(giveUp);
        this.#waiting.delete(look);
        resolve();
      };
      this.#waiting.add(look);
      look();
    });
    return this.all(isMeant);
  }

  /** The lines of one request, by the id that its answer carries. */
  of(requestId: string | null): Promise<readonly LogLine[]> {
    return this.until((line) => line['requestId'] === requestId && 'method' in line);
  }
}

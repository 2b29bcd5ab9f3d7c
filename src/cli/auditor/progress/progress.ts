import { cursorTo, clearLine } from 'node:readline';

const WIDTH = 30;

/** What a person reads on standard error while the command works: a bar on a terminal, lines elsewhere. */
export interface Progress {
  /** How far it has come. On a terminal it replaces what it said before; elsewhere it is said at the end of each tenth. */
  bar(what: string, done: number, of: number): void;
  /** A line that stays. */
  line(text: string): void;
  /** Ends the bar. */
  end(): void;
}

/** @param isQuiet nothing is said */
export function progressOn(stream: NodeJS.WriteStream, isQuiet: boolean): Progress {
  if (isQuiet) return { bar: () => undefined, line: () => undefined, end: () => undefined };
  return stream.isTTY ? new Bar(stream) : new Lines(stream);
}

class Bar implements Progress {
  #isShown = false;

  constructor(private readonly stream: NodeJS.WriteStream) {}

  bar(what: string, done: number, of: number): void {
    const part = of === 0 ? 1 : Math.min(done / of, 1);
    const filled = Math.floor(part * WIDTH);
    this.#clear();
    this.stream.write(`${what} [${'#'.repeat(filled)}${'.'.repeat(WIDTH - filled)}] ${Math.floor(part * 100)} %`);
    this.#isShown = true;
  }

  line(text: string): void {
    this.#clear();
    this.stream.write(`${text}\n`);
  }

  end(): void {
    if (this.#isShown) this.stream.write('\n');
    this.#isShown = false;
  }

  #clear(): void {
    if (!this.#isShown) return;
    cursorTo(this.stream, 0);
    clearLine(this.stream, 0);
    this.#isShown = false;
  }
}

class Lines implements Progress {
  #what = '';
  #tenths = 0;

  constructor(private readonly stream: NodeJS.WriteStream) {}

  bar(what: string, done: number, of: number): void {
    const tenths = of === 0 ? 10 : Math.floor((10 * Math.min(done, of)) / of);
    if (this.#what !== what) this.#tenths = 0;
    this.#what = what;
    if (tenths <= this.#tenths) return;
    this.#tenths = tenths;
    this.line(`${what}: ${tenths * 10} %`);
  }

  line(text: string): void {
    this.stream.write(`${text}\n`);
  }

  end(): void {
    this.#what = '';
  }
}

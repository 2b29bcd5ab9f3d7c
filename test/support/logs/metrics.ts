import { eventually } from '../eventually.ts';

/** What a service counts, read as an operator reads it. */
export class Metrics {
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  /** The sum of `name` over all labels, or of the lines that have `label`. */
  async read(name: string, label = ''): Promise<number> {
    const text = await (await fetch(this.#url)).text();
    return text
      .split('\n')
      .filter((line) => new RegExp(`^${name}(?:\\{|\\s)`).test(line) && line.includes(label))
      .reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
  }

  /** Resolves when the sum of all `names` is as is wanted: a count has no event. */
  async until(isWanted: (value: number) => boolean, ...names: readonly string[]): Promise<void> {
    let values: readonly number[] = [];
    const look = async (): Promise<true | undefined> => {
      values = await Promise.all(names.map((name) => this.read(name)));
      return isWanted(values.reduce((sum, value) => sum + value, 0)) || undefined;
    };
    await eventually(look, () => `${names.join(', ')}: ${values.join(', ')}`);
  }
}

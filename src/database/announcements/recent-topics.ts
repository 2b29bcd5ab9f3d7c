/**
 * Recent announcements, so that none is missed between reading a row and waiting for its next change: a caller that sets a mark
 * before reading can find out afterwards whether the topic was announced since then.
 */
export class RecentTopics {
  /** The number of announcements so far, which is the clock of the marks. */
  #count = 0;
  #latest = new Map<string, number>();
  #former: ReadonlyMap<string, number> = new Map();
  /** Announcements up to this one have been dropped. */
  #forgotten = 0;
  #nextForgotten = 0;

  /** A mark: every later announcement comes after it. */
  mark(): number {
    return this.#count;
  }

  add(topic: string): void {
    this.#count += 1;
    this.#latest.set(topic, this.#count);
  }

  /** Whether the topic was announced after `mark`, or may have been because `mark` is older than the record. */
  isAfter(mark: number, topic: string): boolean {
    return mark < this.#forgotten || (this.#latest.get(topic) ?? this.#former.get(topic) ?? 0) > mark;
  }

  /** Forgets what was known at the call before this one. */
  forget(): void {
    this.#former = this.#latest;
    this.#latest = new Map();
    this.#forgotten = this.#nextForgotten;
    this.#nextForgotten = this.#count;
  }
}

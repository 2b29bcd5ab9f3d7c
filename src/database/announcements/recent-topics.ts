/**
 * What was announced lately, so that nothing is missed between reading a row and waiting for its next change: who marks the
 * moment before the reading learns afterwards whether the topic was announced since.
 */
export class RecentTopics {
  /** How many were announced so far: the clock of all marks. */
  #count = 0;
  #latest = new Map<string, number>();
  #former: ReadonlyMap<string, number> = new Map();
  /** Announcements up to this one are forgotten. */
  #forgotten = 0;
  #nextForgotten = 0;

  /** A moment: everything that is announced after it is later. */
  mark(): number {
    return this.#count;
  }

  add(topic: string): void {
    this.#count += 1;
    this.#latest.set(topic, this.#count);
  }

  /** Whether the topic was announced after `mark`, or may have been: `mark` is older than what is still known. */
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

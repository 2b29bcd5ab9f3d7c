import { isForLater } from './database-errors.ts';
import { CALLER_GONE, currentRequest, keepInHand, type CurrentRequest } from './request-scope.ts';
import { countingStatements, currentCount, type StatementCount } from './statement-count.ts';

interface Waiting<Q, A> {
  readonly question: Q;
  readonly resolve: (answer: A) => void;
  readonly reject: (reason: unknown) => void;
  /** The asker's own: what is sent to the database is counted there. */
  readonly count: StatementCount | undefined;
  readonly request: CurrentRequest | undefined;
}

/** As many as are asked at once. */
const MOST = 64;

/** While one statement waits for its commit, another is computed. */
const AT_ONCE = 2;

/** A statement that takes longer, because it waits for somebody's lock, holds up nobody but those whom it asks for. */
const PATIENCE_MS = 50;

/**
 * Questions that come while two statements are under way are asked together, in one statement and one commit. Nobody waits for
 * company: before that, a question goes out in the turn in which it came, with those that came in it too.
 */
export class Gathering<Q, A> {
  readonly #ask: (questions: readonly Q[]) => Promise<readonly A[]>;
  #waiting: Waiting<Q, A>[] = [];
  #underWay = 0;

  /** @param ask gives the answers in the order of the questions */
  constructor(ask: (questions: readonly Q[]) => Promise<readonly A[]>) {
    this.#ask = ask;
  }

  /** The answer to this question alone, as if it had been asked alone. */
  ask(question: Q): Promise<A> {
    const answer = new Promise<A>((resolve, reject) => {
      this.#waiting.push({ question, resolve, reject, count: currentCount(), request: currentRequest() });
      if (this.#underWay < AT_ONCE) this.#begin();
    });
    return keepInHand(answer);
  }

  #begin(): void {
    this.#underWay += 1;
    setImmediate(() => this.#askNext());
  }

  #askNext(): void {
    const together = this.#takeNext();
    let isAwaited = true;
    const goOn = (): void => {
      if (!isAwaited) return;
      isAwaited = false;
      this.#underWay -= 1;
      if (this.#waiting.length > 0) this.#begin();
    };
    if (together.length === 0) return goOn();
    const patience = setTimeout(goOn, PATIENCE_MS);
    const answered = countingStatements(together[0]?.count, () => this.#askTogether(together));
    void answered.finally(() => {
      clearTimeout(patience);
      goOn();
    });
  }

  /** Leaves out questions whose caller has hung up: nothing is written for them. */
  #takeNext(): readonly Waiting<Q, A>[] {
    const gone = this.#waiting.filter(({ request }) => request?.isGone === true);
    for (const { reject } of gone) reject(CALLER_GONE);
    this.#waiting = this.#waiting.filter(({ request }) => request?.isGone !== true);
    return this.#waiting.splice(0, MOST);
  }

  async #askTogether(together: readonly Waiting<Q, A>[]): Promise<void> {
    try {
      const answers = await this.#ask(together.map(({ question }) => question));
      if (answers.length !== together.length) throw new TypeError('an answer for every question');
      for (const [at, { resolve }] of together.entries()) resolve(answers[at] as A);
    } catch (error) {
      await this.#askAlone(together, error);
    }
  }

  /**
   * A failed statement has changed nothing. Asking each question by itself shows which one fails, unless the database is
   * unavailable or busy: then all of them fail.
   */
  async #askAlone(together: readonly Waiting<Q, A>[], error: unknown): Promise<void> {
    if (together.length === 1 || isForLater(error)) for (const { reject } of together) reject(error);
    else await Promise.all(together.map((one) => countingStatements(one.count, () => this.#askTogether([one]))));
  }
}

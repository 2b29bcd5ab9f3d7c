import { Injectable } from '@nestjs/common';
import { Announcements, type Patience } from '../../database/announcements.ts';

/** Says at once what those who look by themselves would find out later: hints only. */
@Injectable()
export class OrderSignals {
  readonly #wakes: ((subject: string | undefined) => void)[] = [];

  constructor(private readonly announcements: Announcements) {}

  /** `wake` is called when there is an order to settle, with its subject where that is known. */
  onAnswered(wake: (subject: string | undefined) => void): void {
    this.#wakes.push(wake);
  }

  announceAnswer(subject?: string): void {
    for (const wake of this.#wakes) wake(subject);
  }

  /** The group's progress is another, or what follows from its order. To be called after the commit. */
  announceProgress(group: string): void {
    this.announcements.announce(topicOf(group));
  }

  mark(): number {
    return this.announcements.mark();
  }

  nextProgress(group: string, mark: number, patience: Patience): Promise<boolean> {
    return this.announcements.next(topicOf(group), mark, patience);
  }
}

function topicOf(group: string): string {
  return `order:${group}`;
}

import { Injectable } from '@nestjs/common';

/** Wakes the settler when there is an order to claim. A hint only: a settler also looks by itself. */
@Injectable()
export class AnswerSignals {
  readonly #wakes: (() => void)[] = [];

  add(wake: () => void): void {
    this.#wakes.push(wake);
  }

  announce(): void {
    for (const wake of this.#wakes) wake();
  }
}

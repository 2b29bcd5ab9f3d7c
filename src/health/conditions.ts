import { Injectable } from '@nestjs/common';

/** How a part of the instance is; the message is public. */
export type Condition = { readonly status: 'up' } | { readonly status: 'degraded'; readonly message: string };

/** What modules above the health check report to it, by the name of the part. */
@Injectable()
export class Conditions {
  readonly #parts = new Map<string, () => Condition>();

  /** Call it in a constructor. `read` must answer at once. */
  add(part: string, read: () => Condition): void {
    this.#parts.set(part, read);
  }

  /** Up where nothing reports of the part. */
  read(part: string): Condition {
    return this.#parts.get(part)?.() ?? { status: 'up' };
  }
}

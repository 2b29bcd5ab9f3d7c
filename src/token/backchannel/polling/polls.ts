import { Injectable } from '@nestjs/common';
import { Database } from '../../../database/database.ts';
import { Purposes } from '../purposes.ts';
import { checkOutcome } from './check-outcome.ts';
import { pollRequest, type Poll, type PolledRequest } from './poll.repository.ts';

/** Tells clients how far their requests have come. */
@Injectable()
export class Polls {
  constructor(
    private readonly database: Database,
    private readonly purposes: Purposes,
  ) {}

  /**
   * The request, if it can be redeemed now. One whose time is up is ended here if no worker has done so yet, unless an answer that came
   * in time still waits for its verdict: a client that waits for `expires_in` and asks once must not be told to wait.
   * @throws DomainError `grant.pending`, `grant.slow-down`, `grant.expired`, `grant.denied`, `grant.invalid`
   */
  async poll(poll: Poll): Promise<PolledRequest> {
    const polled = await pollRequest(this.database, poll);
    if (polled?.outcome.kind !== 'pending' || polled.expiresAt > poll.now) return checkOutcome(polled, poll.now);
    await this.purposes.findProgress(polled);
    return checkOutcome(await pollRequest(this.database, poll), poll.now);
  }
}

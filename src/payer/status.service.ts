import { Inject, Injectable } from '@nestjs/common';
import type { WatchedInteraction } from '../consent/consent.ts';
import { Consents } from '../consent/consents.ts';
import { Signing } from '../consent/signing.ts';
import type { Patience } from '../database/announcements.ts';
import type { Clock } from '../kernel/clock.ts';
import type { InteractionId } from '../kernel/ids.ts';
import { CLOCK } from '../operations/clock.ts';
import { awaitStatus } from './flow/await-status.ts';
import { statusAnswer, type StatusAnswer } from './flow/status-answer.ts';
import { WaitingPages } from './flow/waiting-pages.ts';
import type { Visitor } from './http/visitor.ts';
import type { WaitingCaller } from './http/waiting-caller.ts';

/** What the script of a page of a payment asks for while the payer is in the BankID app. */
@Injectable()
export class StatusService {
  constructor(
    private readonly consents: Consents,
    private readonly signing: Signing,
    private readonly waiting: WaitingPages,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** @throws DomainError as {@link awaitStatus} */
  getStatus(interactionId: InteractionId, visitor: Visitor, caller: WaitingCaller): Promise<StatusAnswer> {
    const { signing, clock } = this;
    const watched = {
      mark: () => signing.mark(),
      check: () => this.consents.checkWatched(interactionId, visitor.cookie),
      answer: async (watched: WatchedInteraction, keepsLink: boolean) => {
        const status = await (keepsLink ? signing.getLaunchable(watched) : signing.statusOf(watched));
        return statusAnswer(status, clock.now(), visitor.language, () => signing.launchLink(status, visitor.userAgent));
      },
      next: (watched: WatchedInteraction, mark: number, patience: Patience) =>
        signing.nextStatus(watched, mark, patience),
    };
    return awaitStatus(watched, this.waiting, caller);
  }
}

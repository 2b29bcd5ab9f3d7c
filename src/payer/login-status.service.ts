import { Inject, Injectable } from '@nestjs/common';
import type { WatchedLogin } from '../login/login.ts';
import { LoginInteractions } from '../login/login-interactions.ts';
import { LoginSigning } from '../login/login-signing.ts';
import type { Patience } from '../database/announcements.ts';
import type { Clock } from '../kernel/clock.ts';
import type { InteractionId } from '../kernel/ids.ts';
import { CLOCK } from '../operations/clock.ts';
import { awaitStatus } from './flow/await-status.ts';
import { statusAnswer, type StatusAnswer } from './flow/status-answer.ts';
import { WaitingPages } from './flow/waiting-pages.ts';
import type { Visitor } from './http/visitor.ts';
import type { WaitingCaller } from './http/waiting-caller.ts';

/** What the script of a page of a login asks for while the person is in the BankID app. */
@Injectable()
export class LoginStatusService {
  constructor(
    private readonly interactions: LoginInteractions,
    private readonly signing: LoginSigning,
    private readonly waiting: WaitingPages,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** @throws DomainError as {@link awaitStatus} */
  getStatus(interactionId: InteractionId, visitor: Visitor, caller: WaitingCaller): Promise<StatusAnswer> {
    const { signing, clock } = this;
    const watched = {
      mark: () => signing.mark(),
      check: () => this.interactions.checkWatched(interactionId, visitor.cookie),
      answer: async (watched: WatchedLogin, keepsLink: boolean) => {
        const status = await (keepsLink ? signing.getLaunchable(watched) : signing.statusOf(watched));
        return statusAnswer(status, clock.now(), visitor.language, () => signing.launchLink(status, visitor.userAgent));
      },
      next: (watched: WatchedLogin, mark: number, patience: Patience) => signing.nextStatus(watched, mark, patience),
    };
    return awaitStatus(watched, this.waiting, caller);
  }
}

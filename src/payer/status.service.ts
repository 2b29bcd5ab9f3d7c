import { Inject, Injectable } from '@nestjs/common';
import { Consents } from '../consent/consents.ts';
import { Signing } from '../consent/signing.ts';
import { SECOND_MS, type Clock } from '../kernel/clock.ts';
import type { InteractionId } from '../kernel/ids.ts';
import { CLOCK } from '../operations/clock.ts';
import { isShown, statusAnswer, type StatusAnswer } from './flow/status-answer.ts';
import { WaitingPages } from './flow/waiting-pages.ts';
import type { Visitor } from './http/visitor.ts';
import type { WaitingCaller } from './http/waiting-caller.ts';

/** Shorter than the 30 s after which our listener, and the 60 s after which a usual proxy, closes a silent connection. */
const WAIT_MS = 20 * SECOND_MS;

/** What the script of a page asks for while the payer is in the BankID app. */
@Injectable()
export class StatusService {
  constructor(
    private readonly consents: Consents,
    private readonly signing: Signing,
    private readonly waiting: WaitingPages,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * How far it has come. A page that says what it shows is answered when it is to show something else, or after 20 s.
   * @throws DomainError `browser.not-bound`; `service.unavailable` when something happened and there is no place to look at it
   */
  async getStatus(interactionId: InteractionId, visitor: Visitor, caller: WaitingCaller): Promise<StatusAnswer> {
    const until = performance.now() + WAIT_MS;
    for (;;) {
      const mark = this.signing.mark();
      const bound = await this.consents.checkBrowser(interactionId, visitor.cookie);
      const answer = statusAnswer(await this.signing.getStatus(bound), this.clock.now(), visitor.language);
      if (!isShown(answer, caller.shown)) return answer;
      const patience = { ms: until - performance.now(), signal: caller.signal };
      const isNews = await this.waiting.wait(bound.cookie, () => this.signing.nextStatus(bound, mark, patience));
      if (!isNews) return answer;
    }
  }
}

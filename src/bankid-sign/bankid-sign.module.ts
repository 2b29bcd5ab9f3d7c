import { Module } from '@nestjs/common';
import { AnswerRecorder } from './collector/answer-recorder.ts';
import { Collector } from './collector/collector.ts';
import { OrderCollection } from './collector/order-collection.ts';
import { Withdrawal } from './collector/withdrawal.ts';
import { AgingLink } from './dispatch/aging-link.ts';
import { Dispatch } from './dispatch/dispatch.ts';
import { OrderSignals } from './order/order-signals.ts';
import { PhoneOrders } from './phone-orders.ts';
import { Placement } from './placement/placement.ts';
import { Submission } from './placement/submission.ts';
import { RelyingParties } from './relying-parties.ts';
import { AnsweredOrders } from './settlement/answered-orders.ts';
import { SignOrders } from './sign-orders.ts';
import { OrderWatch } from './watch/order-watch.ts';

@Module({
  providers: [
    AgingLink,
    AnswerRecorder,
    AnsweredOrders,
    Collector,
    Dispatch,
    OrderCollection,
    OrderSignals,
    OrderWatch,
    PhoneOrders,
    Placement,
    RelyingParties,
    SignOrders,
    Submission,
    Withdrawal,
  ],
  exports: [PhoneOrders, SignOrders],
})
export class BankIdSignModule {}

import { Module, type OnApplicationShutdown } from '@nestjs/common';
import { CONFIG, type AppConfig } from '../config/config.ts';
import { Metrics } from '../operations/metrics.ts';
import { AnswerRecorder } from './collector/answer-recorder.ts';
import { Collector } from './collector/collector.ts';
import { OrderCollection } from './collector/order-collection.ts';
import { Withdrawal } from './collector/withdrawal.ts';
import { OrderSignals } from './order/order-signals.ts';
import { Placement } from './placement/placement.ts';
import { Submission } from './placement/submission.ts';
import { bankIdAgent } from './rp-api/connect.ts';
import { RpClient } from './rp-api/rp-client.ts';
import { AnsweredOrders } from './settlement/answered-orders.ts';
import { SignOrders } from './sign-orders.ts';
import { TIMINGS, type Timings } from './timings.ts';
import { OrderWatch } from './watch/order-watch.ts';

/** 500 pending orders need 250 collects a second, at most 64 of them in flight; the others are for orders and cancels. */
const CONNECTIONS = 96;

@Module({
  providers: [
    {
      provide: RpClient,
      useFactory: ({ bankid }: AppConfig, timings: Timings, metrics: Metrics) =>
        new RpClient(bankid.url, bankIdAgent(bankid, CONNECTIONS), timings.httpTimeoutMs, metrics),
      inject: [CONFIG, TIMINGS, Metrics],
    },
    AnswerRecorder,
    AnsweredOrders,
    Collector,
    OrderCollection,
    OrderSignals,
    OrderWatch,
    Placement,
    SignOrders,
    Submission,
    Withdrawal,
  ],
  exports: [SignOrders],
})
export class BankIdSignModule implements OnApplicationShutdown {
  constructor(private readonly client: RpClient) {}

  async onApplicationShutdown(): Promise<void> {
    await this.client.close();
  }
}

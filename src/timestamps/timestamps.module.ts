import { Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { CONFIG, type AppConfig } from '../config/config.ts';
import type { Clock } from '../kernel/clock.ts';
import { CLOCK } from '../operations/clock.ts';
import { Metrics } from '../operations/metrics.ts';
import { AuthorityClient } from './authority-client.ts';
import { Crls } from './crls.ts';
import { Timestamps } from './timestamps.ts';

@Module({
  providers: [
    { provide: AuthorityClient, useFactory: () => new AuthorityClient() },
    {
      provide: Timestamps,
      useFactory: (config: AppConfig, client: AuthorityClient, metrics: Metrics, clock: Clock) =>
        new Timestamps(config.timestampAuthorities, client, metrics, clock),
      inject: [CONFIG, AuthorityClient, Metrics, CLOCK],
    },
    {
      provide: Crls,
      useFactory: (client: AuthorityClient, clock: Clock) => new Crls(client, clock),
      inject: [AuthorityClient, CLOCK],
    },
  ],
  exports: [Timestamps, Crls],
})
export class TimestampsModule implements OnApplicationShutdown {
  constructor(@Inject(AuthorityClient) private readonly client: AuthorityClient) {}

  async onApplicationShutdown(): Promise<void> {
    await this.client.close();
  }
}

import { Module, type DynamicModule } from '@nestjs/common';
import { TIMINGS, type Timings } from './timings.ts';

/** Provides the timings that the service is started with. */
@Module({})
export class TimingsModule {
  static forRoot(timings: Timings): DynamicModule {
    const provider = { provide: TIMINGS, useValue: timings };
    return { module: TimingsModule, global: true, providers: [provider], exports: [TIMINGS] };
  }
}

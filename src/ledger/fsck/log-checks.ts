import { Injectable } from '@nestjs/common';
import { TimestampCheck } from '../timestamps/check-timestamps.ts';
import { ChainListCheck } from './check-chains.ts';
import { HeadCheck } from './check-heads.ts';
import { LeafCheck } from './check-leaves.ts';

/** All that a log is compared by. */
@Injectable()
export class LogChecks {
  constructor(
    readonly heads: HeadCheck,
    readonly leaves: LeafCheck,
    readonly chains: ChainListCheck,
    readonly timestamps: TimestampCheck,
  ) {}
}

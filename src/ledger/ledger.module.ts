import { Module } from '@nestjs/common';
import { Sequencer } from './sequencer/sequencer.ts';

@Module({
  providers: [Sequencer],
  exports: [Sequencer],
})
export class LedgerModule {}

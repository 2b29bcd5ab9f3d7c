import { Module } from '@nestjs/common';
import { KeysModule } from '../keys/keys.module.ts';
import { TimestampsModule } from '../timestamps/timestamps.module.ts';
import { Seals } from './seals.ts';

@Module({ imports: [KeysModule, TimestampsModule], providers: [Seals], exports: [Seals] })
export class SealsModule {}

import 'reflect-metadata';
import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExportModule } from './compliance/export.module.ts';
import type { AppConfig } from './config/config.ts';
import { openCheckedPool } from './database/open-database.ts';
import { FoundationModule } from './foundation.module.ts';
import { systemClock } from './kernel/clock.ts';

/**
 * What an export needs of the service. The rest of the service would be 40 MB of code beside it.
 * @throws Error with one sentence if the database is not this installation's
 */
export async function createExportContext(config: AppConfig): Promise<INestApplicationContext> {
  const source = await openCheckedPool(config.database.url.reveal(), config.environment);
  const foundation = FoundationModule.forRoot({ config: { ...config, workers: false }, clock: systemClock, source });
  return NestFactory.createApplicationContext({ module: ExportModule, imports: [foundation] }, { logger: false });
}

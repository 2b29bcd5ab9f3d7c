import 'reflect-metadata';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { pino } from 'pino';
import type { DataSource } from 'typeorm';
import { AppModule } from '../src/app.module.ts';
import { bankIdTimings } from '../src/bankid-sign/timings.ts';
import type { AppConfig } from '../src/config/config.ts';
import { systemClock } from '../src/kernel/clock.ts';
import { describeRoutes } from '../src/openapi/api-document.ts';

const [path = '', issuer = 'https://sigill.example'] = process.argv.slice(2);

// In a preview Nest reads the modules and makes none of their providers: no database, no key and no setting is needed.
const nothing = {} as unknown;
const module = AppModule.forRoot({
  config: { issuer } as AppConfig,
  clock: systemClock,
  source: nothing as DataSource,
  logger: pino({ level: 'silent' }),
  timings: bankIdTimings,
  modules: [],
});
const app = await NestFactory.create<NestExpressApplication>(module, {
  preview: true,
  logger: false,
  bodyParser: false,
});
mkdirSync(dirname(path), { recursive: true });
writeFileSync(path, `${JSON.stringify(describeRoutes(app, issuer), null, 2)}\n`);

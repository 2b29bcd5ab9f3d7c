import type { DynamicModule, MiddlewareConsumer, NestModule } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';
import { countingStatements, type StatementCount } from '../../../src/operations/statement-count.ts';

/** What each request sent to the database, in order. */
export class StatementCounts {
  readonly requests: (StatementCount & { readonly path: string })[] = [];

  /** A module of the service under test that counts. */
  get module(): DynamicModule {
    const { requests } = this;
    class CountingModule implements NestModule {
      configure(consumer: MiddlewareConsumer): void {
        const count = (request: Request, _response: Response, next: NextFunction): void => {
          const one = { statements: 0, path: request.originalUrl };
          requests.push(one);
          countingStatements(one, () => next());
        };
        consumer.apply(count).forRoutes('{*path}');
      }
    }
    return { module: CountingModule };
  }

  get total(): number {
    return this.requests.reduce((total, { statements }) => total + statements, 0);
  }

  clear(): void {
    this.requests.length = 0;
  }
}

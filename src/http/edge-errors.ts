import type { Provider } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { EdgeFilter } from './errors/edge.filter.ts';
import { ProblemFilter } from './errors/problem.filter.ts';
import { RegisteredRoutes } from './errors/registered-routes.ts';

/** What every application of ours answers errors with. */
export const edgeErrors: Provider[] = [RegisteredRoutes, ProblemFilter, { provide: APP_FILTER, useClass: EdgeFilter }];

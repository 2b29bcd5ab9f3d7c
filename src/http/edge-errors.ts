import type { Provider } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { EdgeFilter } from './errors/edge.filter.ts';
import { ProblemFilter } from './errors/problem.filter.ts';
import { RegisteredRoutes } from './errors/registered-routes.ts';

/** The providers that answer errors, for every application of ours. */
export const edgeErrors: Provider[] = [RegisteredRoutes, ProblemFilter, { provide: APP_FILTER, useClass: EdgeFilter }];

import { Injectable, type CanActivate, type ExecutionContext, type Provider } from '@nestjs/common';
import { APP_GUARD, Reflector } from '@nestjs/core';
import type { DomainError } from '../kernel/errors.ts';
import { notePlace } from '../operations/current-request.ts';
import { LOAD_CLASS, type LoadClass } from './route-declaration.ts';
import { Load } from './shedding/load.ts';

/** The endpoints that get most requests, all by POST: how each is treated under load, and the answer to a shed request. */
export interface BusyEndpoints {
  readonly classes: ReadonlyMap<string, LoadClass>;
  /** JSON. */
  readonly bodyOf: (error: DomainError) => string;
}

/** The first guard: sheds requests that cannot be answered in time before any work is done, in the form of their route. */
@Injectable()
export class LoadGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly load: Load,
  ) {}

  canActivate(context: ExecutionContext): boolean {
    const targets = [context.getHandler(), context.getClass()];
    const loadClass = this.reflector.getAllAndOverride<LoadClass | undefined>(LOAD_CLASS, targets) ?? 'ordinary';
    notePlace(this.load.enter(loadClass));
    return true;
  }
}

export const shedding: readonly Provider[] = [Load, { provide: APP_GUARD, useClass: LoadGuard }];

import { Injectable, type CanActivate, type ExecutionContext, type Provider } from '@nestjs/common';
import { APP_GUARD, Reflector } from '@nestjs/core';
import type { DomainError } from '../kernel/errors.ts';
import { notePlace } from '../operations/current-request.ts';
import { LOAD_CLASS, type LoadClass } from './route-declaration.ts';
import { Load } from './shedding/load.ts';

/** The addresses that most requests go to, by POST: how each is treated under load, and what all of them say in their own form. */
export interface BusyEndpoints {
  readonly classes: ReadonlyMap<string, LoadClass>;
  /** JSON. */
  readonly bodyOf: (error: DomainError) => string;
}

/** The first guard of all: what cannot be answered in time is turned away before any work is done, in the form of its route. */
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

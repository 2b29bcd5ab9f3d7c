import {
  Injectable,
  type CallHandler,
  type CanActivate,
  type ExecutionContext,
  type NestInterceptor,
  type Provider,
} from '@nestjs/common';
import { APP_GUARD, APP_INTERCEPTOR, Reflector } from '@nestjs/core';
import type { IncomingMessage } from 'node:http';
import type { Response } from 'express';
import { finalize, type Observable } from 'rxjs';
import { LOAD_CLASS, type LoadClass } from './route-declaration.ts';
import { Load } from './shedding/load.ts';
import { placeOf } from './shedding/place.ts';

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
    const http = context.switchToHttp();
    const place = this.load.enter(http.getRequest<IncomingMessage>(), loadClass);
    http.getResponse<Response>().once('close', () => place.release());
    return true;
  }
}

/** Keeps a request in hand while its handler works, also when its caller is gone. */
@Injectable()
export class WorkInHand implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const place = placeOf(context.switchToHttp().getRequest<IncomingMessage>())?.hold();
    return next.handle().pipe(finalize(() => place?.release()));
  }
}

export const shedding: readonly Provider[] = [
  Load,
  { provide: APP_GUARD, useClass: LoadGuard },
  { provide: APP_INTERCEPTOR, useClass: WorkInHand },
];

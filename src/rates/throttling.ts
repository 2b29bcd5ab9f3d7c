import { Injectable, type DynamicModule, type ExecutionContext } from '@nestjs/common';
import { ThrottlerGuard, ThrottlerModule, type ThrottlerLimitDetail, type ThrottlerStorage } from '@nestjs/throttler';
import type { AppConfig } from '../config/config.ts';
import { SECOND_MS } from '../kernel/clock.ts';
import { DomainError } from '../kernel/errors.ts';
import { RateWindows } from './rate-windows.ts';
import { networkOf } from '../kernel/web/network.ts';

export const WINDOW_MS = 10 * SECOND_MS;
/** A TPP sends some 15 requests per payment from one address; a payer's page loads its QR code once a second. */
export const REQUESTS_PER_WINDOW = 1000;

/**
 * Protects against floods, before anything is parsed or verified: limits the requests from one address, over all instances.
 * The limits that the law requires (orders per consent, person and TPP) are elsewhere, and count durable rows.
 * It is off in the sandbox, where all callers have the same address.
 */
export function throttlingModule(config: AppConfig, limit = REQUESTS_PER_WINDOW): DynamicModule {
  return ThrottlerModule.forRootAsync({
    inject: [RateWindows],
    useFactory: (windows: RateWindows) => ({
      throttlers: [{ ttl: WINDOW_MS, limit }],
      storage: storageIn(windows),
      skipIf: () => config.environment === 'sandbox',
      getTracker: (request: Record<string, unknown>) => networkOf(request['ip']),
      generateKey: (_context, tracker) => tracker,
      // An instance does not know what is left of a window that others draw from as well.
      setHeaders: false,
    }),
  });
}

/** Stores the guard's counts in the windows that all instances share. The guard only reads whether the caller is blocked. */
function storageIn(windows: RateWindows): ThrottlerStorage {
  return {
    increment: async (key, ttl, limit) => {
      const waitSeconds = await windows.take({ name: 'address', limit, windowMs: ttl }, key);
      const seconds = waitSeconds ?? 0;
      return {
        totalHits: limit,
        timeToExpire: seconds,
        isBlocked: waitSeconds !== undefined,
        timeToBlockExpire: seconds,
      };
    },
  };
}

/** One count for all routes of an address. */
@Injectable()
export class FloodGuard extends ThrottlerGuard {
  protected override throwThrottlingException(_: ExecutionContext, detail: ThrottlerLimitDetail): Promise<void> {
    throw new DomainError('request.too-many', { retryAfterSeconds: detail.timeToBlockExpire });
  }
}

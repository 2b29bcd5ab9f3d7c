import { Injectable, type DynamicModule } from '@nestjs/common';
import { ThrottlerGuard, ThrottlerModule } from '@nestjs/throttler';
import type { AppConfig } from '../config/config.ts';
import { networkOf } from './throttling/network.ts';

const WINDOW_MS = 1000;
/** A TPP behind one address makes some 15 requests for a payment; a payer's page asks twice a second. */
const REQUESTS_PER_WINDOW = 100;

/**
 * Blunts floods, before anything is parsed or verified: so many requests a second from one address, counted per instance.
 * The limits that the law asks for (orders per consent, person and TPP) are elsewhere and in the database.
 * In the sandbox everybody has the same address, so it does not count.
 */
export function throttlingModule(config: AppConfig, limit = REQUESTS_PER_WINDOW): DynamicModule {
  return ThrottlerModule.forRoot({
    throttlers: [{ ttl: WINDOW_MS, limit }],
    skipIf: () => config.environment === 'sandbox',
    getTracker: (request: Record<string, unknown>) => networkOf(request['ip']),
    generateKey: (_context, tracker) => tracker,
  });
}

/** One count for all routes of an address. */
@Injectable()
export class FloodGuard extends ThrottlerGuard {}

import { Injectable, type DynamicModule } from '@nestjs/common';
import { ThrottlerGuard, ThrottlerModule } from '@nestjs/throttler';
import ipaddr from 'ipaddr.js';
import type { AppConfig } from '../config/config.ts';

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

/** An IPv4 address, or the /64 of an IPv6 one: whoever has one address there has them all. */
export function networkOf(ip: unknown): string {
  if (typeof ip !== 'string' || !ipaddr.isValid(ip)) return 'unknown';
  const address = ipaddr.process(ip);
  if (address.kind() === 'ipv4') return address.toString();
  const network = address.toByteArray().slice(0, 8);
  return `${Buffer.from(network).toString('hex')}/64`;
}

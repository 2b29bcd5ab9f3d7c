import { Injectable } from '@nestjs/common';
import { MINUTE_MS } from '../kernel/clock.ts';
import { DomainError } from '../kernel/errors.ts';
import { RateWindows } from '../rates/rate-windows.ts';
import type { Client, RateKind } from '../clients/clients.ts';

/** Requests per minute of one client, over all instances, unless its registration names another number. */
export const defaultRates: Readonly<Record<RateKind, number>> = {
  par: 6_000,
  token: 12_000,
  introspection: 12_000,
  verification: 600,
};

/** Keeps one client from crowding out others. Counts after authentication, so that a caller cannot use up another client's share. */
@Injectable()
export class ClientRates {
  constructor(private readonly windows: RateWindows) {}

  /** @throws DomainError `request.too-many` with the time to wait */
  async check(kind: RateKind, client: Pick<Client, 'id' | 'requestsPerMinute'>): Promise<void> {
    const limit = client.requestsPerMinute?.[kind] ?? defaultRates[kind];
    const retryAfterSeconds = await this.windows.take({ name: kind, limit, windowMs: MINUTE_MS }, client.id);
    if (retryAfterSeconds !== undefined) throw new DomainError('request.too-many', { retryAfterSeconds });
  }
}

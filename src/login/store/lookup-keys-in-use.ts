import { Inject, Injectable } from '@nestjs/common';
import { personLimits, windowStart } from '../../attempts/attempt-limits.ts';
import { Database } from '../../database/database.ts';
import type { Statement } from '../../database/statement.ts';
import { DAY_MS, type Clock } from '../../kernel/clock.ts';
import { CLOCK } from '../../operations/clock.ts';
import { findNamedKeys } from '../../vault/key-ids.repository.ts';
import { KeyRings } from '../../vault/key-rings.ts';
import { KEYS_OF_ATTEMPTS, KEYS_OF_AUTHENTICATIONS } from './lookup-key.repository.ts';

/** No client is told of a login for longer: a token lives for minutes, and its evidence at most this long. */
const LONGEST_RETENTION_MS = 400 * DAY_MS;

/** The look-up keys that logins need: for an authentication as long as its evidence may be kept, for an attempt as long as it counts. */
@Injectable()
export class LookupKeysInUse {
  constructor(
    private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
    keyRings: KeyRings,
  ) {
    const countedMs = Math.max(personLimits.failuresWithinMs, personLimits.ordersWithinMs);
    keyRings.watch('look-up', () => this.#find(KEYS_OF_AUTHENTICATIONS, LONGEST_RETENTION_MS));
    keyRings.watch('look-up', () => this.#find(KEYS_OF_ATTEMPTS, countedMs));
  }

  /** The newest row of a key decides for all its rows. */
  async #find(keys: Statement, neededMs: number): Promise<readonly string[]> {
    const named = await findNamedKeys(this.database, keys);
    const since = windowStart(this.clock.now(), neededMs);
    return named.filter(({ newest }) => newest && newest > since).map(({ keyId }) => keyId);
  }
}

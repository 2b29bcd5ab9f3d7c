import { Inject, Injectable } from '@nestjs/common';
import { personLimits, windowStart } from '../../attempts/attempt-limits.ts';
import { LONGEST_YEAR, retentionEnd } from '../../evidence/retention.ts';
import type { Clock } from '../../kernel/clock.ts';
import { CLOCK } from '../../operations/clock.ts';
import { Database } from '../../database/database.ts';
import { findNamedKeys } from '../../vault/key-ids.repository.ts';
import { KeyRings } from '../../vault/key-rings.ts';
import type { Statement } from '../../database/statement.ts';
import { KEYS_OF_ATTEMPTS, KEYS_OF_AUTHORISATIONS, KEYS_OF_CONSUMPTIONS } from './lookup-key.repository.ts';

/**
 * The look-up keys that consents need: for an authorisation and a consumption as long as their evidence is kept, for an attempt as long
 * as it counts against a person.
 */
@Injectable()
export class LookupKeysInUse {
  constructor(
    private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
    keyRings: KeyRings,
  ) {
    const isKept = (newest: Date): boolean => retentionEnd('accepted', newest, LONGEST_YEAR) > this.clock.now();
    const longestMs = Math.max(personLimits.failuresWithinMs, personLimits.ordersWithinMs);
    const counts = (newest: Date): boolean => newest > windowStart(this.clock.now(), longestMs);
    keyRings.watch('look-up', () => this.#find(KEYS_OF_AUTHORISATIONS, isKept));
    keyRings.watch('look-up', () => this.#find(KEYS_OF_CONSUMPTIONS, isKept));
    keyRings.watch('look-up', () => this.#find(KEYS_OF_ATTEMPTS, counts));
  }

  /** The newest row of a key decides for all its rows. An authorisation from before MACs were stored names no key. */
  async #find(keys: Statement, isNeeded: (newest: Date) => boolean): Promise<readonly string[]> {
    const named = await findNamedKeys(this.database, keys);
    return named.filter(({ keyId, newest }) => keyId !== '' && newest && isNeeded(newest)).map(({ keyId }) => keyId);
  }
}

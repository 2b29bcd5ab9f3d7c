import { Inject, Injectable } from '@nestjs/common';
import { retentionEnd } from '../../evidence/retention.ts';
import type { Clock } from '../../kernel/clock.ts';
import { CLOCK } from '../../platform/clock.ts';
import { Database } from '../../platform/database.ts';
import { findNamedKeys, keyIdOf, type KeyIdIndex } from '../../platform/key-ids.repository.ts';
import { KeyRings } from '../../platform/key-rings.ts';
import { payerLimits, windowStart } from '../lifetimes.ts';

const AUTHORISATION: KeyIdIndex = { table: 'authorisation', keyId: 'lookup_key_id', at: 'authorised_at' };
const CONSUMPTION: KeyIdIndex = {
  table: 'consent',
  keyId: keyIdOf('consume_request_hash'),
  at: 'ended_at',
  where: 'consume_request_hash is not null',
};
const ATTEMPT: KeyIdIndex = {
  table: 'signing_attempt',
  keyId: keyIdOf('bound_payer_hash'),
  at: 'started_at',
  where: 'bound_payer_hash is not null',
};

/**
 * The look-up keys that consents need: an authorisation and a consumption as long as their evidence is kept, an attempt as long
 * as it counts against a person.
 */
@Injectable()
export class LookupKeysInUse {
  constructor(
    private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
    keyRings: KeyRings,
  ) {
    const isKept = (newest: Date): boolean => retentionEnd('accepted', newest) > this.clock.now();
    const longestMs = Math.max(payerLimits.failuresWithinMs, payerLimits.ordersWithinMs);
    const counts = (newest: Date): boolean => newest > windowStart(this.clock.now(), longestMs);
    keyRings.watch('look-up', () => this.#find(AUTHORISATION, isKept));
    keyRings.watch('look-up', () => this.#find(CONSUMPTION, isKept));
    keyRings.watch('look-up', () => this.#find(ATTEMPT, counts));
  }

  /** The newest row of a key decides for all of them. An authorisation from before MACs were kept names no key. */
  async #find(index: KeyIdIndex, isNeeded: (newest: Date) => boolean): Promise<readonly string[]> {
    const named = await findNamedKeys(this.database, index);
    return named.filter(({ keyId, newest }) => keyId !== '' && newest && isNeeded(newest)).map(({ keyId }) => keyId);
  }
}

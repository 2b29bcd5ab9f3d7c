import pg from 'pg';
import { setTimeout as delay } from 'node:timers/promises';
import { SandboxBank } from '../../sandbox/bank.ts';
import { BUNDLE_TYPE } from '../../src/bundle/container.ts';
import { inFlight } from '../in-flight.ts';
import type { Prepared } from '../service/prepare.ts';
import { untilNumbered } from './numbering.ts';

const IN_HAND = 4;

/** How many bundles a second a bank is given for the first time: each is sealed, timestamped and stored. */
export async function measureBundles({ issuer, clients, database }: Prepared): Promise<number> {
  const consents = await coveredConsents(database.ownerUrl);
  const bank = await SandboxBank.connect(issuer, clients.bank);
  const begun = performance.now();
  await inFlight(IN_HAND, consents, async (consent) => {
    const response = await bank.fetchEvidence(consent, 'audit', BUNDLE_TYPE);
    await response.arrayBuffer();
    if (!response.ok) throw new Error(`a bundle was not handed out: ${response.status}`);
  });
  return Number(((consents.length * 1000) / (performance.now() - begun)).toFixed(1));
}

/** The consents whose evidence is all under a head that is kept. */
async function coveredConsents(ownerUrl: string): Promise<readonly string[]> {
  const owner = new pg.Client({ connectionString: ownerUrl });
  await owner.connect();
  try {
    await untilNumbered(owner);
    for (;;) {
      const { rows } = await owner.query(
        `select from checkpoint where bank = 'exempelbanken' and kind = 'evidence'
            and size = (select max(number) from ledger_leaf where bank = 'exempelbanken')`,
      );
      if (rows.length > 0) break;
      await delay(50);
    }
    // The row is there a moment before the head is kept.
    await delay(500);
    const { rows } = await owner.query<{ id: string }>('select consent_id as id from evidence');
    return rows.map(({ id }) => id);
  } finally {
    await owner.end();
  }
}

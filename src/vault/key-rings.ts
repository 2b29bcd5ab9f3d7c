import { Inject, Injectable, Logger } from '@nestjs/common';
import { CONFIG, type AppConfig } from '../config/config.ts';
import { MINUTE_MS } from '../kernel/clock.ts';
import type { KeyRing } from '../config/key-ring.ts';
import { Database } from '../database/database.ts';
import { findNamedKeys, NAMED_EVIDENCE_KEYS } from './key-ids.repository.ts';
import { Metrics } from '../operations/metrics.ts';
import { Workers } from '../operations/workers.ts';

export type RingName = 'evidence' | 'look-up';

/** The ids of one ring's keys that stored rows still need. */
type FindKeyIds = () => Promise<readonly string[]>;

interface Source {
  readonly ring: RingName;
  readonly find: FindKeyIds;
}

const files: Readonly<Record<RingName, string>> = { evidence: 'EVIDENCE_KEY_FILE', 'look-up': 'LOOKUP_KEY_FILE' };

/**
 * Whether the rings hold every key that stored rows name: a removed key is noticed at the start of the service or within a minute,
 * and not years later when the evidence is read. Each table that names keys is watched by the module that writes it.
 */
@Injectable()
export class KeyRings {
  readonly #log = new Logger(KeyRings.name);
  readonly #rings: Readonly<Record<RingName, KeyRing>>;
  readonly #isSandbox: boolean;
  readonly #sources: Source[] = [];
  #missing: ReadonlyMap<RingName, readonly string[]> = new Map();

  constructor(
    @Inject(CONFIG) { environment, evidenceKeys, lookupKeys }: AppConfig,
    database: Database,
    private readonly metrics: Metrics,
    workers: Workers,
  ) {
    workers.add({ name: 'key-rings', intervalMs: MINUTE_MS, runOnce: () => this.check(), everywhere: true });
    this.#rings = { evidence: evidenceKeys, 'look-up': lookupKeys };
    this.#isSandbox = environment === 'sandbox';
    this.watch('evidence', async () => {
      const named = await findNamedKeys(database, NAMED_EVIDENCE_KEYS);
      return named.map(({ keyId }) => keyId);
    });
  }

  /** Call it in a constructor, so that the tables are known before the service starts. */
  watch(ring: RingName, find: FindKeyIds): void {
    this.#sources.push({ ring, find });
  }

  /** The rings that lacked a key at the last check. */
  incomplete(): readonly RingName[] {
    return [...this.#missing.keys()];
  }

  /** Checks now. @throws if the database does not answer; the previous result is kept then */
  async check(): Promise<void> {
    const missing = new Map<RingName, readonly string[]>();
    for (const ring of Object.keys(files) as RingName[]) {
      const lacking = await this.#lacking(ring);
      this.metrics.setGauge('sigill_keys_missing', 'Keys that stored rows name', lacking.length, { ring });
      if (lacking.length > 0) missing.set(ring, lacking);
    }
    const before = describe(this.#missing);
    this.#missing = missing;
    if (missing.size > 0 && describe(missing) !== before) this.#log.error(describe(missing));
  }

  /**
   * A sandbox only logs it and starts: its keys change, and nothing in it is evidence.
   * @throws Error with one sentence that names ring, key and file
   */
  async checkAtStart(): Promise<void> {
    await this.check();
    if (this.#missing.size > 0 && !this.#isSandbox) throw new Error(describe(this.#missing));
  }

  async #lacking(name: RingName): Promise<readonly string[]> {
    const { keys, lost } = this.#rings[name];
    const named = new Set<string>();
    for (const { ring, find } of this.#sources) {
      if (ring === name) for (const id of await find()) named.add(id);
    }
    return [...named].filter((id) => !keys.has(id) && !(lost?.has(id) ?? false)).sort();
  }
}

function describe(missing: ReadonlyMap<RingName, readonly string[]>): string {
  const rings = [...missing].map(([ring, ids]) => `the ${ring} ring lacks ${ids.join(', ')} (${files[ring]})`);
  return `${rings.join(', and ')}: stored rows name what is missing, see docs/runbooks/keys.md`;
}

import { AuditChains } from '../../../src/audit/audit-chains.ts';
import { AuditTrail } from '../../../src/audit/audit-trail.ts';
import { AuditReading } from '../../../src/compliance/audit-reading.ts';
import type { PayerBrowser } from '../../../sandbox/payer-browser.ts';
import type { TestDatabase } from './database.ts';
import { eventually } from '../eventually.ts';
import { withoutRandomHex } from '../random-hex.ts';
import { tamper } from './tamper.ts';

/** One consent as its rows tell it. */
export interface LedgerEntry {
  readonly consentId: string;
  readonly subject: string;
  readonly state: string;
  readonly reason: string | null;
  readonly failedAttempts: number;
  /** Oldest first. */
  readonly orders: readonly { readonly id: string; readonly state: string; readonly failure: string | null }[];
  readonly evidence: readonly string[];
  readonly codeMade: boolean;
  readonly tokens: number;
  readonly liveTokens: number;
}

const entry = `
  select c.id as "consentId", 'consent:' || c.bank || ':' || c.id as subject, c.state, c.reason,
         c.failed_attempts as "failedAttempts",
         (select coalesce(json_agg(json_build_object('id', id, 'state', state, 'failure', failure) order by seq), '[]')
            from sign_order where order_group = c.id::text) as orders,
         (select coalesce(json_agg(kind order by stored_at), '[]') from evidence where consent_id = c.id) as evidence,
         r.code_hash is not null as "codeMade",
         (select count(*)::int from access_token where consent_id = c.id) as tokens,
         (select count(*)::int from access_token where consent_id = c.id and revoked_at is null) as "liveTokens"
    from consent c left join authorization_request r on r.consent_id = c.id`;

/** What must never be, whatever was killed and when: one query for each. */
const faults: Readonly<Record<string, string>> = {
  'authorised without evidence': `
    select c.id from consent c where c.authorised_at is not null and not exists (
      select from authorisation a join evidence e on e.id = a.evidence_id
       where a.consent_id = c.id and e.kind = 'accepted' and e.consent_id = c.id and e.order_id = a.order_id
         and e.digest = a.evidence_digest)`,
  'an authorisation of a consent that was never authorised': `
    select c.id from authorisation a join consent c on c.id = a.consent_id
     where c.authorised_at is null or c.state in ('awaiting-authorisation', 'rejected')`,
  'accepted evidence that authorised nothing': `
    select id from evidence e where kind = 'accepted' and not exists (select from authorisation where evidence_id = e.id)`,
  'a settled signature without evidence': `
    select id from sign_order o where state = 'settled' and answer_status = 'complete'
       and not exists (select from evidence where order_id = o.id)
       and not exists (select from identification where order_id = o.id)`,
  'evidence without the answer as it came': `
    select id from evidence e where not exists (select from bankid_answer where order_id = e.order_id)
    union all
    select id from identification i where not exists (select from bankid_answer where order_id = i.order_id)`,
  'evidence that neither has a number nor awaits one, or both': `
    select id from evidence e where exists (select from ledger_leaf where evidence_id = e.id)
                                  = exists (select from ledger_pending where evidence_id = e.id)`,
  'a number that is missing': `
    select bank as id from ledger_leaf group by bank having max(number) <> count(*)`,
  'a live token of a consent that may not be consumed': `
    select c.id from access_token t join consent c on c.id = t.consent_id
     where t.revoked_at is null and (c.state <> 'authorised' or c.live_token_hash is distinct from t.token_hash)`,
  'a consent without its request': `
    select id from consent c where not exists (select from authorization_request where consent_id = c.id)
       and not exists (select from backchannel_request where consent_id = c.id)`,
};

/** The owner's view of what became of consents. */
export class Ledger {
  readonly #database: TestDatabase;

  constructor(database: TestDatabase) {
    this.#database = database;
  }

  /** Everything that must never be, as `fault: id`; empty when all is well. */
  async findFaults(): Promise<string[]> {
    const found: string[] = [];
    for (const [fault, sql] of Object.entries(faults)) {
      for (const row of await this.#database.asOwner(sql)) found.push(`${fault}: ${String(row['id'])}`);
    }
    return [...found, ...(await this.#findAuditFaults())];
  }

  async countConsents(): Promise<number> {
    const [row] = await this.#database.asOwner('select count(*)::int as consents from consent');
    return Number(row?.['consents']);
  }

  /** The consent of the page that the browser is on. */
  async entryOf(browser: PayerBrowser): Promise<LedgerEntry> {
    const interaction = browser.interactionPath.slice('/pay/'.length);
    const [row] = await this.#database.asOwner(`${entry} where c.interaction_id = $1`, [interaction]);
    if (!row) throw new Error('no such consent');
    return row as unknown as LedgerEntry;
  }

  /** The same of any consent. */
  async entryOfConsent(consentId: string): Promise<LedgerEntry> {
    const [row] = await this.#database.asOwner(`${entry} where c.id = $1`, [consentId]);
    if (!row) throw new Error('no such consent');
    return row as unknown as LedgerEntry;
  }

  /** The digests of bundles that a chain says were sealed. */
  async sealingsOf(subject: string): Promise<readonly unknown[]> {
    const rows = await this.#database.asOwner(
      `select event::jsonb -> 'detail' ->> 'sha256' as sha256
         from audit_event where subject = $1 and event::jsonb ->> 'type' = 'evidence.sealed'`,
      [subject],
    );
    return rows.map(({ sha256 }) => sha256);
  }

  async until(browser: PayerBrowser, isSo: (entry: LedgerEntry) => boolean): Promise<LedgerEntry> {
    let last: LedgerEntry | undefined;
    const find = async (): Promise<LedgerEntry | undefined> => {
      last = await this.entryOf(browser);
      return isSo(last) ? last : undefined;
    };
    return eventually(find, () => `waited in vain: ${JSON.stringify(last)}`);
  }

  /** Lets time pass for leases and for what is due: these follow the database's clock, and a test does not wait for it. */
  async passSeconds(seconds: number): Promise<void> {
    const columns = [
      'recorded_at',
      'next_collect_at',
      'collect_lease_until',
      'answer_unknown_since',
      'settle_lease_until',
    ];
    const earlier = columns.map((column) => `${column} = ${column} - make_interval(secs => $1)`).join(', ');
    await this.#database.asOwner(`update sign_order set ${earlier}`, [seconds]);
    // After a cancel the next press waits by the service's clock, which in a process of its own cannot be moved.
    await tamper(
      this.#database,
      'signing_attempt',
      'update signing_attempt set cancelled_at = cancelled_at - make_interval(secs => $1) where cancelled_at is not null',
      [seconds],
    );
  }

  /** Broken chains, and consents whose rows and events tell different stories: what `sigill audit --verify` names. */
  async #findAuditFaults(): Promise<string[]> {
    const { database } = this.#database;
    const reading = new AuditReading(database, new AuditTrail(database), new AuditChains(database));
    const { findings } = await reading.verify();
    return findings.map(({ code, subject, seq, type }) => `${code}: ${[subject, seq ?? type].join(' ')}`);
  }
}

/** Lines of `log` that hold one of `secrets`, or what looks like a personal number, a JWT, a signature or a key. */
export function findLeaks(log: string, secrets: readonly string[]): string[] {
  const shapes = [/\b(19|20)\d{6}[-+]?\d{4}\b/, /\beyJ[\w-]+\.[\w-]+\./, /PHNpZ25|PD94bWwg|<Signature/i, /PRIVATE KEY/];
  return withoutRandomHex(log)
    .split('\n')
    .filter((line) => shapes.some((shape) => shape.test(line)) || secrets.some((secret) => line.includes(secret)));
}

import { rows, type Database } from '../../database/database.ts';
import { int, text } from '../../database/rows.ts';
import { statement } from '../../database/statement.ts';

/** BankID keeps no order as long as this: 3 minutes open, 3 more until it is signed, 5 until its answer is collected. */
const OVER_MINUTES = 15;

/** Open orders whose RP certificate an instance lacks. */
export interface Orphans {
  readonly relyingParty: string;
  readonly waiting: number;
}

const END_ORPHANS = statement(
  'bankid-sign.endOrphans',
  `with orphans as (
     select id, relying_party, recorded_at < clock_timestamp() - make_interval(mins => ${OVER_MINUTES}) as is_over
       from sign_order where state in ('pending', 'answer-unknown') and relying_party <> all($1)),
   ended as (
     update sign_order o set state = 'answered', answer_status = 'failed', failure = 'answer-lost', answered_at = $2,
                             collect_lease = null, collect_lease_until = null
       from orphans
      where o.id = orphans.id and orphans.is_over and o.state in ('pending', 'answer-unknown')
        and not exists (select from bankid_answer where order_id = o.id))
   select relying_party, count(*)::int as waiting from orphans group by relying_party order by relying_party`,
);

/**
 * Open orders of certificates other than `relyingParties`, which this instance cannot collect; another may. Where BankID certainly has
 * them no more, they fail with `answer-lost`.
 */
export async function endOrphans(database: Database, relyingParties: readonly string[], at: Date): Promise<Orphans[]> {
  return rows(database, END_ORPHANS, [relyingParties, at], (row) => ({
    relyingParty: text(row, 'relying_party'),
    waiting: int(row, 'waiting'),
  }));
}

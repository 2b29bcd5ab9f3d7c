import { errors, type Adapter, type StoredModel } from 'oidc-provider';
import type pg from 'pg';

/** What the peer needs from PostgreSQL to promise the same: nothing is consumed twice, no proof accepted twice, all durable. */
export const peerSchema = `
  create table peer_model (
    model text not null, id text not null, payload jsonb not null, grant_id text, uid text,
    expires_at timestamptz, consumed_at timestamptz, primary key (model, id)
  );
  create index peer_model_grant on peer_model (grant_id) where grant_id is not null;
  create index peer_model_uid on peer_model (uid) where uid is not null;
  create index peer_model_expires on peer_model (expires_at);`;

export interface PeerStore {
  readonly pool: pg.Pool;
  statements: number;
}

/** The usual way to store oidc-provider's models in PostgreSQL: a table of JSON documents. */
export class PeerAdapter implements Adapter {
  readonly #model: string;
  readonly #store: PeerStore;

  constructor(model: string, store: PeerStore) {
    this.#model = model;
    this.#store = store;
  }

  async upsert(id: string, payload: StoredModel, expiresIn?: number): Promise<void> {
    const onConflict =
      this.#model === 'ReplayDetection'
        ? 'nothing'
        : `update set payload = excluded.payload, grant_id = excluded.grant_id, uid = excluded.uid, expires_at = excluded.expires_at`;
    const inserted = await this.#query(
      `insert into peer_model (model, id, payload, grant_id, uid, expires_at)
       values ($1, $2, $3, $4, $5, now() + make_interval(secs => $6)) on conflict (model, id) do ${onConflict}`,
      [id, JSON.stringify(payload), payload.grantId ?? null, payload.uid ?? null, expiresIn ?? null],
    );
    if (inserted.rowCount === 0) throw new errors['InvalidRequest']('used before');
  }

  /** The insert of a proof fails if it was claimed before, so it is not looked up. */
  async find(id: string): Promise<StoredModel | undefined> {
    return this.#model === 'ReplayDetection' ? undefined : this.#findBy('id', id);
  }

  findByUid(uid: string): Promise<StoredModel | undefined> {
    return this.#findBy('uid', uid);
  }

  async findByUserCode(): Promise<StoredModel | undefined> {
    return Promise.resolve(undefined);
  }

  async consume(id: string): Promise<void> {
    const { rowCount } = await this.#query(
      'update peer_model set consumed_at = now() where model = $1 and id = $2 and consumed_at is null',
      [id],
    );
    if (rowCount === 0) throw new errors['InvalidGrant']('used before');
  }

  async destroy(id: string): Promise<void> {
    await this.#query('delete from peer_model where model = $1 and id = $2', [id]);
  }

  async revokeByGrantId(grantId: string): Promise<void> {
    await this.#query('delete from peer_model where model = $1 and grant_id = $2', [grantId]);
  }

  async #findBy(column: 'id' | 'uid', value: string): Promise<StoredModel | undefined> {
    const { rows } = await this.#query(
      `select payload, extract(epoch from consumed_at)::int as consumed from peer_model
        where model = $1 and ${column} = $2 and (expires_at is null or expires_at > now())`,
      [value],
    );
    const [row] = rows as { payload: StoredModel; consumed: number | null }[];
    return row && { ...row.payload, ...(row.consumed === null ? {} : { consumed: row.consumed }) };
  }

  #query(sql: string, parameters: readonly unknown[]): Promise<pg.QueryResult> {
    this.#store.statements += 1;
    return this.#store.pool.query(sql, [this.#model, ...parameters]);
  }
}

import type { Adapter, StoredModel } from 'oidc-provider';

interface Kept {
  readonly payload: StoredModel;
  readonly expiresAt: number;
}

/** What a provider of the sandbox stores: it forgets all when the sandbox ends. */
export class MemoryAdapter implements Adapter {
  readonly #kept = new Map<string, Kept>();

  upsert(id: string, payload: StoredModel, expiresIn = Infinity): Promise<void> {
    const now = performance.now();
    for (const [one, { expiresAt }] of this.#kept) if (expiresAt <= now) this.#kept.delete(one);
    this.#kept.set(id, { payload, expiresAt: now + expiresIn * 1000 });
    return Promise.resolve();
  }

  find(id: string): Promise<StoredModel | undefined> {
    const found = this.#kept.get(id);
    return Promise.resolve(found && found.expiresAt > performance.now() ? found.payload : undefined);
  }

  async findByUid(uid: string): Promise<StoredModel | undefined> {
    const [id] = [...this.#kept].find(([, { payload }]) => payload.uid === uid) ?? [];
    return id === undefined ? undefined : this.find(id);
  }

  /** No device flow. */
  findByUserCode(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  async consume(id: string): Promise<void> {
    const found = this.#kept.get(id);
    if (found) this.#kept.set(id, { ...found, payload: { ...found.payload, consumed: Math.floor(Date.now() / 1000) } });
    return Promise.resolve();
  }

  destroy(id: string): Promise<void> {
    this.#kept.delete(id);
    return Promise.resolve();
  }

  revokeByGrantId(grantId: string): Promise<void> {
    for (const [id, { payload }] of this.#kept) if (payload.grantId === grantId) this.#kept.delete(id);
    return Promise.resolve();
  }
}

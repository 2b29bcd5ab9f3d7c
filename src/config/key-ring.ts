import type { Secret } from '../kernel/secret.ts';

/** Symmetric keys of 32 bytes by id. New work is done with `current`; older keys stay for what they once wrote. */
export interface KeyRing {
  readonly current: string;
  readonly keys: ReadonlyMap<string, Secret<Uint8Array>>;
  /** Ids of keys that the operator has declared lost: what they wrote is out of reach for ever. */
  readonly lost?: ReadonlySet<string>;
}

import type { Secret } from '../kernel/secret.ts';

/** Symmetric keys of 32 bytes by id. `current` writes; older keys stay, to read what they wrote. */
export interface KeyRing {
  readonly current: string;
  readonly keys: ReadonlyMap<string, Secret<Uint8Array>>;
  /** Ids of keys that the operator has declared lost: what they wrote can never be read again. */
  readonly lost?: ReadonlySet<string>;
}

/** Commands to the generator, which carries them out one after the other. */
export type GeneratorCommand =
  | { readonly do: 'sustain'; readonly count: number }
  | { readonly do: 'sign'; readonly count: number }
  | { readonly do: 'flood'; readonly perSecond: number; readonly seconds: number }
  | { readonly do: 'recover'; readonly p50Ms: number; readonly timeoutMs: number };

/** With eight in flight, each answered before the next is sent. */
export interface Sustained {
  readonly perSecond: number;
  readonly p50Ms: number;
}

/** Sent at a fixed rate, without waiting for answers. */
export interface Flooded {
  readonly offered: number;
  readonly accepted: number;
  readonly shed: number;
  /** By status, 0 for a broken connection. */
  readonly others: Readonly<Record<string, number>>;
}

export interface Recovered {
  readonly recoveryMs: number;
}

/** What the probe saw from its start to its end. */
export interface Probed {
  readonly liveP99Ms: number;
  /** The longest probe over a connection that was opened for it. */
  readonly liveNewConnectionMaxMs: number;
  readonly lagP99Ms: number;
}

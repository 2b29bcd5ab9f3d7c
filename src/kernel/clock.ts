/** The one source of time. Everything that compares or records a time is given a clock. */
export interface Clock {
  /** The present moment. */
  now(): Date;
}

export const systemClock: Clock = { now: () => new Date() };

export const SECOND_MS = 1000;
export const MINUTE_MS = 60 * SECOND_MS;

/** The moment `ms` milliseconds after `at` (before it, when negative). */
export function addMs(at: Date, ms: number): Date {
  return new Date(at.getTime() + ms);
}

/** RFC 3339 in UTC with milliseconds, the only form in which Sigill writes a time. */
export function formatInstant(at: Date): string {
  return at.toISOString();
}

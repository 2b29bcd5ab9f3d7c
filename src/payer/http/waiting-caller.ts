import type { Request, Response } from 'express';

/** What a page shows, in the words of the answer that it had. */
export interface Shown {
  readonly version: string;
  readonly rfa: string;
}

/** A page that asks for its status, and what it shows while it waits for another. */
export interface WaitingCaller {
  /** Undefined where it wants an answer at once. */
  readonly shown: Shown | undefined;
  /** It shows the link that opens BankID to a person who looks at it and has not pressed it. */
  readonly keepsLink: boolean;
  /** Aborted when its connection is closed. */
  readonly signal: AbortSignal;
}

export function readWaitingCaller({ query }: Request, response: Response): WaitingCaller {
  const { version, rfa, keep } = query;
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  const shown = typeof version === 'string' && typeof rfa === 'string' ? { version, rfa } : undefined;
  return { shown, keepsLink: keep === 'link', signal: gone.signal };
}

import type { Request, Response } from 'express';
import { SECOND_MS } from '../../kernel/clock.ts';
import type { WaitingForExport } from './export-orders.ts';

/** How long a client is ready to wait, by its Prefer header (RFC 7240 §4.3). */
export function readPatience(request: Request, response: Response): WaitingForExport {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  const [, seconds = '0'] =
    /(?:^|[,;])\s*wait\s*=\s*"?(\d{1,3})"?\s*(?:$|[,;])/i.exec(request.get('prefer') ?? '') ?? [];
  return { ms: Number(seconds) * SECOND_MS, signal: gone.signal };
}

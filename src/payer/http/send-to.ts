import type { Response } from 'express';

/** After a POST: 303, so that the browser loads the page, and reloading it repeats nothing. */
export function sendTo(response: Response, path: string): void {
  response.setHeader('Cache-Control', 'no-store').redirect(303, path);
}

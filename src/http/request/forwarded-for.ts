import type { NextFunction, Request, Response } from 'express';
import { findForwardedAddress } from '../../kernel/web/ip-address.ts';

const HEADER = 'x-forwarded-for';

/**
 * Writes the entries of X-Forwarded-For as plain addresses, before Express compares them with the trusted proxies: Azure's gateway
 * adds the port, and Express would then take the text with the port for the caller's address. What is no address becomes `unknown`,
 * which no proxy is.
 */
export function plainForwardedFor(request: Request, _response: Response, next: NextFunction): void {
  const value = request.headers[HEADER];
  if (typeof value === 'string') request.headers[HEADER] = value.split(',').map(plainEntry).join(', ');
  next();
}

function plainEntry(entry: string): string {
  return findForwardedAddress(entry.trim())?.toString() ?? 'unknown';
}

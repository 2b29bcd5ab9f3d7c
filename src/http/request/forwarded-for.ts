import type { NextFunction, Request, Response } from 'express';
import { findForwardedAddress } from '../../kernel/web/ip-address.ts';

const HEADER = 'x-forwarded-for';

/**
 * Rewrites the entries of X-Forwarded-For as plain addresses before Express compares them with the trusted proxies: Azure's gateway
 * adds the port, which Express would take as part of the caller's address. An entry that is not an address becomes `unknown`,
 * which matches no proxy.
 */
export function plainForwardedFor(request: Request, _response: Response, next: NextFunction): void {
  const value = request.headers[HEADER];
  if (typeof value === 'string') request.headers[HEADER] = value.split(',').map(plainEntry).join(', ');
  next();
}

function plainEntry(entry: string): string {
  return findForwardedAddress(entry.trim())?.toString() ?? 'unknown';
}

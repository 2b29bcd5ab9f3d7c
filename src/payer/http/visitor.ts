import type { Request, Response } from 'express';
import {
  isSecure,
  type BrowserCookie,
  findBrowserCookie,
  newBrowserCookie,
  setBrowserCookie,
} from '../../attempts/browser-cookie.ts';
import { deviceIdentifierCookie, findDeviceIdentifier } from './device-identifier.ts';
import { type Language, languageOf } from '../../design/language.ts';

const MAX_USER_AGENT = 256;

/** What a request says about the browser that sent it. */
export interface Visitor {
  readonly cookie: BrowserCookie | undefined;
  readonly language: Language;
  readonly userAgent: string;
  /** Absent until the first POST. */
  readonly deviceIdentifier: string | undefined;
  readonly address: string | undefined;
}

export function readVisitor(issuer: string, request: Request): Visitor {
  const { headers } = request;
  return {
    cookie: findBrowserCookie(issuer, headers.cookie),
    language: languageOf(request),
    userAgent: (headers['user-agent'] ?? '').slice(0, MAX_USER_AGENT),
    deviceIdentifier: findDeviceIdentifier(headers.cookie, isSecure(issuer)),
    address: request.ip,
  };
}

/**
 * Gives a browser a cookie if it has none. The cookie binds nothing yet and is not stored, but the first POST
 * already has it, so a browser that does not get the answer to that POST is not locked out of its own payment.
 */
export function giveCookie(issuer: string, response: Response, visitor: Visitor): void {
  if (visitor.cookie === undefined) keepBinding(issuer, response, newBrowserCookie());
}

/** Sent before BankID is called, so that a failure does not lock the browser out of its own payment. */
export function keepBinding(issuer: string, response: Response, cookie: BrowserCookie): void {
  response.append('Set-Cookie', setBrowserCookie(issuer, cookie));
}

/** The browser's long-lived identifier. */
export function keepDeviceIdentifier(issuer: string, response: Response, identifier: string): void {
  response.append('Set-Cookie', deviceIdentifierCookie(identifier, isSecure(issuer)));
}

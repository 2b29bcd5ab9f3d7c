import { randomBytes, randomUUID } from 'node:crypto';
import type { Brand } from './brand.ts';
import { DomainError, type ErrorCode } from './errors.ts';

export type ConsentId = Brand<string, 'ConsentId'>;
export type LoginId = Brand<string, 'LoginId'>;
/** 128 random bits made at PAR; the only name by which a browser knows a consent. */
export type InteractionId = Brand<string, 'InteractionId'>;
export type OrderId = Brand<string, 'OrderId'>;
export type EvidenceId = Brand<string, 'EvidenceId'>;
export type ClientId = Brand<string, 'ClientId'>;

/** No id comes before it: a page after it begins with the first. */
export const LEAST_UUID = '00000000-0000-0000-0000-000000000000';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const INTERACTION = /^[A-Za-z0-9_-]{22}$/;

export function newConsentId(): ConsentId {
  return randomUUID() as ConsentId;
}

export function newLoginId(): LoginId {
  return randomUUID() as LoginId;
}

export function newOrderId(): OrderId {
  return randomUUID() as OrderId;
}

export function newEvidenceId(): EvidenceId {
  return randomUUID() as EvidenceId;
}

export function newInteractionId(): InteractionId {
  return randomBytes(16).toString('base64url') as InteractionId;
}

/** @throws DomainError `consent.not-found`: a malformed id names no consent */
export function parseConsentId(value: string): ConsentId {
  return parseUuid(value, 'consent.not-found') as ConsentId;
}

/** In lower case; undefined for a malformed id, which names no login. */
export function findLoginId(value: string): LoginId | undefined {
  return UUID.test(value) ? (value.toLowerCase() as LoginId) : undefined;
}

/** @throws DomainError `evidence.not-found` */
export function parseEvidenceId(value: string): EvidenceId {
  return parseUuid(value, 'evidence.not-found') as EvidenceId;
}

/** @throws DomainError `export.not-found` */
export function parseExportId(value: string): string {
  return parseUuid(value, 'export.not-found');
}

/** @throws DomainError `browser.not-bound`, as for an interaction that is bound to another browser */
export function parseInteractionId(value: string): InteractionId {
  if (!INTERACTION.test(value)) throw new DomainError('browser.not-bound');
  return value as InteractionId;
}

/** Whether it is a UUID as ids are stored and written: in lower case. */
export function isUuid(value: string): boolean {
  return UUID.test(value) && value === value.toLowerCase();
}

/** In lower case, as it is stored: RFC 9562 §4 allows either case as input. */
function parseUuid(value: string, code: ErrorCode): string {
  if (!UUID.test(value)) throw new DomainError(code);
  return value.toLowerCase();
}

import { randomBytes } from 'node:crypto';
import type { Brand } from '../../../kernel/brand.ts';
import { DomainError } from '../../../kernel/errors.ts';

/** 128 random bits; names a request in URLs, and is no credential. */
export type BackchannelId = Brand<string, 'BackchannelId'>;

export const BACKCHANNEL_ID = /^[A-Za-z0-9_-]{22}$/;

export function newBackchannelId(): BackchannelId {
  return randomBytes(16).toString('base64url') as BackchannelId;
}

/** @throws DomainError `backchannel.not-found`: a malformed id names no request */
export function parseBackchannelId(value: string): BackchannelId {
  if (!BACKCHANNEL_ID.test(value)) throw new DomainError('backchannel.not-found');
  return value as BackchannelId;
}

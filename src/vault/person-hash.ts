import type { Envelope } from './envelope.ts';

const PERSON = 'payer';

/** A plain hash of a personal number could be found by trying all numbers, so the hash is keyed. */
export function personHash(envelope: Envelope, person: string): Buffer {
  return envelope.lookupHash(PERSON, person);
}

/** Under every look-up key of the ring, to find what an older key wrote. */
export function personHashes(envelope: Envelope, person: string): Buffer[] {
  return envelope.lookupHashes(PERSON, person);
}

/** @throws DomainError `service.key-missing` */
export function isPersonHash(envelope: Envelope, stored: Buffer, person: string): boolean {
  return envelope.isLookupHash(stored, PERSON, person);
}

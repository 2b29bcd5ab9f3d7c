import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '../kernel/clock.ts';
import type { ConsentId, EvidenceId } from '../kernel/ids.ts';
import { consentSubject } from '../kernel/subject.ts';
import { CLOCK } from '../platform/clock.ts';
import type { Tx } from '../platform/database.ts';
import { Envelope } from '../platform/envelope.ts';
import { insertAttachment } from './store/attachment.repository.ts';
import { REQUEST_OBJECT } from './store/request-object.ts';

/**
 * The TPP's signed request, byte for byte: what the TPP itself cannot deny to have asked for. It comes before there is any
 * evidence, waits sealed, and joins the evidence when the TPP takes the token.
 */
@Injectable()
export class RequestObjects {
  readonly #envelope: Envelope;
  readonly #clock: Clock;

  constructor(envelope: Envelope, @Inject(CLOCK) clock: Clock) {
    this.#envelope = envelope;
    this.#clock = clock;
  }

  /** Seals with the consent's data key, which is made where there is none. */
  async seal(tx: Tx, bank: string, consentId: ConsentId, requestObject: string): Promise<Buffer> {
    const subject = consentSubject(bank, consentId);
    const key = (await this.#envelope.findDataKey(tx, subject)) ?? (await this.#envelope.createDataKey(tx, subject));
    return key.seal(REQUEST_OBJECT, consentId, Buffer.from(requestObject, 'utf8'));
  }

  /** Keeps what {@link seal} made with the evidence: one INSERT. */
  async attach(tx: Tx, evidenceId: EvidenceId, sealed: Buffer): Promise<void> {
    const attachment = { id: randomUUID(), evidenceId, kind: REQUEST_OBJECT, sealed, storedAt: this.#clock.now() };
    await insertAttachment(tx, attachment);
  }
}

import type { INestApplicationContext } from '@nestjs/common';
import { AuditReading, type ConsentTimeline } from '../../src/compliance/audit-reading.ts';
import { parseConsentId } from '../../src/kernel/ids.ts';
import type { Answer } from '../oauth-client.ts';
import type { SignedPayment } from '../shop/payments.ts';
import type { Exchange, Recorder } from '../site/recorder.ts';

/** An auditor has read and verified the evidence of a consent. */
export interface Reading {
  readonly exchanges: readonly Exchange[];
  readonly answer: Answer;
}

/**
 * What an auditor of a bank does over HTTP, and what the operator does with `sigill audit`: it has no HTTP API, so the same part of the
 * service is called here.
 */
export class AuditDesk {
  readonly #recorder: Recorder;
  readonly #app: Pick<INestApplicationContext, 'get'>;
  readonly #readings = new Map<string, Reading>();

  constructor(recorder: Recorder, app: Pick<INestApplicationContext, 'get'>) {
    this.#recorder = recorder;
    this.#app = app;
  }

  readingOf({ state }: Pick<SignedPayment, 'state'>): Reading | undefined {
    return this.#readings.get(state);
  }

  /** The auditor of the payer's bank reads the evidence and has the stored signature verified. */
  async read({ state, bank, token }: SignedPayment): Promise<void> {
    const { result, exchanges } = await this.#recorder.record(() =>
      bank.auditor.verifyEvidence(token.consentId, 'audit'),
    );
    this.#readings.set(state, { exchanges, answer: result });
  }

  trailOf({ token }: SignedPayment): Promise<ConsentTimeline | undefined> {
    return this.#app.get(AuditReading, { strict: false }).readConsent(parseConsentId(token.consentId));
  }
}

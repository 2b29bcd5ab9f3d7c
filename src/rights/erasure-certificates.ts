import { Inject, Injectable } from '@nestjs/common';
import { canonicalJson } from '../crypto/json/canonical-json.ts';
import { ExportRequestError } from '../compliance/export-request.ts';
import { CONFIG, type AppConfig } from '../config/config.ts';
import { Database } from '../database/database.ts';
import { addMs, DAY_MS, formatInstant, type Clock } from '../kernel/clock.ts';
import type { JsonObject } from '../kernel/json.ts';
import { SigningKeys } from '../keys/signing-keys.ts';
import { CLOCK } from '../operations/clock.ts';
import {
  selectDoneErasure,
  selectErasedLeaves,
  selectExportsOfErased,
  type DoneErasure,
} from './certificates/certificate.repository.ts';

/** `typ` of the JWS, so that it is taken for nothing else (RFC 8725 §3.11). */
export const CERTIFICATE_TYPE = 'sigill-erasure+jwt';

/** For how long a backup of the data keys is kept at most: an erased key is in none after that. */
const BACKUP_DAYS = 30;

/** Certificates of erasures that are done, for the bank: what is gone, who decided it, and since when no backup has it. */
@Injectable()
export class ErasureCertificates {
  constructor(
    private readonly database: Database,
    private readonly keys: SigningKeys,
    @Inject(CONFIG) private readonly config: Pick<AppConfig, 'issuer' | 'environment'>,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * A JWS in compact form by the key for verdicts, which /jwks publishes.
   * @param request an erasure
   * @throws ExportRequestError where there is none that is done
   */
  async issue(request: string): Promise<string> {
    const done = await selectDoneErasure(this.database, request);
    if (!done) throw new ExportRequestError('there is no such erasure, or it is not done');
    const claims = {
      iss: this.config.issuer,
      iat: Math.floor(this.clock.now().getTime() / 1_000),
      environment: this.config.environment,
      ...claimsOf(request, done),
      leaves: await this.#leaves(request),
      exports: await this.#exports(request),
    };
    return this.keys.sign('verdicts', Buffer.from(canonicalJson(claims)), { typ: CERTIFICATE_TYPE });
  }

  async #leaves(request: string): Promise<JsonObject[]> {
    const leaves = await selectErasedLeaves(this.database, request);
    return leaves.map(({ number, digest }) => ({ number, digest: digest.toString('hex') }));
  }

  async #exports(request: string): Promise<JsonObject[]> {
    const exports = await selectExportsOfErased(this.database, request);
    return exports.map(({ orderedAt, ...rest }) => ({ ...rest, orderedAt: formatInstant(orderedAt) }));
  }
}

function claimsOf(request: string, done: DoneErasure): JsonObject {
  const { erasedAt, erased, held, retained, gone } = done;
  return {
    request,
    bank: done.bank,
    caseReference: done.caseReference,
    requested: { by: done.requestedBy, at: formatInstant(done.requestedAt) },
    approvals: [{ by: done.approvedBy, login: done.approvedWith, at: formatInstant(done.approvedAt) }],
    doneAt: formatInstant(done.doneAt),
    erasedAt: erasedAt ? formatInstant(erasedAt) : null,
    beyondRestoreAt: erasedAt ? formatInstant(addMs(erasedAt, BACKUP_DAYS * DAY_MS)) : null,
    consents: { erased, held, retained, gone },
  };
}

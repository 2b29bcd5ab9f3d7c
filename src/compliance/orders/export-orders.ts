import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Caller } from '../../client-auth/access.ts';
import { Database } from '../../database/database.ts';
import { exportLimits } from '../../evidence-files/evidence-folder.ts';
import { addMs, formatInstant, SECOND_MS } from '../../kernel/clock.ts';
import { DomainError } from '../../kernel/errors.ts';
import { parseExportId } from '../../kernel/ids.ts';
import type { JsonObject } from '../../kernel/json.ts';
import { consentSubject, exportSubject } from '../../kernel/subject.ts';
import { malformed } from '../../http/message.pipe.ts';
import { currentRequest } from '../../operations/current-request.ts';
import { Envelope } from '../../vault/envelope.ts';
import { personHashes } from '../../vault/person-hash.ts';
import { countAuthorisedConsents } from '../export/authorised-consent.repository.ts';
import { SETTLED_MS } from '../export/ledger/export-ledger.ts';
import { needsApproval } from '../export-request.ts';
import { ExportJournal } from './export-journal.ts';
import { factsOf, openStates, requestOf, type ExportOrder, type OrderedExport } from './export-order.ts';
import { sealNames, type Named } from './export-names.ts';
import { countExportOrders, endExportOrder, findExportOrder, insertExportOrder } from './export-order.repository.ts';
import { Signatories, type NewSignature } from '../identity/signatories.ts';
import { KEPT_MS } from './export-workers.ts';
import type { ExportOrderRequestDto } from './exports.dto.ts';
import { parseOrder } from './parse-order.ts';
import { ExportResults } from './result/export-results.ts';

/** Of one client, open or with a result: all share the disk. */
export const MAX_ORDERS = 50;
/** A receipt takes some 80 ms of a processor: a page of them is made well within the lease, and an order in two minutes. */
export const MAX_RECEIPTS = 1_000;
const TOO_MANY_SECONDS = 60;
const MAX_WAIT_MS = 20 * SECOND_MS;

/** A caller that waits until its order has ended. */
export interface WaitingForExport {
  /** 0 if it does not wait. */
  readonly ms: number;
  /** Aborted when its connection is closed. */
  readonly signal: AbortSignal;
}

/** Orders of exports. An order is its client's alone: to all others it does not exist. */
@Injectable()
export class ExportOrders {
  constructor(
    private readonly database: Database,
    private readonly envelope: Envelope,
    private readonly results: ExportResults,
    private readonly journal: ExportJournal,
    private readonly signatories: Signatories,
  ) {}

  /**
   * @throws DomainError `request.malformed`, `export.no-approver`, `export.requester-needed`, `approval.…`, `evidence.not-found` for a consent without evidence that can be read,
   *   `export.unavailable`, `request.too-many`
   */
  async place(body: ExportOrderRequestDto, caller: Caller): Promise<JsonObject> {
    const now = this.journal.now();
    const order = parseOrder(body, ownerOf(caller), now);
    const requester = await this.#requesterOf(body, order, now);
    const state = needsApproval(order) ? 'awaiting-approval' : 'waiting';
    await this.results.checkThere();
    await this.#checkRoom(order);
    const named: Named = {
      reference: order.paymentReference,
      payer: order.payer === undefined ? undefined : personHashes(this.envelope, order.payer),
    };
    const expected = await this.#count(order, named);
    const exportId = randomUUID();
    const { key, stored } = this.envelope.newDataKey(exportSubject(exportId));
    const namesSealed = sealNames(key, exportId, named);
    const beginsAt = order.consentId === undefined ? addMs(order.to, SETTLED_MS) : now;
    await this.database.inTransaction(async (tx) => {
      await insertExportOrder(tx, stored, {
        ...order,
        namesSealed,
        exportId,
        orderedAt: now,
        beginsAt,
        expected,
        state,
      });
      if (requester) await this.signatories.addRequester(tx, { ...requester, exportId });
      const token = requester?.by.tokenSha256.toString('hex') ?? null;
      const detail = { ...factsOf(order, expected), state, requesterTokenSha256: token };
      await this.journal.record(tx, exportId, 'export.ordered', caller.clientId, detail);
    });
    return toJson(await this.get(exportId, caller));
  }

  /**
   * Its state, when it has ended or the caller's patience has.
   * @throws DomainError `export.not-found`
   */
  async read(id: string, caller: Caller, { ms, signal }: WaitingForExport): Promise<JsonObject> {
    const until = performance.now() + Math.min(ms, MAX_WAIT_MS);
    for (;;) {
      const mark = this.journal.mark();
      const order = await this.get(id, caller);
      const left = until - performance.now();
      if (
        !openStates.includes(order.state) ||
        left <= 0 ||
        !(await this.#next(order.exportId, mark, { ms: left, signal }))
      )
        return toJson(order);
    }
  }

  /** @throws DomainError `export.not-found`, also for one of another client */
  async get(id: string, caller: Caller): Promise<ExportOrder> {
    const { bank, requestedBy } = ownerOf(caller);
    const order = await findExportOrder(this.database, parseExportId(id), bank, requestedBy);
    if (!order) throw new DomainError('export.not-found');
    return order;
  }

  /** Ends the order, and destroys its result. @throws DomainError `export.not-found`, `export.gone` */
  async delete(id: string, caller: Caller): Promise<void> {
    const { exportId, attempt } = await this.get(id, caller);
    const from = [...openStates, 'ready'] as const;
    await this.database.inTransaction(async (tx) => {
      if (!(await endExportOrder(tx, { exportId }, { from, state: 'deleted' }, this.journal.now())))
        throw new DomainError('export.gone');
      await this.journal.record(tx, exportId, 'export.deleted', caller.clientId, {});
    });
    await this.results.remove(exportId, attempt);
    this.journal.announce(exportId);
  }

  /** While it waits, others have its place among the requests in hand. */
  async #next(exportId: string, mark: number, patience: WaitingForExport): Promise<boolean> {
    const place = currentRequest()?.place;
    place?.leave();
    if (!(await this.journal.next(exportId, mark, patience))) return false;
    place?.takeAgain();
    return true;
  }

  /**
   * The person who orders signatures of several consents.
   * @throws DomainError `request.malformed`, and what {@link Signatories.identifyRequester} throws
   */
  async #requesterOf(
    { requesterToken, ...sent }: ExportOrderRequestDto,
    order: OrderedExport,
    now: Date,
  ): Promise<Omit<NewSignature, 'exportId'> | undefined> {
    const { bank, requestedBy: client } = order;
    if (needsApproval(order)) {
      return this.signatories.identifyRequester(requesterToken, { bank, client, order: this.#unnamed(sent) }, now);
    }
    if (requesterToken !== undefined) throw malformed('/requesterToken', 'This order needs no approval.');
    return undefined;
  }

  /** As it was sent; what is named by keyed hashes alone, because the person who orders signs it, and the proof outlives the evidence. */
  #unnamed({ payer, paymentReference, ...others }: ExportOrderRequestDto): JsonObject {
    const hash = (value: string): string => this.envelope.lookupHash('export-name', value).toString('base64url');
    const named = {
      ...(payer !== undefined && { payer: hash(payer) }),
      ...(paymentReference !== undefined && { paymentReference: hash(paymentReference) }),
    };
    return { ...(JSON.parse(JSON.stringify(others)) as JsonObject), ...named };
  }

  async #checkRoom({ bank, requestedBy }: OrderedExport): Promise<void> {
    if ((await countExportOrders(this.database, bank, requestedBy)) < MAX_ORDERS) return;
    const detail = `A client has at most ${MAX_ORDERS} exports that are open or ready: delete those that were fetched.`;
    throw new DomainError('request.too-many', { detail, retryAfterSeconds: TOO_MANY_SECONDS });
  }

  async #count(order: OrderedExport, named: Named): Promise<number> {
    const expected = await countAuthorisedConsents(this.database, requestOf(order, named));
    if (order.consentId !== undefined) {
      const key = await this.envelope.findDataKey(this.database, consentSubject(order.bank, order.consentId));
      if (expected === 0 || !key) throw new DomainError('evidence.not-found');
    }
    if (order.receipts && expected > MAX_RECEIPTS)
      throw malformed('/receipts', `There are ${expected} consents, and receipts of at most ${MAX_RECEIPTS}.`);
    if (expected > exportLimits.consents)
      throw malformed(
        '',
        `The period has ${expected} consents, an export at most ${exportLimits.consents}: divide it.`,
      );
    return expected;
  }
}

function ownerOf({ bank, clientId }: Caller): { readonly bank: string; readonly requestedBy: string } {
  if (bank === undefined) throw new DomainError('export.not-found');
  return { bank, requestedBy: clientId };
}

function toJson(order: ExportOrder): JsonObject {
  const { exportId, state, format, tpp, consentId, receipts, purpose, caseReference } = order;
  const { expected, consents, erased } = order;
  return {
    exportId,
    state,
    failure: order.failure ?? null,
    format,
    period: consentId === undefined ? { from: formatInstant(order.from), to: formatInstant(order.to) } : null,
    tpp: tpp ?? null,
    consentId: consentId ?? null,
    names: [...order.names],
    receipts,
    purpose,
    caseReference: caseReference ?? null,
    orderedAt: formatInstant(order.orderedAt),
    progress: { expected, consents, erased },
    result: resultOf(order),
  };
}

function resultOf({ state, size, sha256, endedAt }: ExportOrder): JsonObject | null {
  if (state !== 'ready' || size === undefined || !sha256 || !endedAt) return null;
  return { size, sha256: sha256.toString('hex'), expiresAt: formatInstant(addMs(endedAt, KEPT_MS)) };
}

import { Injectable } from '@nestjs/common';
import type { Caller } from '../../client-auth/access.ts';
import { Database } from '../../database/database.ts';
import { formatInstant } from '../../kernel/clock.ts';
import { DomainError } from '../../kernel/errors.ts';
import { parseExportId } from '../../kernel/ids.ts';
import type { JsonObject } from '../../kernel/json.ts';
import type { Signatory } from '../identity/id-token.ts';
import { Signatories, type KeptSignature } from '../identity/signatories.ts';
import { ExportJournal } from '../orders/export-journal.ts';
import { approvalStatement, type ExportOrder } from '../orders/export-order.ts';
import { findExportOrderOfBank } from '../orders/export-order.repository.ts';

/** Approvals of orders by a second person of the bank. Any auditor of the bank may bring one: what counts is the person's token. */
@Injectable()
export class ExportApprovals {
  constructor(
    private readonly database: Database,
    private readonly journal: ExportJournal,
    private readonly signatories: Signatories,
  ) {}

  /** What is to be approved, or was. @throws DomainError `export.not-found`, `export.no-approver` */
  async read(id: string, caller: Caller): Promise<JsonObject> {
    const order = await this.#get(id, caller);
    const { issuer, clientId } = this.signatories.providerOf(order.bank);
    const requester = await this.signatories.find(order.exportId, 'requester');
    const approver = await this.signatories.find(order.exportId, 'approver');
    const { text, nonce } = approvalStatement(order, requester?.tokenSha256);
    return {
      exportId: order.exportId,
      state: order.state,
      statement: text,
      nonce,
      issuer,
      clientId,
      approval: approver ? summaryOf(approver) : null,
    };
  }

  /**
   * Lets an order go on that a second person approves.
   * @throws DomainError `export.not-found`, `export.no-approver`, `export.not-awaiting-approval`, `export.requester-needed`, and
   *   `approval.…`; nothing has changed then
   */
  async approve(id: string, idToken: string, caller: Caller): Promise<JsonObject> {
    const order = await this.#get(id, caller);
    const { exportId, bank, state } = order;
    if (state !== 'awaiting-approval') throw new DomainError('export.not-awaiting-approval', { extra: { state } });
    const provider = this.signatories.providerOf(bank);
    const requester = await this.signatories.find(exportId, 'requester');
    // The bank may have begun to want one after it was ordered.
    if (!requester && !provider.unnamedRequester) throw new DomainError('export.requester-needed');
    const statement = approvalStatement(order, requester?.tokenSha256);
    const at = this.journal.now();
    const by = await this.signatories.verify(idToken, provider, statement, at);
    checkApprover(by, requester);
    await this.database.inTransaction(async (tx) => {
      if (!(await this.signatories.addApprover(tx, bank, { exportId, statement, by, at })))
        throw new DomainError('export.not-awaiting-approval');
      const detail = { issuer: by.issuer, idTokenSha256: by.tokenSha256.toString('hex'), nonce: statement.nonce };
      await this.journal.record(tx, exportId, 'export.approved', caller.clientId, detail);
    });
    this.journal.announce(exportId);
    return this.read(id, caller);
  }

  /**
   * What proves the approval, with the names that the provider put into the tokens. The reading is recorded first.
   * @throws DomainError `export.not-found`
   */
  async readProof(id: string, caller: Caller): Promise<JsonObject> {
    const { exportId } = await this.#get(id, caller);
    const requester = await this.signatories.find(exportId, 'requester');
    const approver = await this.signatories.find(exportId, 'approver');
    await this.journal.recordAlone(exportId, 'export.approval-read', caller.clientId, {});
    return {
      exportId,
      requester: requester ? proofOf(requester) : null,
      approver: approver ? proofOf(approver) : null,
    };
  }

  async #get(id: string, { bank }: Caller): Promise<ExportOrder> {
    const exportId = parseExportId(id);
    const order = bank === undefined ? undefined : await findExportOrderOfBank(this.database, exportId, bank);
    if (!order) throw new DomainError('export.not-found');
    return order;
  }
}

/** @throws DomainError `approval.not-approver`, `approval.own-order` */
function checkApprover(by: Signatory, requester: KeptSignature | undefined): void {
  if (!by.isApprover) throw new DomainError('approval.not-approver');
  if (!requester) return;
  // A provider may give one person another `sub` for another client, so the two can be compared only within one.
  const isComparable = by.issuer === requester.issuer && by.clientId === requester.clientId;
  if (!isComparable || by.subject === requester.subject) throw new DomainError('approval.own-order');
}

function summaryOf({ issuer, signedAt, tokenSha256 }: KeptSignature): JsonObject {
  return { method: 'id-token', issuer, at: formatInstant(signedAt), idTokenSha256: tokenSha256.toString('hex') };
}

function proofOf(kept: KeptSignature): JsonObject {
  const { statement, idToken, jwk } = kept;
  return { ...summaryOf(kept), statement: statement.text, idToken, jwk: JSON.stringify(jwk) };
}

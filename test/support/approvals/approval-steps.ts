import { Clients, type Client, type IdentityProvider } from '../../../src/clients/clients.ts';
import type { Caller } from '../../../src/client-auth/access.ts';
import { ExportApprovals } from '../../../src/compliance/approvals/export-approvals.ts';
import { ProviderClient } from '../../../src/compliance/identity/provider-client.ts';
import { ProviderKeys } from '../../../src/compliance/identity/provider-keys.ts';
import { Signatories } from '../../../src/compliance/identity/signatories.ts';
import { ExportJournal } from '../../../src/compliance/orders/export-journal.ts';
import { ExportOrders } from '../../../src/compliance/orders/export-orders.ts';
import type { ExportOrderRequestDto } from '../../../src/compliance/orders/exports.dto.ts';
import { ExportResults } from '../../../src/compliance/orders/result/export-results.ts';
import { addMs, MINUTE_MS } from '../../../src/kernel/clock.ts';
import { DomainError } from '../../../src/kernel/errors.ts';
import type { JsonObject } from '../../../src/kernel/json.ts';
import { Envelope } from '../../../src/vault/envelope.ts';
import { EvidenceSteps } from '../evidence/evidence-steps.ts';
import { PretendProvider, type TokenChanges } from './pretend-provider.ts';

/** An order for signatures of a bank, and persons who approve it. */
export class ApprovalSteps {
  readonly evidence: EvidenceSteps;
  readonly provider: PretendProvider;
  readonly #keys = newKeys();

  private constructor(evidence: EvidenceSteps, provider: PretendProvider) {
    this.evidence = evidence;
    this.provider = provider;
  }

  /** With two consents of the bank, five minutes ago. */
  static async start(): Promise<ApprovalSteps> {
    const evidence = await EvidenceSteps.start();
    const steps = new ApprovalSteps(evidence, await PretendProvider.start(evidence.clock));
    await evidence.accept();
    await evidence.accept();
    steps.later(5 * MINUTE_MS);
    return steps;
  }

  async stop(): Promise<void> {
    await this.#keys.onApplicationShutdown();
    await this.provider.stop();
    await this.evidence.stop();
  }

  later(ms: number): void {
    const { clock } = this.evidence;
    clock.stopAt(addMs(clock.now(), ms));
  }

  /** The service's parts, for two banks that have registered this provider. */
  partsOf(
    identityProvider: IdentityProvider | undefined = this.provider.registration,
    keys = this.#keys,
  ): { readonly orders: ExportOrders; readonly approvals: ExportApprovals; readonly signatories: Signatories } {
    const bank = (id: string): Client => ({ id, keys: [], identityProvider }) as unknown as Client;
    const { database } = this.evidence.database;
    const envelope = this.evidence.get(Envelope);
    const signatories = new Signatories(database, envelope, new Clients([bank('bank-a'), bank('bank-b')]), keys);
    const journal = this.evidence.get(ExportJournal);
    return {
      orders: new ExportOrders(database, envelope, this.evidence.get(ExportResults), journal, signatories),
      approvals: new ExportApprovals(database, journal, signatories),
      signatories,
    };
  }

  /** What is ordered: the folders of all that was authorised until a minute ago. */
  folders(): ExportOrderRequestDto {
    const to = addMs(this.evidence.clock.now(), -MINUTE_MS).toISOString();
    return { format: 'folders', from: '2026-01-01T00:00:00Z', to, purpose: 'audit', caseReference: 'FI/2026-117' };
  }

  /** Ordered by Rut, who is no approver. */
  async order(): Promise<string> {
    const { orders } = this.partsOf();
    const body = this.folders();
    const { code, extra } = await refusalOf(orders.place(body, auditor));
    const { issuer } = this.provider;
    expect([code, extra['issuer'], extra['clientId']]).toEqual(['export.requester-needed', issuer, 'sigill']);
    const claims = { roles: ['employee'] };
    const requesterToken = await this.provider.idToken('rut', extra['nonce'] ?? '', { claims });
    const placed = await orders.place({ ...body, requesterToken }, auditor);
    expect(placed).toMatchObject({ state: 'awaiting-approval', progress: { expected: 2, consents: 0 } });
    return placed['exportId'] as string;
  }

  async nonceOf(id: string): Promise<string> {
    return (await this.partsOf().approvals.read(id, secondAuditor))['nonce'] as string;
  }

  async approve(
    id: string,
    sub: string,
    changes: TokenChanges & { readonly nonce?: string } = {},
  ): Promise<JsonObject> {
    const token = await this.provider.idToken(sub, changes.nonce ?? (await this.nonceOf(id)), changes);
    return this.partsOf().approvals.approve(id, token, secondAuditor);
  }

  async stateOf(id: string): Promise<unknown> {
    return (await this.partsOf().orders.read(id, auditor, atOnce))['state'];
  }

  async eventsOf(id: string): Promise<readonly JsonObject[]> {
    return (await this.evidence.trail.listEvents(`export:${id}`)).map(({ event }) => JSON.parse(event) as JsonObject);
  }
}

export const auditorOf = (bank: string, clientId: string): Caller =>
  ({ clientId, name: clientId, role: 'auditor', bank }) as unknown as Caller;
export const auditor = auditorOf('bank-a', 'auditor-a');
/** With a key of her own. */
export const secondAuditor = auditorOf('bank-a', 'second-auditor-a');
const atOnce = { ms: 0, signal: new AbortController().signal };

/** That asks the provider again for each key that it does not know. */
export function newKeys(): ProviderKeys {
  return new ProviderKeys({ client: new ProviderClient(), askedAgainAfterMs: 0 });
}

/** How a call is refused. @throws if it is not */
export async function refusalOf(refused: Promise<unknown>): Promise<DomainError> {
  const error: unknown = await refused.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof DomainError)) throw new Error('it was not refused', { cause: error });
  return error;
}

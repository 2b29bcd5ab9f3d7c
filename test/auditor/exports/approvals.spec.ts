import { Clients, type Client } from '../../../src/clients/clients.ts';
import type { Caller } from '../../../src/client-auth/access.ts';
import { ExportDownloads } from '../../../src/compliance/orders/export-downloads.ts';
import { ExportJournal } from '../../../src/compliance/orders/export-journal.ts';
import { ExportOrders } from '../../../src/compliance/orders/export-orders.ts';
import { ExportWorkers } from '../../../src/compliance/orders/export-workers.ts';
import type { ExportOrderRequestDto } from '../../../src/compliance/orders/exports.dto.ts';
import { ExportResults } from '../../../src/compliance/orders/result/export-results.ts';
import { addMs, DAY_MS, MINUTE_MS } from '../../../src/kernel/clock.ts';
import { Envelope } from '../../../src/vault/envelope.ts';
import { EvidenceSteps } from '../../support/evidence/evidence-steps.ts';

const auditor = { clientId: 'auditor-of-a', name: 'a', role: 'auditor', bank: 'bank-a' } as unknown as Caller;
const atOnce = { ms: 0, signal: new AbortController().signal };
const provider = {
  issuer: 'https://login.bank-a.example',
  clientId: 'sigill',
  approver: { claim: 'roles', value: 'approver' },
  unnamedRequester: true,
};

describe('an order for the signatures of several consents', () => {
  let steps: EvidenceSteps;

  beforeAll(async () => {
    steps = await EvidenceSteps.start();
    await steps.accept();
    await steps.accept();
    later(5 * MINUTE_MS);
  }, 60_000);
  afterAll(() => steps.stop());

  function later(ms: number): void {
    steps.clock.stopAt(addMs(steps.clock.now(), ms));
  }

  const ordersOf = (bank: Partial<Client>): ExportOrders =>
    new ExportOrders(
      steps.database.database,
      steps.get(Envelope),
      steps.get(ExportResults),
      steps.get(ExportJournal),
      new Clients([{ id: 'bank-a', keys: [], ...bank } as unknown as Client]),
    );

  const folders = (): ExportOrderRequestDto => {
    const to = addMs(steps.clock.now(), -MINUTE_MS).toISOString();
    return { format: 'folders', from: '2026-01-01T00:00:00Z', to, purpose: 'audit' };
  };

  it('is refused where the bank of the auditor names no provider of approvers', async () => {
    await expect(ordersOf({}).place(folders(), auditor)).rejects.toMatchObject({ code: 'export.no-approver' });
  });

  it('is worked on by no instance before its approval, and expires after seven days', async () => {
    const orders = ordersOf({ identityProvider: provider });
    const workers = steps.get(ExportWorkers);
    const placed = await orders.place(folders(), auditor);
    expect(placed).toMatchObject({ state: 'awaiting-approval', progress: { expected: 2, consents: 0 } });
    const id = placed['exportId'] as string;
    expect(await workers.runOnce()).toBe(0);
    const content = steps.get(ExportDownloads).open(id, auditor, { range: undefined, ifRange: undefined }, () => {});
    await expect(content).rejects.toMatchObject({ code: 'export.not-ready' });
    // Nor is it by a statement that forgets the approval.
    await expect(
      steps.database.asOwner(`update export_order set state = 'waiting' where export_id = $1`, [id]),
    ).rejects.toThrow('export_order_approval');
    later(7 * DAY_MS - 1);
    await workers.sweepOnce();
    expect(await orders.read(id, auditor, atOnce)).toMatchObject({ state: 'awaiting-approval' });
    later(1);
    await workers.sweepOnce();
    expect(await orders.read(id, auditor, atOnce)).toMatchObject({ state: 'expired', result: null });
    expect(await steps.database.asOwner('select from data_key where subject = $1', [`export:${id}`])).toHaveLength(0);
    const events = await steps.trail.listEvents(`export:${id}`);
    expect(events.map(({ event }) => (JSON.parse(event) as { readonly type: string }).type)).toEqual([
      'export.ordered',
      'export.expired',
    ]);
  });
});

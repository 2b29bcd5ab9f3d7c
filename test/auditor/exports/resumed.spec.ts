import { readdirSync } from 'node:fs';
import { buffer } from 'node:stream/consumers';
import type { Caller } from '../../../src/client-auth/access.ts';
import { CONFIG, type AppConfig } from '../../../src/config/config.ts';
import { EvidenceBundles } from '../../../src/compliance/bundles/evidence-bundles.ts';
import { ConsentFiles } from '../../../src/compliance/export/consent-files.ts';
import { exportFormats, type ExportFormat } from '../../../src/compliance/export-request.ts';
import { ExportDownloads } from '../../../src/compliance/orders/export-downloads.ts';
import { claimExportOrder } from '../../../src/compliance/orders/export-order.repository.ts';
import type { ClaimedOrder } from '../../../src/compliance/orders/export-order.ts';
import { ExportJournal } from '../../../src/compliance/orders/export-journal.ts';
import { ExportOrders } from '../../../src/compliance/orders/export-orders.ts';
import type { ExportWorkers } from '../../../src/compliance/orders/export-workers.ts';
import { ExportResults } from '../../../src/compliance/orders/result/export-results.ts';
import { KeptBundles } from '../../../src/evidence/kept-bundles.ts';
import { addMs, MINUTE_MS } from '../../../src/kernel/clock.ts';
import { Ledger } from '../../../src/ledger/ledger.ts';
import { checkedExport, lasting } from '../../support/evidence/checked-export.ts';
import { dyingExport } from '../../support/evidence/dying-export.ts';
import { EvidenceSteps } from '../../support/evidence/evidence-steps.ts';
import { exportParts, numberEvidence, recordedBy } from '../../support/evidence/export-parts.ts';
import { tamper } from '../../support/database/tamper.ts';
import { publishLogs } from '../../support/ledger/published-logs.ts';
import { Sealing } from '../../support/seals/sealing.ts';

/** Two pages, the last of them short. */
const CONSENTS = 70;
/** Three steps a page; then the manifest's seal, and the order that becomes ready. */
const STEPS = 2 * 3 + 2;
const auditor = { clientId: 'auditor-of-a', name: 'a', role: 'auditor', bank: 'bank-a' } as unknown as Caller;
const atOnce = { ms: 0, signal: new AbortController().signal };
const once = Array.from({ length: CONSENTS }, () => 1);

describe('an export whose instance ends before it is ready', () => {
  let steps: EvidenceSteps;
  let sealing: Sealing;
  let journal: ExportJournal;
  let files: ConsentFiles;
  let workers: ExportWorkers;
  let directory: string;
  let to: string;

  beforeAll(async () => {
    steps = await EvidenceSteps.start();
    directory = steps.world.system.app.get<AppConfig>(CONFIG).exportDirectory ?? '';
    for (let n = 0; n < CONSENTS; n += 1) await steps.accept();
    await numberEvidence(steps);
    await publishLogs(steps.world, 'bank-a');
    later(5 * MINUTE_MS);
    to = addMs(steps.clock.now(), -MINUTE_MS).toISOString();
    sealing = await Sealing.open(steps.clock.now());
    const { database } = steps.database;
    const bundles = new EvidenceBundles(
      steps.get(KeptBundles),
      steps.get(Ledger),
      sealing.seals,
      steps.trail,
      database,
    );
    files = new ConsentFiles(bundles, steps.verification);
    journal = Object.create(steps.get(ExportJournal)) as ExportJournal;
    journal.approvalOf = () => Promise.resolve(undefined);
    ({ workers } = exportParts(steps, sealing.seals, { files, journal }));
    // Signatures of several consents need an approval, which is not the question here.
    await steps.database.asOwner('alter table export_order drop constraint if exists export_order_approval');
  }, 120_000);
  afterAll(() => steps.stop());

  function later(ms: number): void {
    steps.clock.stopAt(addMs(steps.clock.now(), ms));
  }

  async function order(format: ExportFormat): Promise<string> {
    const body = { format: 'list', from: '2026-01-01T00:00:00Z', to, purpose: 'audit' };
    const placed = await steps.get(ExportOrders).place(body, auditor);
    const id = placed['exportId'] as string;
    const sql = 'update export_order set format = $2 where export_id = $1';
    await tamper(steps.database, 'export_order', sql, [id, format]);
    return id;
  }

  async function claim(): Promise<ClaimedOrder> {
    const now = steps.clock.now();
    const claimed = await claimExportOrder(steps.database.database, now, addMs(now, MINUTE_MS));
    if (!claimed) throw new Error('no order is due');
    return claimed;
  }

  const stateOf = async (id: string): Promise<unknown> =>
    (await steps.get(ExportOrders).read(id, auditor, atOnce))['state'];

  async function fetch(id: string): Promise<ReadonlyMap<string, Buffer>> {
    const content = await steps
      .get(ExportDownloads)
      .open(id, auditor, { range: undefined, ifRange: undefined }, () => undefined);
    return checkedExport(await buffer(content.stream));
  }

  it.each(exportFormats)(
    'is finished by another one, wherever that was, and records each consent once (%s)',
    async (format) => {
      const reference = await order(format);
      expect(await workers.runOnce()).toBe(1);
      const whole = lasting(await fetch(reference));
      for (let n = 1; n <= STEPS; n += 1) {
        const id = await order(format);
        const { work, goesOn } = dyingExport(steps, sealing.seals, n, { files, journal });
        const claimed = await claim();
        const places = await steps.get(ExportResults).filesOf(id);
        await expect(work.run(claimed, places, goesOn)).rejects.toThrow('killed');
        // Its lease runs: no other takes it for dead yet.
        expect(await workers.runOnce()).toBe(0);
        later(MINUTE_MS);
        expect(await workers.runOnce()).toBe(1);
        expect([n, await stateOf(id), lasting(await fetch(id))]).toEqual([n, 'ready', whole]);
        expect(await recordedBy(steps, id)).toEqual(once);
        expect(readdirSync(directory).filter((name) => name.startsWith(id))).toEqual([`${id}.2`]);
      }
    },
    120_000,
  );

  it('is not ended by an instance that was taken for dead and wakes again', async () => {
    const id = await order('folders');
    const claimed = await claim();
    later(MINUTE_MS);
    await workers.runOnce();
    const before = await fetch(id);
    const { work } = exportParts(steps, sealing.seals, { files, journal });
    const places = await steps.get(ExportResults).filesOf(id);
    await expect(work.run(claimed, places, () => true)).rejects.toThrow();
    expect(await fetch(id)).toEqual(before);
    expect(await recordedBy(steps, id)).toEqual(once);
  });

  it('loses its key with evidence that is erased when its files have it, and no cursor says so yet', async () => {
    const id = await order('folders');
    const { work, goesOn } = dyingExport(steps, sealing.seals, 1, { files, journal });
    const results = steps.get(ExportResults);
    await expect(work.run(await claim(), await results.filesOf(id), goesOn)).rejects.toThrow('killed');
    await steps.database.asOwner(
      `delete from data_key where subject = (select 'consent:bank-a:' || consent_id from authorisation
                                              where bank = 'bank-a' order by authorised_at, evidence_id limit 1)`,
    );
    expect((await results.filesOf(id)).key).toBeUndefined();
    expect(await steps.get(ExportOrders).read(id, auditor, atOnce)).toMatchObject({ failure: 'erased' });
  });
});

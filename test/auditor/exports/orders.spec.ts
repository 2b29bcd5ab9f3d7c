import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';
import type { Caller } from '../../../src/client-auth/access.ts';
import { CONFIG, type AppConfig } from '../../../src/config/config.ts';
import { ExportDownloads, STILL_KEPT_MS } from '../../../src/compliance/orders/export-downloads.ts';
import { ExportJournal } from '../../../src/compliance/orders/export-journal.ts';
import { claimExportOrder } from '../../../src/compliance/orders/export-order.repository.ts';
import { ExportOrders, MAX_ORDERS } from '../../../src/compliance/orders/export-orders.ts';
import type { ExportWork } from '../../../src/compliance/orders/export-work.ts';
import { ExportWorkers } from '../../../src/compliance/orders/export-workers.ts';
import type { ExportOrderRequestDto } from '../../../src/compliance/orders/exports.dto.ts';
import { ExportResults } from '../../../src/compliance/orders/result/export-results.ts';
import { addMs, MINUTE_MS } from '../../../src/kernel/clock.ts';
import type { JsonObject } from '../../../src/kernel/json.ts';
import { consentSubject } from '../../../src/kernel/subject.ts';
import { Workers } from '../../../src/operations/workers.ts';
import { Sealing } from '../../support/seals/sealing.ts';
import { checkedExport } from '../../support/evidence/checked-export.ts';
import { exportParts, numberEvidence, recordedBy } from '../../support/evidence/export-parts.ts';
import { EvidenceSteps } from '../../support/evidence/evidence-steps.ts';

const CONSENTS = 200; // Four pages, and more than one chunk.
const auditorOf = (bank: string, clientId = `auditor-of-${bank}`): Caller =>
  ({ clientId, name: clientId, role: 'auditor', bank }) as unknown as Caller;
const auditor = auditorOf('bank-a');
const atOnce = { ms: 0, signal: new AbortController().signal };
const noHeader = (): void => undefined;
describe('an export that an auditor orders', () => {
  let steps: EvidenceSteps;
  let workers: ExportWorkers;
  let directory: string;
  let first: Awaited<ReturnType<EvidenceSteps['accept']>>;

  beforeAll(async () => {
    steps = await EvidenceSteps.start();
    directory = steps.world.system.app.get<AppConfig>(CONFIG).exportDirectory ?? '';
    first = await steps.accept();
    for (let n = 1; n < CONSENTS; n += 1) await steps.accept();
    await steps.accept({ bank: 'bank-b' });
    await numberEvidence(steps);
    await steps.advanceLedger('bank-a');
    later(5 * MINUTE_MS);
    ({ workers } = exportParts(steps, (await Sealing.open(steps.clock.now())).seals));
  }, 120_000);
  afterAll(() => steps.stop());

  function later(ms: number): void {
    steps.clock.stopAt(addMs(steps.clock.now(), ms));
  }

  async function order(change: Partial<ExportOrderRequestDto> = {}, caller = auditor): Promise<string> {
    const to = addMs(steps.clock.now(), -MINUTE_MS).toISOString();
    const period = change.consentId === undefined ? { from: '2026-01-01T00:00:00Z', to } : {};
    const body = { format: 'list', ...period, purpose: 'audit', ...change };
    const placed = await steps.get(ExportOrders).place(body, caller);
    expect(placed).toMatchObject({ state: 'waiting', result: null });
    return placed['exportId'] as string;
  }

  const read = (id: string, caller = auditor): Promise<JsonObject> => steps.get(ExportOrders).read(id, caller, atOnce);

  async function fetch(id: string, range?: string, ifRange?: string): Promise<Buffer> {
    const content = await steps.get(ExportDownloads).open(id, auditor, { range, ifRange }, noHeader);
    return buffer(content.stream);
  }

  async function eventsOf(id: string): Promise<readonly string[]> {
    return (await steps.trail.listEvents(`export:${id}`)).map(
      ({ event }) => (JSON.parse(event) as { readonly type: string }).type,
    );
  }

  it('is a list of her own bank alone, masked, whole and under the sum that she is told', async () => {
    const id = await order();
    expect(await workers.runOnce()).toBe(1);
    const ready = await read(id);
    const zip = await fetch(id);
    expect(ready).toMatchObject({
      state: 'ready',
      progress: { expected: CONSENTS, consents: CONSENTS, erased: 0 },
      result: { size: zip.length, sha256: createHash('sha256').update(zip).digest('hex') },
    });
    const files = await checkedExport(zip);
    const lines = files.get('index.csv')!.toString('utf8').trimEnd().split('\r\n');
    expect(lines).toHaveLength(1 + CONSENTS);
    expect(lines.filter((line) => line.includes(first.consentId))).toHaveLength(1);
    expect(zip.includes('bank-b')).toBe(false);
    expect(zip.includes(String(first.completion.personalNumber))).toBe(false);
    // A certificate names its person, so there is no signature in it.
    const names = [...files.keys()].filter((name) => name.includes('/')).map((name) => name.split('/')[1]);
    expect([...new Set(names)].sort()).toEqual(['report.en.txt', 'report.sv.txt']);
    expect(await recordedBy(steps, id)).toEqual(Array.from({ length: CONSENTS }, () => 1));
    expect(await eventsOf(id)).toEqual(['export.ordered', 'export.ready', 'export.downloaded']);
  });

  it('is sent in parts, as her download needs them', async () => {
    const id = await order();
    await workers.runOnce();
    const zip = await fetch(id);
    const { sha256, size } = (await read(id))['result'] as { readonly sha256: string; readonly size: number };
    const parts = [await fetch(id, 'bytes=0-65535'), await fetch(id, 'bytes=65536-', `"${sha256}"`)];
    expect(Buffer.concat(parts)).toEqual(zip);
    expect(await fetch(id, 'bytes=-10')).toEqual(zip.subarray(-10));
    expect(await fetch(id, 'bytes=5-9', '"another"')).toEqual(zip);
    const headers = new Map<string, string>();
    const beyond = steps
      .get(ExportDownloads)
      .open(id, auditor, { range: `bytes=${size}-`, ifRange: undefined }, (name, value) => headers.set(name, value));
    await expect(beyond).rejects.toMatchObject({ code: 'request.range-not-satisfiable' });
    expect(headers.get('Content-Range')).toBe(`bytes */${size}`);
  });

  it('is the same one by its identifier in capitals', async () => {
    const id = await order();
    await workers.runOnce();
    expect(await fetch(id.toUpperCase())).toEqual(await fetch(id));
    await steps.get(ExportOrders).delete(id.toUpperCase(), auditor);
    expect((await eventsOf(id)).at(-1)).toBe('export.deleted');
  });

  it('holds the evidence folder of one consent that she names', async () => {
    const id = await order({ format: 'folders', consentId: first.consentId });
    await workers.runOnce();
    expect(await read(id)).toMatchObject({ state: 'ready', progress: { expected: 1, consents: 1 }, period: null });
    const files = await checkedExport(await fetch(id));
    const inFolder = [...files.keys()].filter((name) => name.includes(`_2026-11-22_${first.consentId}/`));
    expect(inFolder).toHaveLength(14);
    expect(JSON.parse(files.get('manifest.json')!.toString())).toMatchObject({
      ...{ v: 2, exportId: id, format: 'folders', requestedBy: auditor.clientId, count: 1, erased: 0 },
      filter: { consent: first.consentId, days: null, states: ['signed'] },
    });
    expect(await eventsOf(id)).toEqual(['export.ordered', 'export.ready', 'export.downloaded']);
  });

  it('waits until all evidence of its period has a number in the ledger, and a published head has it', async () => {
    const late = await steps.accept({ bank: 'bank-c' });
    later(5 * MINUTE_MS);
    const of = auditorOf('bank-c');
    const id = await order({}, of);
    expect(await workers.runOnce()).toBe(1);
    expect(await read(id, of)).toMatchObject({ state: 'running', progress: { consents: 0 } });
    await numberEvidence(steps);
    later(MINUTE_MS);
    await workers.runOnce();
    expect(await read(id, of)).toMatchObject({ state: 'running', progress: { consents: 0 } });
    await steps.advanceLedger('bank-c');
    later(MINUTE_MS);
    await workers.runOnce();
    expect(await read(id, of)).toMatchObject({ state: 'ready', progress: { consents: 1 } });
    expect(await recordedBy(steps, id)).toEqual([1]);
    expect(late.bank).toBe('bank-c');
  });

  it('does not exist for an auditor of another bank, nor for another of her bank', async () => {
    const id = await order();
    await workers.runOnce();
    for (const other of [
      auditorOf('bank-b'),
      auditorOf('bank-a', 'second-auditor'),
      auditorOf('bank-b', auditor.clientId),
    ]) {
      const content = steps.get(ExportDownloads).open(id, other, { range: undefined, ifRange: undefined }, noHeader);
      for (const refused of [read(id, other), content, steps.get(ExportOrders).delete(id, other)])
        await expect(refused).rejects.toMatchObject({ code: 'export.not-found' });
    }
    const foreign = { format: 'folders', consentId: first.consentId, purpose: 'audit' } as ExportOrderRequestDto;
    await expect(steps.get(ExportOrders).place(foreign, auditorOf('bank-b'))).rejects.toMatchObject({
      code: 'evidence.not-found',
    });
  });

  it('fails where the disk is full, and its key is destroyed', async () => {
    const id = await order();
    const work = { run: () => Promise.reject(Object.assign(new Error('no space'), { code: 'ENOSPC' })) };
    const full = new ExportWorkers(
      steps.database.database,
      work as unknown as ExportWork,
      steps.get(ExportResults),
      steps.get(ExportJournal),
      new Workers({ workers: false }),
    );
    expect(await full.runOnce()).toBe(1);
    expect(await read(id)).toMatchObject({ state: 'failed', failure: 'full', result: null });
    expect(await keyOf(id)).toBeUndefined();
    await expect(fetch(id)).rejects.toMatchObject({ code: 'export.gone' });
  });

  it('is refused while the folder of results is gone, and fails if it was ordered before', async () => {
    const id = await order();
    rmSync(directory, { recursive: true });
    try {
      await expect(order()).rejects.toMatchObject({ code: 'export.unavailable' });
      await workers.runOnce();
      expect(await read(id)).toMatchObject({ state: 'failed', failure: 'unwritable' });
    } finally {
      mkdirSync(directory, { mode: 0o700 });
    }
  });

  it('can be read no more after she deleted it, nor after 72 hours', async () => {
    const [deleted, old] = [await order(), await order()];
    await workers.runOnce();
    await workers.runOnce();
    await steps.get(ExportOrders).delete(deleted, auditor);
    await expect(steps.get(ExportOrders).delete(deleted, auditor)).rejects.toMatchObject({ code: 'export.gone' });
    later(72 * 60 * MINUTE_MS);
    await workers.sweepOnce();
    expect([(await read(deleted))['state'], (await read(old))['state']]).toEqual(['deleted', 'expired']);
    for (const id of [deleted, old]) {
      expect(await keyOf(id)).toBeUndefined();
      await expect(fetch(id)).rejects.toMatchObject({ code: 'export.gone' });
      expect(readdirSync(directory).filter((name) => name.startsWith(id))).toEqual([]);
    }
  });

  it('can be read no more after evidence in it was erased, and the next one says that it is missing', async () => {
    const id = await order();
    await workers.runOnce();
    await steps.database.asOwner('delete from data_key where subject = $1', [
      consentSubject('bank-a', first.consentId),
    ]);
    expect(await keyOf(id)).toBeUndefined();
    await expect(fetch(id)).rejects.toMatchObject({ code: 'export.gone' });
    expect(await read(id)).toMatchObject({ state: 'expired' });
    await workers.sweepOnce();
    expect(readdirSync(directory).filter((name) => name.startsWith(id))).toEqual([]);
    const next = await order();
    await workers.runOnce();
    expect(await read(next)).toMatchObject({ state: 'ready', progress: { consents: CONSENTS - 1, erased: 1 } });
  });

  it('is sent no further when evidence in it is erased while it is downloaded', async () => {
    const id = await order();
    await workers.runOnce();
    const wanted = { range: undefined, ifRange: undefined };
    const { stream } = await steps.get(ExportDownloads).open(id, auditor, wanted, noHeader);
    await once(stream, 'readable');
    const member = '(select max(subject) from export_member where export_id = $1)';
    await steps.database.asOwner(`delete from data_key where subject = ${member}`, [id]);
    await setTimeout(STILL_KEPT_MS);
    await expect(buffer(stream)).rejects.toMatchObject({ code: 'export.gone' });
  });

  it('is unavailable, and counts as no download, where its file was cut off, altered or exchanged', async () => {
    const ids = [await order(), await order()] as const;
    expect([await workers.runOnce(), await workers.runOnce()]).toEqual([1, 1]);
    const [path, other] = ids.map((id) => join(directory, `${id}.1`)) as [string, string];
    const whole = readFileSync(path);
    for (const bytes of [whole.subarray(0, 100), Buffer.alloc(whole.length), readFileSync(other)]) {
      writeFileSync(path, bytes);
      await expect(fetch(ids[0])).rejects.toMatchObject({ code: 'export.unavailable' });
    }
    rmSync(path);
    await expect(fetch(ids[0], 'bytes=65536-')).rejects.toMatchObject({ code: 'export.unavailable' });
    expect(await eventsOf(ids[0])).toEqual(['export.ordered', 'export.ready']);
  });

  it('is refused to a client who has fifty that she has not deleted, and to no other', async () => {
    const [busy, other] = [auditorOf('bank-a', 'busy'), auditorOf('bank-a', 'other')];
    const ids: string[] = [];
    for (let n = 0; n < MAX_ORDERS; n += 1) ids.push(await order({}, busy));
    await expect(order({}, busy)).rejects.toMatchObject({ code: 'request.too-many' });
    await steps.get(ExportOrders).delete(await order({}, other), other);
    for (const id of ids) await steps.get(ExportOrders).delete(id, busy);
    await steps.get(ExportOrders).delete(await order({}, busy), busy);
  });

  it('is given up after five attempts that came no further', async () => {
    const id = await order();
    for (let n = 0; n < 5; n += 1) {
      const now = steps.clock.now();
      const claimed = await claimExportOrder(steps.database.database, now, addMs(now, MINUTE_MS));
      expect(claimed).toMatchObject({ exportId: id });
      later(MINUTE_MS);
    }
    expect(await workers.runOnce()).toBe(0);
    await workers.sweepOnce();
    expect(await read(id)).toMatchObject({ state: 'failed', failure: 'gave-up' });
  });

  async function keyOf(id: string): Promise<unknown> {
    return (await steps.database.asOwner('select 1 as found from data_key where subject = $1', [`export:${id}`]))[0];
  }
});

import { createWriteStream, existsSync } from 'node:fs';
import { PassThrough, Writable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { findChainFaults } from '../../src/audit/check-chain.ts';
import { parseExportRequest, type ExportRequest } from '../../src/compliance/export-request.ts';
import type { Exports } from '../../src/compliance/exports.ts';
import type { Database, Scope } from '../../src/database/database.ts';
import { DomainError } from '../../src/kernel/errors.ts';
import type { Seals } from '../../src/seals/seals.ts';
import { consentSubject } from '../../src/kernel/subject.ts';
import { exportParts, numberEvidence } from '../support/evidence/export-parts.ts';
import { Sealing } from '../support/seals/sealing.ts';
import { EvidenceSteps } from '../support/evidence/evidence-steps.ts';

const CONSENTS = 150;
const PAGE = 64;
const request = parseExportRequest({ from: '2026-01-01', to: '2027-01-01', purpose: 'Revision' }, 'operator:eva');

describe('an export of many consents', () => {
  let steps: EvidenceSteps;
  let exports: Exports;
  let sealing: Sealing;
  let consentIds: readonly string[];
  let subjects: readonly string[];

  function exportsOn(database: Database): Exports {
    return exportParts(steps, sealing.seals, { database }).exports;
  }

  beforeAll(async () => {
    steps = await EvidenceSteps.start();
    sealing = await Sealing.open(steps.clock.now());
    exports = exportsOn(steps.database.database);
    const accepted = [];
    for (let n = 0; n < CONSENTS; n += 1) accepted.push(await steps.accept());
    await numberEvidence(steps);
    consentIds = accepted.map(({ consentId }) => consentId);
    subjects = accepted.map(({ bank, consentId }) => consentSubject(bank, consentId));
  }, 120_000);
  afterAll(() => steps.stop());

  /** The consents that are recorded as exported, by the id of their export. */
  async function recorded(): Promise<ReadonlyMap<string, readonly string[]>> {
    const found = await steps.database.asOwner(
      `select subject, event::jsonb -> 'detail' ->> 'exportId' as id from audit_event where type = 'evidence.exported'`,
    );
    return Map.groupBy(
      found.map(({ subject }) => String(subject).split(':')[2] ?? ''),
      (_, n) => String(found[n]?.['id']),
    );
  }

  /** The statements of an export. */
  async function sentBy(of: ExportRequest): Promise<readonly string[]> {
    const sent: string[] = [];
    const counting = Object.create(steps.database.database) as Database;
    counting.query = (sql, ...rest) => {
      sent.push(sql);
      return steps.database.database.query(sql, ...rest);
    };
    const out = new PassThrough();
    await Promise.all([buffer(out), exportsOn(counting).writeExport(of, out)]);
    return sent;
  }

  it('is refused before its first byte where the installation cannot seal it', async () => {
    const unable = {
      checkConfigured: () => {
        throw new DomainError('evidence.no-bundle');
      },
    };
    const out = new PassThrough();
    const refused = exportParts(steps, unable as unknown as Seals).exports.writeExport(request, out);
    await expect(refused).rejects.toMatchObject({ code: 'evidence.no-bundle' });
    expect(out.readableLength).toBe(0);
  });

  it('records each of them once, without a gap, while others write to the same chains and export the same', async () => {
    const event = { type: 'consent.read', at: steps.clock.now(), actor: 'bank', detail: {} };
    const run = async (): Promise<string> => {
      const out = new PassThrough();
      const [, { exportId, count }] = await Promise.all([buffer(out), exports.writeExport(request, out)]);
      expect(count).toBe(CONSENTS);
      return exportId;
    };
    const others = async (): Promise<void> => {
      for (const subject of subjects.toReversed()) await steps.trail.appendStandalone(subject, event);
    };
    const [one, two] = await Promise.all([run(), run(), others()]);
    const events = await recorded();
    for (const id of [one, two]) expect(events.get(id)?.toSorted()).toEqual(consentIds.toSorted());
    const chains = await Promise.all(subjects.map((subject) => steps.trail.listEvents(subject)));
    // The authorisation, the two exports and the other event.
    expect(chains.every(({ length }) => length === 4)).toBe(true);
    expect(findChainFaults(chains.flat())).toEqual([]);
  });

  it('sends six SELECTs and one INSERT a page, however many consents are on it', async () => {
    const sent = await sentBy(request);
    const pages = Math.ceil(CONSENTS / PAGE);
    // The pages and the one that is empty; the events of the export itself are the trail's own.
    const kinds = [
      'from authorisation a join consent c',
      'join evidence e',
      'from data_key',
      'from bankid_answer',
      'from audit_event where subject = any',
      'join ledger_audit_head',
      'insert into audit_event',
    ];
    const counts = kinds.map((kind) => sent.filter((sql) => sql.includes(kind)).length);
    expect(counts).toEqual([pages + 1, pages, pages, pages, pages, pages, pages]);
    expect(sent).toHaveLength(1 + 7 * pages + 1);
  });

  it('reads no events where it is a list, which has none', async () => {
    const sent = await sentBy({ ...request, format: 'list' });
    expect(sent.filter((sql) => /from audit_event where|join ledger_audit_head/.test(sql))).toEqual([]);
    expect(sent).toHaveLength(1 + 5 * Math.ceil(CONSENTS / PAGE) + 1);
  });

  it('hands each folder over as one chunk that holds no other memory, however long its reader keeps it', async () => {
    const folders: Buffer[] = [];
    const out = new Writable({
      write(chunk: Buffer, _encoding, done) {
        if (/^.{30}\d{6}_[\d-]{10}_[0-9a-f-]{36}\/bankid-root\.pem/s.test(chunk.toString('latin1')))
          folders.push(chunk);
        done();
      },
    });
    await exports.writeExport(request, out);
    expect(folders).toHaveLength(CONSENTS);
    expect(folders.every((chunk) => chunk.includes('/VERIFY.txt'))).toBe(true);
    expect(folders.filter((chunk) => chunk.buffer.byteLength !== chunk.length)).toEqual([]);
  });

  it('has recorded a consent before a byte of it leaves, and at most a page more where its reader goes away', async () => {
    const before = new Set((await recorded()).keys());
    const arrived = new Set<string>();
    const unrecorded: string[] = [];
    const out = new Writable({
      highWaterMark: 1,
      write(chunk: Buffer, _encoding, done) {
        const names = [...chunk.toString('latin1').matchAll(/([0-9a-f-]{36})\/bankid-root\.pem/g)];
        for (const [, id = ''] of names) arrived.add(id);
        const look = async (): Promise<void> => {
          const ours = [...(await recorded())].find(([id]) => !before.has(id))?.[1] ?? [];
          for (const [, id = ''] of names) if (!ours.includes(id)) unrecorded.push(id);
          if (arrived.size === 70) throw Object.assign(new Error('gone'), { code: 'EPIPE' });
        };
        look().then(() => done(), done);
      },
    });
    await expect(exports.writeExport(request, out)).rejects.toMatchObject({ code: 'EPIPE' });
    expect(unrecorded).toEqual([]);
    const [[id, ours] = ['', []]] = [...(await recorded())].filter(([one]) => !before.has(one));
    expect(arrived.size).toBe(70);
    expect([...arrived].every((one) => ours.includes(one))).toBe(true);
    expect(ours.length).toBeLessThan(arrived.size + PAGE);
    const own = await steps.trail.listEvents(`export:${id}`);
    expect(own.map(({ event }) => (JSON.parse(event) as { type: string }).type)).toEqual([
      'export.started',
      'export.failed',
    ]);
  });

  it('ends by the name of the failure where the disk is full', async () => {
    if (!existsSync('/dev/full')) return;
    await expect(exports.writeExport(request, createWriteStream('/dev/full'))).rejects.toMatchObject({
      code: 'ENOSPC',
    });
  });

  it('ends where the database fails between two pages, and claims nothing of the rest', async () => {
    const failing = Object.create(steps.database.database) as Database;
    let inserts = 0;
    failing.query = (sql, ...rest): ReturnType<Scope['query']> => {
      if (sql.includes('insert into audit_event') && ++inserts === 2) return Promise.reject(new Error('no connection'));
      return steps.database.database.query(sql, ...rest);
    };
    const before = new Set((await recorded()).keys());
    const out = new PassThrough();
    let bytes = '';
    out.on('data', (chunk: Buffer) => (bytes += chunk.toString('latin1')));
    await expect(exportsOn(failing).writeExport(request, out)).rejects.toThrow('no connection');
    const [[, ours] = ['', []]] = [...(await recorded())].filter(([one]) => !before.has(one));
    const left = new Set([...bytes.matchAll(/([0-9a-f-]{36})\/bankid-root\.pem/g)].map(([, id = '']) => id));
    expect(left.size).toBeLessThanOrEqual(PAGE);
    expect(ours).toHaveLength(PAGE);
    expect([...left].every((id) => ours.includes(id))).toBe(true);
  });
});

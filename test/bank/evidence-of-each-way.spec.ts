import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { AuditReading } from '../../src/compliance/audit-reading.ts';
import { parseExportRequest } from '../../src/compliance/export-request.ts';
import { Exports } from '../../src/compliance/exports.ts';
import { CircumstancesDto } from '../../src/compliance/read/circumstances.dto.ts';
import { StoredRows } from '../../src/compliance/reverify/stored-rows.ts';
import type { BegunSigning } from '../../src/consent/backchannel-signing.ts';
import { canonicalJson } from '../../src/crypto/json/canonical-json.ts';
import { Database } from '../../src/database/database.ts';
import type { Evidence } from '../../src/evidence/evidence.ts';
import { EvidenceStore } from '../../src/evidence/evidence-store.ts';
import { evidenceFolder } from '../../src/evidence-files/evidence-folder.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import { runCli } from '../support/commands/run-cli.ts';
import { tamper } from '../support/database/tamper.ts';
import { redigested } from '../support/evidence/evidence-folders.ts';
import { BackchannelSteps, starts, type BackchannelWay } from '../support/parties/backchannel-steps.ts';
import { quick, TestSystem } from '../support/system/system.ts';

const ways = Object.keys(starts) as BackchannelWay[];
const always = { from: new Date('2000-01-01T00:00:00Z'), to: new Date('2100-01-01T00:00:00Z') };
const work = mkdtempSync(join(tmpdir(), 'sigill-ways-'));

let steps: BackchannelSteps;
const begun = new Map<BackchannelWay, BegunSigning>();
beforeAll(async () => {
  steps = new BackchannelSteps(await TestSystem.start({ timings: quick, simulator: { clock: systemClock } }));
  for (const way of ways) begun.set(way, await steps.authorised(way));
}, 60_000);
afterAll(async () => {
  rmSync(work, { recursive: true, force: true });
  await steps.stop();
});

async function evidenceOf(way: BackchannelWay): Promise<Evidence> {
  const { consentId, bank } = begun.get(way)!;
  const store = steps.get(EvidenceStore);
  const [kept] = await store.findEvidence(steps.get(Database), consentId, bank);
  return store.getEvidence(kept!.evidenceId, bank);
}

const circumstancesOf = (evidence: Evidence): Record<string, unknown> =>
  JSON.parse(String(new Map(evidenceFolder(evidence)).get('circumstances.json'))) as Record<string, unknown>;

/** Verifies the folder as anybody can, without the service. */
async function verified(evidence: Evidence, language: 'en' | 'sv' = 'en'): Promise<{ code: number; stdout: string }> {
  const folder = mkdtempSync(join(work, 'folder-'));
  for (const [name, bytes] of evidenceFolder(evidence)) writeFileSync(join(folder, name), bytes);
  const root = join(work, 'root.pem');
  writeFileSync(root, evidence.root);
  return runCli('verify', folder, '--trust-unpinned', root, '--lang', language);
}

const differences = async (): Promise<readonly unknown[]> =>
  (await steps.get(StoredRows).compare(always)).differences.map(({ consentId, column }) => [consentId, column]);

describe('the evidence of a payment', () => {
  it.each(ways)('by %s says how it was signed, in the form that the API describes', async (way) => {
    const circumstances = circumstancesOf(await evidenceOf(way));
    const described = plainToInstance(CircumstancesDto, circumstances);
    expect(validateSync(described, { whitelist: true, forbidNonWhitelisted: true })).toEqual([]);
    const stated = { ...starts[way], way: undefined, returnUrl: undefined, origin: 'stated-by-client' };
    expect(circumstances).toMatchObject({
      channel: starts[way].way === 'phone' ? { way, callInitiator: 'user' } : { way },
      order: { returnNonceCameBack: way === 'app' },
      relay: {
        app: { binding: 'returned-with-request-key', risk: 'low' },
        qr: { binding: 'none', risk: 'low' },
        phone: { binding: 'none', risk: 'absent' },
      }[way],
    });
    expect(circumstances['statedDevice']).toEqual(way === 'phone' ? undefined : stated);
    expect(circumstances['browser']).toBeUndefined();
    expect(JSON.stringify(circumstances)).not.toContain('same-device');
  });

  it.each([
    [
      'app',
      [
        'in an app of the third-party provider',
        'which proved its key; that does not prove one device',
        '192.0.2.44, stated by',
      ],
    ],
    [
      'qr',
      [
        'by a QR code that the third-party provider showed',
        'nothing ties the BankID to what asked',
        '192.0.2.45, stated by',
      ],
    ],
    ['phone', ['in a phone call that the payer made', 'nothing ties the BankID to what asked', 'BankID gave none']],
  ] as const)('by %s is verified by sigill verify, and its report says the same', async (way, said) => {
    const { code, stdout } = await verified(await evidenceOf(way));
    expect([code, stdout.split('\n')[0]]).toEqual([0, 'UNPINNED  TOTAL-PASSED']);
    for (const words of said) expect(stdout).toContain(words);
    expect((await verified(await evidenceOf(way), 'sv')).code).toBe(0);
  });

  it('is in an export, whose index says way and caller, and that is verified as a whole', async () => {
    const out = new PassThrough();
    const words = { from: '2000-01-01', to: '2100-01-01', purpose: 'Revision' };
    const request = parseExportRequest(words, 'operator:eva');
    const [zip] = await Promise.all([buffer(out), steps.get(Exports).writeExport(request, out)]);
    const [archive, root] = [join(work, 'export.zip'), join(work, 'root.pem')];
    writeFileSync(archive, zip);
    writeFileSync(root, (await evidenceOf('app')).root);
    const issuers = join(work, 'issuers.pem');
    writeFileSync(issuers, steps.world.simulator.trustServices.rootPem);
    const trust = ['--trust-unpinned', root, '--seal-trust', issuers, '--tsa-trust', issuers];
    expect((await runCli('verify', archive, ...trust)).code).toBe(0);
    // Its members are stored, not compressed.
    for (const cells of [',app,,', ',qr,,', ',phone,user,']) expect(zip.toString('latin1')).toContain(cells);
  });

  it('of another way than was signed is no match', async () => {
    const evidence = await evidenceOf('phone');
    const circumstances = canonicalJson({ ...circumstancesOf(evidence), channel: { way: 'app' } });
    const { code, stdout } = await verified(redigested({ ...evidence, circumstances }));
    expect([code, stdout.includes('channel')]).toEqual([1, true]);
  });

  it('is compared with its rows: another way, or another caller, is named', async () => {
    expect(await differences()).toEqual([]);
    const { consentId } = begun.get('phone')!;
    const change = (set: string): Promise<number> =>
      tamper(steps.database, 'consent', `update consent set ${set} where id = $1`, [consentId]);
    await change(`call_initiator = 'RP'`);
    expect(await differences()).toEqual([[consentId, 'consent.call_initiator']]);
    await change(`way = 'qr', call_initiator = null`);
    expect(await differences()).toEqual([
      [consentId, 'consent.way'],
      [consentId, 'consent.call_initiator'],
    ]);
    await change(`way = 'phone', call_initiator = 'user'`);
    expect(await differences()).toEqual([]);
  });

  it('has a chain of events in which nothing is missing', async () => {
    expect((await steps.get(AuditReading).verify()).findings).toEqual([]);
  });
});

import { buffer } from 'node:stream/consumers';
import type { Caller } from '../../../src/client-auth/access.ts';
import { ExportDownloads } from '../../../src/compliance/orders/export-downloads.ts';
import { ExportOrders } from '../../../src/compliance/orders/export-orders.ts';
import type { ExportWorkers } from '../../../src/compliance/orders/export-workers.ts';
import type { ExportOrderRequestDto } from '../../../src/compliance/orders/exports.dto.ts';
import { addMs, MINUTE_MS } from '../../../src/kernel/clock.ts';
import type { JsonObject } from '../../../src/kernel/json.ts';
import { Envelope } from '../../../src/vault/envelope.ts';
import { checkedExport } from '../../support/evidence/checked-export.ts';
import { EvidenceSteps } from '../../support/evidence/evidence-steps.ts';
import { exportParts, numberEvidence } from '../../support/evidence/export-parts.ts';
import { Sealing } from '../../support/seals/sealing.ts';

const auditor = { clientId: 'auditor-of-a', name: 'a', role: 'auditor', bank: 'bank-a' } as unknown as Caller;
const atOnce = { ms: 0, signal: new AbortController().signal };
const OTHER = { personalNumber: '191212121212', givenName: 'Tolvan', surname: 'Tolvansson' };

describe('an export of what is named', () => {
  let steps: EvidenceSteps;
  let workers: ExportWorkers;
  let first: Awaited<ReturnType<EvidenceSteps['accept']>>;

  beforeAll(async () => {
    steps = await EvidenceSteps.start();
    first = await steps.accept();
    await steps.accept();
    await steps.accept({ payer: OTHER });
    await numberEvidence(steps);
    await steps.advanceLedger('bank-a');
    const consume = `update consent set state = 'consumed', ended_at = $2, payment_reference = 'pay-17', execution = 'pending',
                            consume_request_hash = '\\x00', consume_answer = '{}' where id = $1`;
    await steps.database.asOwner(consume, [first.consentId, steps.clock.now()]);
    steps.clock.stopAt(addMs(steps.clock.now(), 5 * MINUTE_MS));
    ({ workers } = exportParts(steps, (await Sealing.open(steps.clock.now())).seals));
  }, 120_000);
  afterAll(() => steps.stop());

  async function order(change: Partial<ExportOrderRequestDto>): Promise<string> {
    const to = addMs(steps.clock.now(), -MINUTE_MS).toISOString();
    const period = change.consentId === undefined ? { from: '2026-01-01T00:00:00Z', to } : {};
    const placed = await steps
      .get(ExportOrders)
      .place({ format: 'list', ...period, purpose: 'audit', ...change }, auditor);
    await workers.runOnce();
    return placed['exportId'] as string;
  }

  const read = (id: string): Promise<JsonObject> => steps.get(ExportOrders).read(id, auditor, atOnce);

  async function fetch(id: string): Promise<ReadonlyMap<string, Buffer>> {
    const whole = { range: undefined, ifRange: undefined };
    const { stream } = await steps.get(ExportDownloads).open(id, auditor, whole, () => undefined);
    return checkedExport(await buffer(stream));
  }

  it.each([
    ['a payment', { paymentReference: 'pay-17' }, 1],
    ['a payment that there is not', { paymentReference: 'pay-18' }, 0],
    ['the other person', { payer: OTHER.personalNumber }, 1],
    ['a person without a consent', { payer: '198506152399' }, 0],
    ['a payment of another person', { payer: OTHER.personalNumber, paymentReference: 'pay-17' }, 0],
  ])('has that alone, and says of each other that it was not named: %s', async (_, names, consents) => {
    const id = await order(names);
    expect(await read(id)).toMatchObject({
      ...{ state: 'ready', names: Object.keys(names) },
      progress: { expected: consents, consents },
    });
    const manifest = JSON.parse((await fetch(id)).get('manifest.json')!.toString()) as JsonObject;
    expect(manifest).toMatchObject({
      filter: { payer: 'payer' in names, reference: 'paymentReference' in names ? names.paymentReference : null },
      ledger: { first: 1, last: 3, exported: consents, omitted: { 'not-named': 3 - consents } },
    });
  });

  it('repeats the number of the person in no row, event, answer or file, nor its hash in a row', async () => {
    const payer = OTHER.personalNumber;
    const id = await order({ payer });
    const [row] = await steps.database.asOwner(
      'select to_jsonb(o)::text as said from export_order o where export_id = $1',
      [id],
    );
    const events = (await steps.trail.listEvents(`export:${id}`)).map(({ event }) => event);
    const files = [...(await fetch(id)).values()].map((bytes) => bytes.toString('latin1'));
    const hashes = steps
      .get(Envelope)
      .lookupHashes('payer', payer)
      .map((hash) => hash.toString('hex'));
    const told = JSON.stringify([row?.['said'], await read(id), events, files]);
    expect(told).toContain(`${payer.slice(0, 8)}****`);
    for (const secret of [payer, ...hashes]) expect(told).not.toContain(secret);
  });

  it.each([
    ['what is no personal number', { payer: '191212121213' }, '/payer'],
    [
      'a person beside one consent',
      { payer: OTHER.personalNumber, consentId: '0b4f7d0e-6f0a-4c51-9d3e-000000000002' },
      '/payer',
    ],
  ])('is refused for %s, without repeating it', async (_, names, pointer) => {
    const refused = order(names).catch((error: unknown) => error as Error);
    expect(await refused).toMatchObject({ code: 'request.malformed', pointer });
    expect(JSON.stringify([await refused, ((await refused) as Error).message])).not.toContain(names.payer);
  });

  it('has the receipt of each consent where it is ordered, masked, with its sum in the list', async () => {
    const id = await order({ receipts: true, payer: OTHER.personalNumber });
    const files = await fetch(id);
    const [name = '', receipt] = [...files].find(([path]) => path.endsWith('/receipt.pdf')) ?? [];
    expect(name).toMatch(/^00000[123]_2026-11-22_/);
    expect(receipt?.subarray(0, 5).toString()).toBe('%PDF-');
    expect(receipt?.includes(OTHER.personalNumber)).toBe(false);
  });
});

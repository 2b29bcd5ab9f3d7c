import { createHash } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { ExportDownloads } from '../../../src/compliance/orders/export-downloads.ts';
import type { ExportWorkers } from '../../../src/compliance/orders/export-workers.ts';
import { MINUTE_MS } from '../../../src/kernel/clock.ts';
import { ApprovalSteps, auditor, secondAuditor } from '../../support/approvals/approval-steps.ts';
import { tamper } from '../../support/database/tamper.ts';
import { checkedExport } from '../../support/evidence/checked-export.ts';
import { exportParts, numberEvidence } from '../../support/evidence/export-parts.ts';
import { publishLogs } from '../../support/ledger/published-logs.ts';
import { Sealing } from '../../support/seals/sealing.ts';

describe('an export that a second person has approved', () => {
  let steps: ApprovalSteps;
  let workers: ExportWorkers;

  beforeAll(async () => {
    steps = await ApprovalSteps.start();
    await numberEvidence(steps.evidence);
    await publishLogs(steps.evidence.world, 'bank-a');
    steps.later(5 * MINUTE_MS);
    const { seals } = await Sealing.open(steps.evidence.clock.now());
    ({ workers } = exportParts(steps.evidence, seals));
  }, 60_000);
  afterAll(() => steps.stop());

  async function fetch(id: string, caller = auditor): Promise<ReadonlyMap<string, Buffer>> {
    const whole = { range: undefined, ifRange: undefined };
    const downloads = steps.evidence.get(ExportDownloads);
    return checkedExport(await buffer((await downloads.open(id, caller, whole, () => undefined)).stream));
  }

  it('holds all signatures, and says in its manifest and for people how it was approved, without a name', async () => {
    const id = await steps.order();
    const token = await steps.provider.idToken('astrid', await steps.nonceOf(id));
    await steps.partsOf().approvals.approve(id, token, secondAuditor);
    await workers.runOnce();
    const files = await fetch(id);
    expect([...files.keys()].filter((name) => name.endsWith('/signature.b64'))).toHaveLength(2);
    const { approval } = JSON.parse(String(files.get('manifest.json'))) as { readonly approval: Approval };
    const { issuer } = steps.provider;
    const idTokenSha256 = createHash('sha256').update(token).digest('hex');
    expect(approval).toMatchObject({ method: 'id-token', issuer, idTokenSha256 });
    expect(createHash('sha256').update(approval.statement).digest('base64url')).toBe(await steps.nonceOf(id));
    expect(JSON.parse(approval.statement)).toMatchObject({
      exportId: id,
      requesterTokenSha256: approval.requesterTokenSha256,
      expected: 2,
    });
    expect(String(files.get('README.html'))).toContain(`by logging in at ${issuer}`);
    expect(String(files.get('manifest.json')) + String(files.get('README.html'))).not.toMatch(/astrid|rut\b|eyJ/);
    // The approver has a key of her own, and the result is for the client that ordered it.
    await expect(fetch(id, secondAuditor)).rejects.toMatchObject({ code: 'export.not-found' });
  });

  it('is not made where order or approval were altered after it', async () => {
    const alterations = [
      ['export_order', `update export_order set to_at = to_at + interval '1 day' where export_id = $1`],
      ['export_signatory', `delete from export_signatory where export_id = $1 and part = 'approver'`],
      ['export_signatory', `delete from export_signatory where export_id = $1 and part = 'requester'`],
    ] as const;
    for (const [table, sql] of alterations) {
      const id = await steps.order();
      await steps.approve(id, 'astrid');
      await tamper(steps.evidence.database, table, sql, [id]);
      await workers.runOnce();
      expect([sql, await steps.stateOf(id)]).toEqual([sql, 'failed']);
      expect((await steps.eventsOf(id)).at(-1)).toMatchObject({ detail: { failure: 'unapproved' } });
    }
  });
});

interface Approval {
  readonly statement: string;
  readonly requesterTokenSha256: string;
}

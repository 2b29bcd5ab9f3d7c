import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findChainFaults } from '../../../src/audit/check-chain.ts';
import { ExportRequestError, parseLoginExportRequest } from '../../../src/compliance/export-request.ts';
import { LoginExports } from '../../../src/compliance/login-exports.ts';
import type { Report } from '../../../src/verification/report.ts';
import { runCli } from '../../support/commands/run-cli.ts';
import { runOperatorCommand } from '../../support/commands/operator-command.ts';
import { EvidenceSteps } from '../../support/evidence/evidence-steps.ts';
import { LoginEvidence, recordOf, type CompletedLogin } from '../../support/evidence/login-evidence.ts';
import type { RawAnswer } from '../../support/parties/exchange.ts';
import type { RawClient } from '../../support/parties/raw-client.ts';

let steps: EvidenceSteps;
let logins: LoginEvidence;
/** Of the TPP, accepted, with a refused identification beside it. */
let login: CompletedLogin;

beforeAll(async () => {
  steps = await EvidenceSteps.start();
  logins = new LoginEvidence(steps, steps.pki);
  const clientId = steps.parties.tpp.id;
  login = await logins.accept({ facts: { clientId } });
  const refused = await logins.complete({ ocspStatus: 'revoked', facts: { clientId, loginId: login.facts.loginId } });
  const report = logins.verdict(refused) as Report;
  const record = recordOf(refused);
  await logins.inTransaction(refused, (tx, key) =>
    logins.store.appendUnaccepted(tx, key, 'refused', { report, record }),
  );
}, 120_000);
afterAll(() => steps.stop());

const read = async (party: RawClient, id: string, scope = 'consents'): Promise<RawAnswer> =>
  party.call(await party.machineToken(scope), 'GET', `/logins/${id}/evidence`);
const eventsOf = async ({ subject }: CompletedLogin) => {
  const events = await steps.trail.listEvents(subject);
  expect(findChainFaults(events)).toEqual([]);
  return events.map(({ event }) => JSON.parse(event) as Record<string, unknown>);
};

describe('the client of a login', () => {
  it('reads metadata and verdict of its own, without the person, and the reading is recorded', async () => {
    const { status, body } = await read(steps.parties.tpp, login.facts.loginId);
    expect(status).toBe(200);
    expect(body['evidence']).toMatchObject([
      { kind: 'accepted', loginId: login.facts.loginId, indication: 'TOTAL-PASSED', subIndication: null },
      { kind: 'refused', indication: 'TOTAL-FAILED', subIndication: 'REVOKED' },
    ]);
    const members = ['evidenceId', 'loginId', 'kind', 'clientId', 'environment', 'indication', 'subIndication'];
    const times = ['evidenceDigest', 'signedAt', 'receivedAt', 'storedAt', 'retentionEndsAt'];
    for (const one of body['evidence'] as object[]) expect(Object.keys(one)).toEqual([...members, ...times]);
    const said = JSON.stringify(body);
    for (const secret of [login.completion.personalNumber!, 'Andersson', login.completion.signature])
      expect(said).not.toContain(secret);
    expect((await eventsOf(login)).at(-1)).toMatchObject({ type: 'evidence.listed', actor: steps.parties.tpp.id });
  });

  it('finds nothing of another client, nor of what is no login, and a bank and its auditor may not ask', async () => {
    const { tpp, otherTpp, bank, auditor } = steps.parties;
    expect((await read(otherTpp, login.facts.loginId)).status).toBe(404);
    for (const id of ['00000000-0000-4000-8000-000000000000', 'x']) expect((await read(tpp, id)).status).toBe(404);
    expect((await read(bank, login.facts.loginId)).status).toBe(403);
    expect((await read(auditor, login.facts.loginId, 'evidence')).status).toBe(403);
  });
});

describe('the operator', () => {
  const words = { login: '', purpose: 'dispute, case 17' };
  const request = (change: object = {}) =>
    parseLoginExportRequest({ ...words, login: login.facts.loginId, ...change }, 'operator:eva');

  it('exports the evidence of a login with a purpose, which is recorded, and anybody can verify it', async () => {
    const out = join(steps.world.folder, 'login.zip');
    const args = ['export-login', login.facts.loginId, '--purpose', words.purpose, '--out', out, '--json'];
    const { code, stdout, stderr } = await runOperatorCommand(steps.world, args);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const exported = JSON.parse(stdout) as { kind: string; evidenceId: string; others: string[] };
    expect([exported.kind, exported.others.length, statSync(out).mode & 0o777]).toEqual(['accepted', 1, 0o600]);
    expect(readFileSync(out).toString('latin1')).toContain(`${exported.evidenceId}/login.json`);
    const pem = join(steps.world.folder, 'login-root.pem');
    writeFileSync(pem, steps.pki.relyingParty.signatureRootPem);
    const verified = await runCli('verify', out, '--trust-unpinned', pem, '--json');
    expect(JSON.parse(verified.stdout)).toMatchObject({
      indication: 'TOTAL-PASSED',
      matches: 'yes',
      scope: 'identification',
    });
    const detail = { evidenceId: exported.evidenceId, purpose: words.purpose };
    expect((await eventsOf(login)).at(-1)).toMatchObject({ type: 'evidence.exported', detail });
  });

  it('exports what was refused, by its id', async () => {
    const [, refused] = await logins.store.findOpened(login.facts.loginId);
    const { kind, evidenceId } = await steps.get(LoginExports).export(request({ evidence: refused!.evidenceId }));
    expect([kind, evidenceId]).toEqual(['refused', refused!.evidenceId]);
  });

  it('gets nothing without a purpose, with a personal number in it, or of what is not there', async () => {
    for (const purpose of ['', ' ', 'x'.repeat(201), `case of ${login.completion.personalNumber}`, 'a\nb'])
      expect(() => request({ purpose })).toThrow(ExportRequestError);
    expect(() => request({ login: 'x' })).toThrow(ExportRequestError);
    expect(() => request({ evidence: 'x' })).toThrow(ExportRequestError);
    const exports = steps.get(LoginExports);
    const before = (await eventsOf(login)).length;
    const none = request({ login: '00000000-0000-4000-8000-000000000000' });
    await expect(exports.export(none)).rejects.toThrow(ExportRequestError);
    const other = request({ evidence: '00000000-0000-4000-8000-000000000000' });
    await expect(exports.export(other)).rejects.toThrow(ExportRequestError);
    expect((await eventsOf(login)).length).toBe(before);
  });
});

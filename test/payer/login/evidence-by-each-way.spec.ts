import { describeTimeline } from '../../../src/cli/audit/describe-audit.ts';
import { AuditReading } from '../../../src/compliance/audit-reading.ts';
import { parseLoginExportRequest } from '../../../src/compliance/export-request.ts';
import { LoginExports } from '../../../src/compliance/login-exports.ts';
import { Reverification } from '../../../src/compliance/reverification.ts';
import { SignatureTrust } from '../../../src/evidence/signature-trust.ts';
import { languages } from '../../../src/evidence-files/report-phrases.ts';
import { formatReport } from '../../../src/evidence-files/report-text.ts';
import { verifyUpload } from '../../../src/evidence-files/upload.ts';
import { makeSettings, serverSettings } from '../../../src/evidence-files/verify-settings.ts';
import { newLoginId } from '../../../src/kernel/ids.ts';
import { loginSubject } from '../../../src/kernel/subject.ts';
import { tamper } from '../../support/database/tamper.ts';
import { LoginSteps, portal } from '../../support/login/login-steps.ts';
import { starts, type BackchannelWay } from '../../support/parties/backchannel-steps.ts';
import { anna } from '../../support/parties/consent-steps.ts';

let steps: LoginSteps;
beforeAll(async () => {
  steps = await LoginSteps.start();
});
afterAll(() => steps.stop());

describe('the evidence of a real login', () => {
  it.each(Object.keys(starts) as BackchannelWay[])('by %s is verified by anybody who has its folder', async (way) => {
    const { loginId } = await steps.authenticated(way, { person: anna, bindingMessage: 'K7-Q2' });
    const request = parseLoginExportRequest({ login: loginId, purpose: 'dispute' }, 'operator:eva');
    const { zip } = await steps.get(LoginExports).export(request);
    const { rootPem } = steps.get(SignatureTrust);
    const settings = makeSettings(serverSettings('sandbox', rootPem, undefined, steps.clock.now()));
    const report = await verifyUpload('application/zip', zip, settings);
    expect(report).toMatchObject({
      indication: 'TOTAL-PASSED',
      matches: 'yes',
      scope: 'identification',
      payer: 'bound',
      signer: { personalNumber: anna },
    });
    const channel = way === 'phone' ? ({ way, callInitiator: 'user' } as const) : { way };
    expect(formatReport(report, languages.sv)).toContain(languages.sv.login.channelOf(channel));
  });

  it('has the same verdict when it is verified again, by the expectation of its day', async () => {
    const always = { from: new Date('2000-01-01T00:00:00Z'), to: new Date('2100-01-01T00:00:00Z') };
    const { logins, verified, withoutEvidence, audit } = await steps.get(Reverification).run(always, 'operator:eva');
    expect(logins).toEqual({ verified: 3, erased: 0, changed: [], damaged: [] });
    expect([verified, withoutEvidence, audit.findings]).toEqual([0, [], []]);
  });
});

describe('the audit trail of a login', () => {
  const reading = (): AuditReading => steps.get(AuditReading);

  it('is read by its id, and says what happened to it', async () => {
    const begun = await steps.authenticated('qr');
    const timeline = await reading().readLogin(begun.loginId);
    expect(timeline).toMatchObject({ loginId: begun.loginId, state: 'authenticated', findings: [] });
    const types = timeline!.events.map(({ type }) => type);
    expect([types[0], types.at(-1)]).toEqual(['login.requested', 'login.authenticated']);
    expect(describeTimeline(timeline!)).toMatch(
      new RegExp(`^login ${begun.loginId}: authenticated; .*nothing is wrong`),
    );
    expect(await reading().readLogin(newLoginId())).toBeUndefined();
  });

  it.each([
    ['authenticated', () => steps.authenticated('qr'), 'login.authenticated'],
    ['cancelled', cancelled, 'login.cancelled'],
  ] as const)('cannot lose its end unnoticed once it is %s', async (_, end, type) => {
    const begun = await end();
    const subject = loginSubject(portal.id, begun.loginId);
    const faults = async () => (await reading().verify()).findings.filter((finding) => finding.subject === subject);
    expect(await faults()).toEqual([]);
    const sql =
      'delete from audit_event where subject = $1 and seq >= (select seq from audit_event where subject = $1 and type = $2)';
    expect(await tamper(steps.database, 'audit_event', sql, [subject, type])).toBeGreaterThan(0);
    expect(await faults()).toEqual([{ code: 'event-missing', subject, type }]);
  });

  async function cancelled() {
    const begun = await steps.ask('qr');
    await steps.logins.cancel(begun, 'client');
    return begun;
  }
});

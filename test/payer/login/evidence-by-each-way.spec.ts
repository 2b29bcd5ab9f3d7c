import { parseLoginExportRequest } from '../../../src/compliance/export-request.ts';
import { LoginExports } from '../../../src/compliance/login-exports.ts';
import { Reverification } from '../../../src/compliance/reverification.ts';
import { SignatureTrust } from '../../../src/evidence/signature-trust.ts';
import { languages } from '../../../src/evidence-files/report-phrases.ts';
import { formatReport } from '../../../src/evidence-files/report-text.ts';
import { verifyUpload } from '../../../src/evidence-files/upload.ts';
import { makeSettings, serverSettings } from '../../../src/evidence-files/verify-settings.ts';
import { LoginSteps } from '../../support/login/login-steps.ts';
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

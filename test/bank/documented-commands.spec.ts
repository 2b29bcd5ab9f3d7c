import { PayerBrowser } from '../../sandbox/payer-browser.ts';
import { describeCommands, shellBlocks, ShellSession } from '../support/commands/shell-session.ts';
import { anna, quick, TestSystem } from '../support/system/system.ts';

let system: TestSystem;
let shell: ShellSession;
beforeAll(async () => {
  system = await TestSystem.start({ timings: quick });
  shell = new ShellSession({ issuer: system.system.issuer, folder: system.folder });
});
afterAll(async () => {
  shell.close();
  await system.stop();
});

/** Runs a block with the service under test in place of the sandbox's, and these values where the document has `<name>`. */
function paste(block = '', values: Readonly<Record<string, string>> = {}): Promise<string> {
  const filled = Object.entries(values).reduce((text, [name, value]) => text.replaceAll(`<${name}>`, value), block);
  return shell.run(filled.replaceAll('http://localhost:3000', system.system.issuer));
}

/** The JSON that a block printed, whatever else it printed. */
function jsonIn(printed: string): Readonly<Record<string, unknown>> {
  return JSON.parse(/\{.*\}/s.exec(printed)?.[0] ?? '{}') as Record<string, unknown>;
}

/** The code with which the browser of Anna came back, after she has read the payment and signed it. */
async function signInBrowser(requestUri: string): Promise<string> {
  const authorizationUrl = new URL('/authorize', system.system.issuer);
  authorizationUrl.search = new URLSearchParams({ client_id: 'exempelbetal', request_uri: requestUri }).toString();
  const pushed = { authorizationUrl, codeVerifier: '', state: '' };
  const { browser, orderId } = await system.openInApp(pushed, new PayerBrowser());
  const signed = await system.app.sign(orderId, { personalNumber: anna });
  await browser.get(signed.returnUrl ?? '');
  await browser.waitFor('authorised');
  return (await browser.finish()).searchParams.get('code') ?? '';
}

describeCommands('docs/bank.md', () => {
  it('leads a bank from its attestation of the payee to evidence that it verifies itself', async () => {
    const [push, redeem, introspect, consume, report, read, verify, ...more] = shellBlocks('docs/bank.md');
    expect(more).toEqual([]);
    const { request_uri: requestUri } = jsonIn(await paste(push, { folder: system.folder }));
    await paste(redeem, { code: await signInBrowser(String(requestUri)) });
    const facts = jsonIn(await paste(introspect));
    expect(facts).toMatchObject({
      active: true,
      authorization_details: [{ remittanceInformationStructured: { referenceType: 'RF' } }],
      cnf: { jkt: expect.any(String) },
    });
    const consumed = jsonIn(await paste(consume));
    expect(consumed).toMatchObject({ state: 'consumed', evidenceDigest: facts['evidence_digest'] });
    expect(jsonIn(await paste(report))).toMatchObject({ execution: 'executed' });
    expect(jsonIn(await paste(read))).toMatchObject({ indication: 'TOTAL-PASSED' });
    const verified = await paste(verify);
    for (const words of [
      'TOTAL-PASSED',
      'Exempelbanken',
      'RF18 5390',
      'Namnet stämmer med kontot, enligt Exempelbanken AB',
    ])
      expect(verified).toContain(words);
  }, 120_000);
});

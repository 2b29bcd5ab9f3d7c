import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeJwt } from 'jose';
import { freePort } from '../../sandbox/free-port.ts';
import { scenarios } from '../../simulator/scenarios/scenarios.ts';
import { PayerBrowser } from '../../sandbox/payer-browser.ts';
import { eventually } from '../support/eventually.ts';
import { describeCommands, shellBlocks, ShellSession } from '../support/commands/shell-session.ts';
import { anna, quick, TestSystem } from '../support/system/system.ts';

const root = join(import.meta.dirname, '../..');

let system: TestSystem;
let shell: ShellSession;
/** Where the program of docs/examples waits for the payer. */
let redirectUri: string;
beforeAll(async () => {
  redirectUri = `http://localhost:${await freePort()}/callback`;
  system = await TestSystem.start({ timings: quick, redirectUri });
  shell = new ShellSession({ issuer: system.system.issuer, folder: system.folder });
});
afterAll(async () => {
  shell.close();
  await system.stop();
});

/** Runs a block with the service under test in place of the sandbox's, and these values where the document has `<name>`. */
async function paste(block: string, values: Readonly<Record<string, string>> = {}): Promise<string> {
  const filled = Object.entries(values).reduce((text, [name, value]) => text.replaceAll(`<${name}>`, value), block);
  const { issuer, simulator } = system.system;
  const here = filled
    .replaceAll('http://localhost:3000', issuer)
    .replaceAll('http://localhost:3002/', simulator.appUrl);
  const printed = await shell.run(here);
  expect(filled).not.toMatch(/<[a-z_]+>/);
  return printed;
}

/** The JSON that a block printed, whatever else it printed. */
function jsonIn(printed: string): Readonly<Record<string, string>> {
  return JSON.parse(/\{.*\}/s.exec(printed)?.[0] ?? '{}') as Record<string, string>;
}

describeCommands('docs/first-consent.md', () => {
  it('leads a TPP with curl from the push to a consumed consent, word by word', async () => {
    const blocks = shellBlocks('docs/first-consent.md');
    const [push, redeem, read, introspect, consume, look, revoke, program] = blocks;
    expect([blocks.length, program]).toEqual([8, expect.stringContaining('first-consent.mjs')]);

    const pushed = jsonIn(await paste(push ?? ''));
    const code = await codeFromBrowser(pushed['request_uri'] ?? '');
    const token = jsonIn(await paste(redeem ?? '', { code }));
    expect(token).toMatchObject({ token_type: 'DPoP', consent_id: pushed['consent_id'] });
    const values = { access_token: token['access_token'] ?? '', consent_id: pushed['consent_id'] ?? '' };
    expect(jsonIn(await paste(read ?? '', values))).toMatchObject({ state: 'authorised' });
    expect(jsonIn(await paste(introspect ?? ''))).toMatchObject({ active: true });
    const consumed = jsonIn(await paste(consume ?? ''));
    expect(consumed).toMatchObject({ consentId: pushed['consent_id'] });
    expect(jsonIn(await paste(consume ?? ''))).toEqual(consumed);
    expect(jsonIn(await paste(look ?? ''))).toMatchObject({ consentId: pushed['consent_id'], state: 'consumed' });
    expect((await paste(revoke ?? '')).trim()).toBe('409');
  }, 60_000);
});

describe('docs/examples/first-consent.mjs', () => {
  it('pushes with openid-client, waits for the payer, and prints what the token is good for', async () => {
    const args = [system.folder, system.system.issuer, redirectUri];
    const program = spawn(process.execPath, [join(root, 'docs/examples/first-consent.mjs'), ...args]);
    let printed = '';
    const ended = new Promise<number | null>((resolve) => program.once('close', resolve));
    const pushed = new Promise<URL>((resolve) => {
      program.stdout.on('data', (chunk: Buffer) => {
        printed += chunk.toString();
        const [, url] = /\n(http\S+)\n/.exec(printed) ?? [];
        if (url !== undefined) resolve(new URL(url));
      });
    });
    const returned = await signInBrowser(await pushed);
    expect(returned.href.startsWith(redirectUri)).toBe(true);
    expect(await (await fetch(returned)).text()).toBe('You may close this page.');
    expect([await ended, printed]).toEqual([0, expect.stringContaining('"creditorName": "Exempelbutiken AB"')]);
  }, 60_000);
});

describeCommands('docs/login.md', () => {
  it('leads a client with curl from the push to what /userinfo says', async () => {
    const blocks = shellBlocks('docs/login.md');
    const [push, redeem, read] = blocks;
    expect(blocks).toHaveLength(10);
    const pushed = jsonIn(await paste(push ?? ''));
    expect(Object.keys(pushed).sort()).toEqual(['expires_in', 'request_uri']);
    const code = await codeFromBrowser(pushed['request_uri'] ?? '', 'exempelbutiken');
    const token = jsonIn(await paste(redeem ?? '', { code }));
    const idToken = decodeJwt(token['id_token'] ?? '');
    expect(idToken).toMatchObject({ nonce: 'n-0S6_WzA2Mj', acr: 'urn:sigill:acr:bankid-identification', amr: ['mfa'] });
    const told = jsonIn(await paste(read ?? '', { access_token: token['access_token'] ?? '' }));
    expect(told).toMatchObject({ sub: idToken.sub, 'https://id.oidc.se/claim/personalIdentityNumber': anna });
  }, 60_000);
});

describeCommands('docs/login.md, without a browser,', () => {
  const [tools = '', ...ways] = shellBlocks('docs/login.md').slice(3);
  beforeAll(async () => {
    await paste('proof() { npm run -s proof -- "$@" --client exempelbutiken; }');
    await paste(tools);
  });

  it.each([
    ['an app', 0, 'urn:sigill:acr:bankid-identification'],
    ['a terminal', 2, 'urn:sigill:acr:bankid-identification'],
    ['a phone call', 4, 'urn:sigill:acr:bankid-identification-phone'],
  ])(
    'logs a person in from %s',
    async (_, at, acr) => {
      expect(jsonIn(await paste(ways[at] ?? ''))).toMatchObject({ expires_in: 180 });
      await untilDone();
      const token = jsonIn(await paste(ways[at + 1] ?? ''));
      expect(token).toMatchObject({ token_type: 'DPoP', access_token: expect.any(String) });
      expect(decodeJwt(token['id_token'] ?? '')).toMatchObject({ acr, amr: ['mfa'], aud: 'exempelbutiken' });
    },
    60_000,
  );
});

describeCommands('docs/backchannel.md', () => {
  const blocks = shellBlocks('docs/backchannel.md');
  const [tools = '', ...ways] = blocks;
  const [fromApp = '', launch = '', signInApp = '', back = '', appToken = ''] = ways;
  const [fromTerminal = '', signByQr = '', terminalToken = '', fromCall = '', signInCall = '', callToken = ''] =
    ways.slice(5);
  const granted = { token_type: 'DPoP', authorization_details: [{ creditorName: 'Exempelbutiken AB' }] };
  beforeAll(async () => {
    expect(blocks).toHaveLength(12);
    await paste(tools);
  });

  it('has a payment signed from an app, and hands in the nonce', async () => {
    expect(jsonIn(await paste(fromApp))).toMatchObject({ interval: 2, expires_in: 180 });
    expect(await paste(launch)).toContain('autostarttoken=');
    expect(await paste(signInApp)).toMatch(/^example\.appbetal:\/bankid\?sigill_nonce=[\w-]{20,}$/m);
    expect(await paste(back)).toBe('');
    await untilDone();
    expect(jsonIn(await paste(appToken))).toMatchObject(granted);
  }, 60_000);

  it('has a payment signed from a terminal', async () => {
    expect(await paste(fromTerminal)).toMatch(/^bankid\.[\w-]+\.\d+\.[0-9a-f]{64}$/m);
    expect(jsonIn(await paste(signByQr))).toMatchObject({ state: 'started', way: 'qr' });
    await untilDone();
    expect(jsonIn(await paste(terminalToken))).toMatchObject(granted);
  }, 60_000);

  it('has a payment signed in a phone call', async () => {
    expect(jsonIn(await paste(fromCall))).toMatchObject({ interval: 5, expires_in: 180 });
    expect(await paste(signInCall)).toContain('userSign');
    await untilDone();
    expect(jsonIn(await paste(callToken))).toMatchObject(granted);
  }, 60_000);
});

describeCommands('docs/sandbox.md', () => {
  const blocks = shellBlocks('docs/sandbox.md');
  const [list = '', next = '', ofPerson = '', none = '', newest = '', scan = '', ofOrder = '', wait = ''] = blocks;
  const [sign = '', cancel = ''] = blocks.slice(8);
  afterEach(() => system.app.clearScenarios());

  /** A payer whose page shows a QR code. */
  async function payer(): Promise<PayerBrowser> {
    const browser = new PayerBrowser();
    await browser.open((await system.push()).authorizationUrl);
    await browser.post(`${browser.interactionPath}/start/other`);
    return browser;
  }

  it('names the scenarios that there are, as the menu does', async () => {
    expect(blocks).toHaveLength(10);
    const document = readFileSync(join(root, 'docs/sandbox.md'), 'utf8');
    const rows = scenarios.map(({ id, en }) => `| \`${id}\` | ${en.happens} | ${en.tpp} | ${en.payer} |`);
    expect(document.match(/^\| `[a-z-]+` \| .* \| .* \| .* \|$/gm)).toEqual(rows);
    expect(jsonIn(await paste(list))['scenarios']).toHaveLength(rows.length);
  });

  it('plays one with the next order, word by word', async () => {
    expect(jsonIn(await paste(next))).toEqual({ next: 'high-risk', people: {} });
    const browser = await payer();
    await paste(newest);
    expect(jsonIn(await paste(scan))).toMatchObject({ order: { scenario: 'high-risk' } });
    await paste(sign);
    await browser.waitFor('risk');
  });

  it('plays one with the orders of a person, and takes it back', async () => {
    expect(await paste(ofPerson)).toBe('{"next":null,"people":{"198506152399":"revoked"}}{"next":null,"people":{}}');
    await paste(next);
    expect(jsonIn(await paste(none))).toEqual({ next: null, people: {} });
  });

  it('has a payer wait, sign and cancel over HTTP', async () => {
    const signing = await payer();
    await paste(newest);
    await paste(scan);
    expect(jsonIn(await paste(ofOrder))).toMatchObject({ order: { scenario: 'moderate-risk' } });
    expect(await paste(wait)).toContain('"hintCode":"userSign"');
    expect(jsonIn(await paste(sign))).toMatchObject({ order: { status: 'complete' } });
    await signing.waitFor('authorised');
    const cancelling = await payer();
    await paste(newest);
    await paste(scan);
    expect(jsonIn(await paste(cancel))).toMatchObject({ order: { hintCode: 'userCancel' } });
    await cancelling.waitFor('try-again');
  });

  it('shows the test of docs/examples', () => {
    const document = readFileSync(join(root, 'docs/sandbox.md'), 'utf8');
    const [, shown] = /```js\n(.*?)```/s.exec(document) ?? [];
    const [, ...program] = readFileSync(join(root, 'docs/examples/sandbox.test.mjs'), 'utf8').split('\n');
    expect(shown).toBe(program.join('\n'));
  });
});

/** So that the token is there when it is asked for, and no interval has to pass. */
async function untilDone(): Promise<void> {
  await eventually(async () => ((await shell.run("call GET ''")).includes('"state":"done"') ? true : undefined));
}

/** The code with which the browser of Anna comes back, who does what she is asked. */
async function codeFromBrowser(requestUri: string, clientId = 'exempelbetal'): Promise<string> {
  const address = new URL('/authorize', system.system.issuer);
  address.search = new URLSearchParams({ client_id: clientId, request_uri: requestUri }).toString();
  return (await signInBrowser(address)).searchParams.get('code') ?? '';
}

async function signInBrowser(authorizationUrl: URL): Promise<URL> {
  const pushed = { authorizationUrl, codeVerifier: '', state: '' };
  const { browser, orderId } = await system.openInApp(pushed, new PayerBrowser());
  const signed = await system.app.sign(orderId, { personalNumber: anna });
  await browser.get(signed.returnUrl ?? '');
  await browser.waitFor('authorised');
  return browser.finish();
}

import 'reflect-metadata';
import type { Browser, Page } from 'playwright-core';
import { createLogger } from '../../src/operations/logging.ts';
import { startVerifierServer, type VerifierServer } from '../../src/uploads/verifier-server.ts';
import { launchBrowser } from '../support/browser/browser.ts';
import { folderOf } from '../support/evidence/evidence-export.ts';
import { makeVector, now, relyingPartyName } from '../support/vectors/vector.ts';
import { zipOf } from '../support/evidence/zip-writer.ts';

const vector = makeVector();
const folder: ReadonlyMap<string, Buffer> = folderOf(vector);

describe('a person who drops evidence on the verify page', () => {
  let server: VerifierServer;
  let browser: Browser;
  let page: Page;
  /** What the browser complained about: a refused script or style, an exception. */
  const complaints: string[] = [];

  beforeAll(async () => {
    const config = {
      environment: 'sandbox',
      host: '127.0.0.1',
      port: 0,
      signatureRoot: vector.rootPem,
      relyingParty: relyingPartyName,
      logLevel: 'silent',
      tls: undefined,
      verdicts: undefined,
    } as const;
    server = await startVerifierServer(config, { now: () => now }, createLogger('silent'));
    browser = await launchBrowser();
    page = await browser.newPage();
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      const isFault = message.type() === 'error' && !/status of 4\d\d/.test(message.text());
      if (isFault) complaints.push(message.text());
    });
    await page.goto(`http://127.0.0.1:${server.port}/verify`);
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    await server.close();
  });

  /** The report in its frame: `passed` is green, `refused` red. */
  async function drop(...files: readonly (readonly [name: string, content: Buffer])[]): Promise<[string, string]> {
    await page.setInputFiles(
      '#files',
      files.map(([name, buffer]) => ({ name, buffer, mimeType: 'application/octet-stream' })),
    );
    const report = page.locator('#report.passed, #report.refused');
    await report.waitFor();
    return [(await report.getAttribute('class')) ?? '', (await report.textContent()) ?? ''];
  }

  const zip = (files: ReadonlyMap<string, Buffer>): [string, Buffer] => [
    'evidence.zip',
    zipOf([...files].map(([name, content]) => ({ name, content }))),
  ];

  it('reads the report of a folder, or of a signature with its OCSP response', async () => {
    const [kind, text] = await drop(zip(folder));
    expect([kind, text.split('\n')[0]]).toEqual(['passed', 'UNPINNED  TOTAL-PASSED']);
    const { signature, ocspResponse } = vector.completion;
    const files = [
      ['signature.b64', Buffer.from(signature)],
      ['answer.der', Buffer.from(ocspResponse ?? '', 'base64')],
    ] as const;
    expect(await drop(...files)).toEqual(['passed', expect.stringMatching(/^UNPINNED {2}TOTAL-PASSED\n/)]);
  });

  it('sees red where a file beside the signature is not what was signed, in either language', async () => {
    const changed = new Map(folder).set('visible-text.txt', Buffer.from('Betala 1 kr'));
    expect(await drop(zip(changed))).toEqual([
      'refused',
      expect.stringMatching(/^UNPINNED {2}NO MATCH {2}INDETERMINATE/),
    ]);
    await page.selectOption('#language', 'sv');
    expect(await drop(zip(changed))).toEqual([
      'refused',
      expect.stringMatching(/^UNPINNED {2}STÄMMER INTE {2}INDETERMINATE/),
    ]);
    await page.selectOption('#language', 'en');
  });

  it('reads why, where what was dropped is no evidence', async () => {
    expect(await drop(['evidence.zip', Buffer.from('no ZIP')])).toEqual(['refused', expect.stringMatching(/\S/)]);
    expect(await drop(['answer.ocsp', Buffer.from('0')])).toEqual([
      'refused',
      'There is no signature among the files.',
    ]);
  });

  it('had no browser complain about anything', () => {
    expect(complaints).toEqual([]);
  });
});

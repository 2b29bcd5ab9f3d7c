import 'reflect-metadata';
import type { Browser, Page } from 'playwright-core';
import { writeBundle } from '../../src/bundle/container.ts';
import { createLogger } from '../../src/operations/logging.ts';
import { startVerifierServer, type VerifierServer } from '../../src/uploads/verifier-server.ts';
import { launchBrowser } from '../support/browser/browser.ts';
import { folderOf } from '../support/evidence/evidence-export.ts';
import { Sealing } from '../support/seals/sealing.ts';
import { makeVector, now, relyingPartyName } from '../support/vectors/vector.ts';
import { zipOf } from '../support/evidence/zip-writer.ts';

const vector = makeVector();
const folder: ReadonlyMap<string, Buffer> = folderOf(vector);
type NamedFile = readonly [name: string, content: Buffer];

describe('a person who reads the verify page', () => {
  let server: VerifierServer;
  let sealing: Sealing;
  let browser: Browser;
  let page: Page;
  /** What the browser complained about: a refused script or style, an exception. */
  const complaints: string[] = [];

  beforeAll(async () => {
    sealing = await Sealing.open(now);
    const config = {
      environment: 'sandbox',
      host: '127.0.0.1',
      port: 0,
      signatureRoot: vector.rootPem,
      relyingParty: relyingPartyName,
      trust: { seals: [sealing.services.rootPem], timestamps: [sealing.services.rootPem], ledgerKeys: [] },
      logLevel: 'silent',
      tls: undefined,
      verdicts: undefined,
    } as const;
    server = await startVerifierServer(config, { now: () => now }, createLogger('silent'));
    browser = await launchBrowser();
    page = await openPage({ locale: 'en-GB' });
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    await server.close();
  });

  async function openPage(options: { readonly locale: string; readonly javaScriptEnabled?: false }): Promise<Page> {
    const opened = await (await browser.newContext(options)).newPage();
    opened.on('pageerror', (error) => complaints.push(error.message));
    opened.on('console', (message) => {
      const isFault = message.type() === 'error' && !/status of 4\d\d/.test(message.text());
      if (isFault) complaints.push(message.text());
    });
    await opened.goto(`http://127.0.0.1:${server.port}/verify`);
    return opened;
  }

  /** Chooses files, presses the button and reads the heading of what comes. */
  async function submit(on: Page, ...files: readonly NamedFile[]): Promise<string> {
    const mimeType = 'application/octet-stream';
    await on.evaluate('document.getElementById("verdict")?.removeAttribute("id")');
    await on.setInputFiles(
      '#files',
      files.map(([name, buffer]) => ({ name, buffer, mimeType })),
    );
    await on.click('#verify button');
    return textOf(on, '#verdict');
  }

  async function textOf(on: Page, selector: string): Promise<string> {
    return ((await on.locator(selector).first().textContent()) ?? '').replaceAll(/\s+/g, ' ').trim();
  }

  /** The marks of alarms and verdict, from the top. */
  const marksOf = (on: Page): Promise<unknown> =>
    on.evaluate('[...document.querySelectorAll(".verdict")].map(({ className }) => className.split(" ")[1])');

  /** The marks of seal, ledger and time. */
  const statesOf = (on: Page): Promise<unknown> =>
    on.evaluate(
      'Object.fromEntries([...document.querySelectorAll("[data-finding]")].map(({ dataset }) => [dataset.finding, dataset.state]))',
    );

  const zip = (files: ReadonlyMap<string, Buffer>): NamedFile => [
    'evidence.zip',
    zipOf([...files].map(([name, content]) => ({ name, content }))),
  ];
  const changed = new Map(folder).set('visible-text.txt', Buffer.from('Betala 1 kr'));

  it('reads in green that a folder is genuine, what was signed and by whom, masked, and what was not checked', async () => {
    expect(await submit(page, zip(folder))).toBe('The signature is genuine');
    expect(await marksOf(page)).toEqual(['good']);
    const report = await textOf(page, '#report');
    for (const said of ['TOTAL-PASSED', '1,250.00\u00a0SEK', 'Elbolaget AB', '19900101****']) {
      expect(report).toContain(said.replaceAll('\u00a0', ' '));
    }
    expect(report).not.toMatch(/19900101\d/);
    expect(report).toContain('Whether it was signed before it was received.');
    expect(await statesOf(page)).toEqual({ seal: 'none', ledger: 'none', time: 'none' });
    expect(await page.evaluate('document.activeElement.id')).toBe('verdict');
  });

  it('reads of a bundle who sealed it and when, and in red and first that its seal is of another', async () => {
    expect(await submit(page, ['evidence.asice', await sealing.bundle(folder)])).toBe('The signature is genuine');
    expect(await statesOf(page)).toEqual({ seal: 'good', ledger: 'none', time: 'good' });
    const other = writeBundle(folder, await sealing.seal(new Map(folder).set('report.json', Buffer.from('{}'))));
    await submit(page, ['evidence.asice', other]);
    expect(await marksOf(page)).toEqual(['bad', 'good']);
    expect(await textOf(page, '.alarm')).toContain('This is not what was sealed');
  });

  it('reads the report of a signature with its OCSP response', async () => {
    const { signature, ocspResponse } = vector.completion;
    const files: readonly NamedFile[] = [
      ['signature.b64', Buffer.from(signature)],
      ['answer.der', Buffer.from(ocspResponse ?? '', 'base64')],
    ];
    expect(await submit(page, ...files)).toBe('The signature is genuine');
    expect(await textOf(page, '#report')).toContain('Only the signature was checked');
  });

  it('never sees red where nothing is shown to be wrong', async () => {
    await submit(page, ['signature.b64', Buffer.from(vector.completion.signature)]);
    expect(await page.getAttribute('#report', 'data-indication')).toBe('INDETERMINATE');
    expect(await marksOf(page)).toEqual(['open']);
    expect(await textOf(page, '.verdict')).toContain('OCSP');
    expect(await textOf(page, '#verdict')).toBe('It cannot be decided whether the signature is genuine');
  });

  it('is told first, and in red, that a file beside the signature is not what was signed, in either language', async () => {
    expect(await submit(page, zip(changed))).toBe('The signature may be genuine, but it is not for this');
    expect(await marksOf(page)).toEqual(['bad', 'open']);
    expect(await textOf(page, '.alarm')).toContain('visible-text.txt');
    await page.click('a.language');
    await page.waitForSelector('html[lang="sv"] #report');
    expect(await textOf(page, '#verdict')).toBe('Underskriften kan vara äkta, men gäller inte detta');
    expect(await textOf(page, '.alarm')).toContain('Det som följde med är inte det som skrevs under');
    await page.click('a.language');
    await page.waitForSelector('html[lang="en"] #report');
  });

  it('may drop the file anywhere on the page', async () => {
    const [name, content] = zip(folder);
    await page.goto(`http://127.0.0.1:${server.port}/verify`);
    const transfer = await page.evaluateHandle(
      `(() => {
        const data = new DataTransfer();
        const bytes = Uint8Array.from(atob('${content.toString('base64')}'), (one) => one.charCodeAt(0));
        data.items.add(new File([bytes], '${name}'));
        return data;
      })()`,
    );
    await page.dispatchEvent('h1', 'drop', { dataTransfer: transfer });
    expect(await textOf(page, '#verdict')).toBe('The signature is genuine');
  });

  it('prints the whole report, without the form and without addresses', async () => {
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('#verify').isVisible()).toBe(false);
    expect(await page.locator('#report table').isVisible()).toBe(true);
    const printed = await page.evaluate('document.body.innerText');
    expect(printed).not.toMatch(/https?:|127\.0\.0\.1/);
    await page.emulateMedia({ media: 'screen' });
  });

  it('reads why there is no report, and what to do', async () => {
    expect(await submit(page, ['evidence.zip', Buffer.from('no ZIP')])).toBe('There is no report');
    expect(await textOf(page, '.verdict')).toContain('This service does not recognise the file as evidence.');
    expect(await submit(page, ['answer.ocsp', Buffer.from('0')])).toBe('There is no report');
    expect(await textOf(page, '.verdict')).toContain('Choose the evidence');
    expect(await submit(page, ['evidence.zip', zip(folder)[1].subarray(0, 900)])).toBe('There is no report');
    expect(await textOf(page, '.verdict')).toContain('without its end');
  });

  it('is told before anything is sent that a file is too large', async () => {
    await page.setInputFiles('#files', { name: 'a.zip', buffer: Buffer.alloc(1_100_000), mimeType: 'application/zip' });
    await page.click('#verify button');
    expect(await textOf(page, '#progress')).toContain('larger than 1 MB');
  });

  it('reads the same report in a browser without scripts, in its own language', async () => {
    const plain = await openPage({ locale: 'sv-SE', javaScriptEnabled: false });
    await plain.setInputFiles('#files', { name: 'a.zip', buffer: zip(folder)[1], mimeType: 'application/zip' });
    await plain.click('#verify button');
    expect(await textOf(plain, '#verdict')).toBe('Underskriften är äkta');
    await plain.setInputFiles('#files', {
      name: 'a.zip',
      buffer: Buffer.alloc(1_200_000),
      mimeType: 'application/zip',
    });
    await plain.click('#verify button');
    expect(await textOf(plain, '.verdict')).toContain('Filen är större än 1 MB.');
  });

  it('had no browser complain about anything', () => {
    expect(complaints).toEqual([]);
  });
});

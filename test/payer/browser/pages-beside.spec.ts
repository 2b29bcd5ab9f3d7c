import type { Browser } from 'playwright-core';
import { Branding } from '../../../src/design/brand.ts';
import { type Language, languages } from '../../../src/design/language.ts';
import type { Html } from '../../../src/kernel/web/html.ts';
import { listPage, problemPage } from '../../../src/openapi/pages/problem-page.ts';
import { type Notice, notice } from '../../../src/token/authorize/notice.ts';
import { refusalPage, reportPage, verifyPage } from '../../../src/uploads/page/verify-page.ts';
import type { ShownReport } from '../../../src/report-page/report.ts';
import { maskReport } from '../../../src/verification/report.ts';
import { launchBrowser } from '../../support/browser/browser.ts';
import { makeVector, now } from '../../support/vectors/vector.ts';
import { bareReportOf } from '../../support/vectors/verify.ts';
import { findBarriers, measure, RenderedPages } from '../../support/browser/rendered-pages.ts';

const client = { name: 'Fakturera Direkt AB', origin: 'https://fakturera.example' };
const kinds: readonly Notice[] = ['broken-link', 'other-browser', 'too-late', 'trouble'];

const noticeOf = (kind: Notice, language: Language): Html =>
  notice(kind, {
    ...{ language, isTest: true, otherLanguage: '?lang=other' },
    client: kind === 'too-late' ? client : undefined,
  });

/** A report with every mark: a seal that is broken, a ledger that is open, a time that is proved, and a verdict that is open. */
const authority = 'CN=Tidsstämpling, O=Exempelbolaget, C=SE';
const shown: ShownReport = {
  report: {
    ...maskReport(bareReportOf(makeVector())),
    ...{ container: 'bundle', seal: { state: 'unsound', reason: 'member-changed', member: 'visible-text.txt' } },
    ledger: {
      ...{ state: 'exporters-word', origin: `sigill.example/ledger/${'mfrggzdf'.repeat(3)}`, number: 1, size: 2 },
      ...{ signedBy: [], timestamp: { state: 'sound', time: '2026-06-01T22:10:04Z', authority } },
    },
    trusted: { seals: ['CN=Förseglingar, O=Exempelbolaget, C=SE'], timestamps: [authority], ledgers: [] },
  },
  ...{ file: { size: 1, sha256: 'f'.repeat(64) }, at: now, policy: 'bankid' },
};

/** The pages that people read besides those of a payment or login. */
const views: readonly (readonly [string, readonly Html[]])[] = [
  ['every notice of a link that leads nowhere', kinds.flatMap((kind) => languages.map((one) => noticeOf(kind, one)))],
  ['the list of problems', [listPage()]],
  ['the page of a problem', [problemPage('consent.not-awaiting-authorisation'), problemPage('internal')]],
  [
    'the page that verifies evidence, with and without a report',
    [
      verifyPage({ environment: 'sandbox', language: 'en' }),
      reportPage({ environment: 'sandbox', language: 'sv' }, shown),
      refusalPage({ environment: 'sandbox', language: 'sv' }, 'archive', 'en symbolisk länk i ZIP-filen'),
    ],
  ],
];

let chromium: Browser;
let pages: RenderedPages;
beforeAll(async () => {
  chromium = await launchBrowser();
  pages = new RenderedPages(chromium, new Branding(new Map()));
}, 60_000);
afterEach(() => Promise.all(chromium.contexts().map((context) => context.close())));
afterAll(async () => {
  await chromium.close();
  expect(pages.complaints).toEqual([]);
});

describe.each([
  ['a phone', { viewport: { width: 390, height: 844 } }],
  ['320 pixels', { viewport: { width: 320, height: 640 }, colorScheme: 'dark' }],
  ['a desktop', { viewport: { width: 1280, height: 800 }, colorScheme: 'dark' }],
] as const)('in the window of %s', (_, options) => {
  it.each(views)(
    '%s is shown whole and has no barrier that axe finds',
    async (_name, shown) => {
      const page = await pages.window(options);
      for (const markup of shown) {
        await pages.show(page, markup);
        expect(await measure(page)).toEqual({ overflow: 0, split: [], cut: [], small: [], homeless: [] });
        expect(await findBarriers(page)).toEqual([]);
      }
    },
    60_000,
  );
});

import { hash } from 'node:crypto';
import type { ExportFacts } from './facts.ts';
import { exportReadme } from './readme.ts';
import { readmeWords } from './words.ts';

const period = { from: new Date('2026-02-28T23:00:00Z'), to: new Date('2026-03-31T22:00:00Z') };
const facts: ExportFacts = {
  exportId: '6f0a4c51-0b4f-4d0e-9d3e-3a1f0a9c2b11',
  environment: 'production',
  softwareVersion: '1.2.3',
  format: 'folders',
  purpose: 'authority-request',
  caseReference: 'FI/2026-117',
  requestedBy: 'granskaren',
  orderedAt: new Date('2026-04-01T08:00:00Z'),
  at: new Date('2026-04-01T08:00:10Z'),
  approval: { issuer: 'https://login.exempelbanken.example', at: new Date('2026-04-01T08:00:05Z') },
  breakGlassCase: undefined,
  filter: {
    ...period,
    days: { first: '2026-03-01', last: '2026-03-31' },
    tpp: 'exempelbetal',
    bank: 'exempelbanken',
    consent: undefined,
    reference: undefined,
    payer: true,
    states: ['signed'],
  },
  count: 3,
  erased: 2,
  sums: [
    { currency: 'SEK', amountMinor: 125005n },
    { currency: 'EUR', amountMinor: 1050n },
  ],
  states: [
    { state: 'consumed', count: 2, sums: [{ currency: 'SEK', amountMinor: 125005n }] },
    { state: 'revoked', count: 1, sums: [{ currency: 'EUR', amountMinor: 1050n }] },
  ],
  ledger: { first: 7, last: 12, exported: 3, omitted: { erased: 2, refused: 1, surplus: 0 } },
};
const files = [
  'README.html',
  'index.csv',
  'index.sv.csv',
  'folders.sha256',
  'ledger.jsonl',
  'manifest.json',
  'manifest.p7s',
];

/** What a person reads of a page, without its style, in one language. */
function textOf(page: Buffer, language: 'sv' | 'en'): string {
  const [, article = ''] = new RegExp(`<article lang="${language}"(.*?)</article>`, 's').exec(page.toString()) ?? [];
  return article
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .replaceAll('\u00a0', ' ');
}

describe('README.html of an export', () => {
  it.each([
    [
      'sv',
      [
        'Beställd av granskaren',
        'Ändamål en myndighets begäran',
        'Ärende FI/2026-117',
        'En andra person godkände beställningen 1 april 2026 kl. 10:00:05 svensk tid (2026-04-01 08:00:05 UTC), genom att logga in hos https://login.exempelbanken.example, bankens egen identitetstjänst.',
        'från 1 mars 2026 kl. 00:00:00 svensk tid (2026-02-28 23:00:00 UTC) till, men inte med, 1 april 2026 kl. 00:00:00 svensk tid (2026-03-31 22:00:00 UTC)',
        '2026-03-01 till och med 2026-03-31',
        'förbrukade: använda för betalningen 2 1 250,05 SEK',
        'återkallade 1 10,50 EUR',
        'Alla 3 1 250,05 SEK 10,50 EUR',
        'Bevis för 2 samtycken bland det som begärdes har gallrats',
        'nummer 7 till 12',
        'Utelämnat därför att underskriften underkändes och godkände ingenting 1',
        '72 timmar',
      ],
    ],
    [
      'en',
      [
        'Ordered by granskaren',
        'A second person approved the order',
        'until, but not at, 1 April 2026 at 00:00:00 Swedish time (2026-03-31 22:00:00 UTC)',
        '2026-03-01 to 2026-03-31, both included',
        'consumed: used for the payment 2 1,250.05 SEK',
        'Evidence of 2 consents',
        'Left out because the signature was refused, and authorised nothing 1',
        'openssl cms -verify',
      ],
    ],
  ] as const)(
    'says in %s who ordered it and why, what was asked for, how much it is and what is left out',
    (language, said) => {
      const text = textOf(exportReadme(facts, files), language);
      for (const words of said) expect(text).toContain(words);
      expect(text).not.toContain('surplus');
      expect(text).not.toContain('undefined');
    },
  );

  it('says in plain words that an operator took it out without an approval, and what is not known', () => {
    const bare = {
      ...facts,
      approval: undefined,
      breakGlassCase: 'FI/2026-9',
      orderedAt: undefined,
      ledger: undefined,
    };
    const text = textOf(exportReadme(bare, files), 'en');
    expect(text).toContain(
      'It was not approved. An operator of the service took it out directly, in the case FI/2026-9',
    );
    expect(text).toContain('not compared with the ledger');
    expect(text).not.toContain('72 hours');
  });

  it('names each file that is there, and no other', () => {
    for (const language of ['sv', 'en'] as const) {
      const { beside } = readmeWords[language].files;
      expect(files.filter((name) => !(name in beside))).toEqual([]);
      const text = textOf(exportReadme(facts, files), language);
      for (const name of files) expect(text).toContain(name);
      expect(text).not.toContain('evidence.jsonl');
      expect(textOf(exportReadme({ ...facts, format: 'bundles' }, files), language)).toContain('*/evidence.asice');
    }
  });

  it('lets no text from outside become markup, in any member', () => {
    const hostile = `</style></title><script>alert(1)</script><img src=x onerror="alert('1')">`;
    const page = exportReadme(
      {
        ...facts,
        ...{
          exportId: hostile,
          purpose: hostile,
          caseReference: hostile,
          requestedBy: hostile,
          softwareVersion: hostile,
        },
        approval: { issuer: hostile, at: facts.at },
        filter: {
          ...facts.filter,
          ...{ tpp: hostile, bank: hostile, consent: hostile, reference: hostile },
          states: [hostile],
        },
        states: [{ state: hostile, count: 1, sums: [] }],
        ledger: { first: 1, last: 1, exported: 0, omitted: { [hostile]: 1 } },
      },
      [...files, hostile],
    ).toString();
    expect(page).not.toContain('<script');
    expect(page).not.toContain('<img src=x');
    expect(page.match(/<\/style>/g)).toHaveLength(1);
    expect(page.match(/&lt;script&gt;/g)?.length).toBeGreaterThan(20);
  });

  it('loads nothing, runs nothing, and tells the browser so', () => {
    const page = exportReadme(facts, files).toString();
    const [, style = ''] = /<style>(.*)<\/style>/s.exec(page) ?? [];
    expect(style).not.toMatch(/url\(|@import/);
    expect(page).toContain(`style-src &#39;sha256-${hash('sha256', style, 'base64')}&#39;`);
    const addresses = [...page.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, address = '']) => address);
    expect(addresses.filter((address) => !/^(?:#|data:image\/svg\+xml;base64,)/.test(address))).toEqual([]);
    expect(page).not.toMatch(/<script|javascript:|\son[a-z]+=/);
  });

  it('is the same for the same facts, byte for byte, and says where nothing is real', () => {
    expect(exportReadme(facts, files)).toEqual(exportReadme({ ...facts }, files.toReversed()));
    expect(exportReadme(facts, files).toString()).not.toContain('Testmiljö');
    expect(exportReadme({ ...facts, environment: 'sandbox' }, files).toString()).toContain('class="test-banner"');
  });
});

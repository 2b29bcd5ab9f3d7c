import { PNG } from 'pngjs';
import { ConfigFixture } from '../../../../test/support/config/config-fixture.ts';
import type { Branding } from '../../../design/brand.ts';
import { ConfigError } from '../../config.ts';
import { readFileWithMode } from '../../load-config.ts';
import { Variables } from '../variables.ts';
import { parseBranding } from './branding-file.ts';

const clients = [
  { id: 'banken', role: 'bank' },
  { id: 'butiken', role: 'tpp' },
];

let fixture: ConfigFixture;
beforeAll(async () => {
  fixture = await ConfigFixture.create();
  fixture.file('logo.png', PNG.sync.write(new PNG({ width: 8, height: 8 })));
  fixture.file('large.png', Buffer.alloc(70_000));
  fixture.file('logo.svg', '<svg xmlns="http://www.w3.org/2000/svg"/>');
});
afterAll(() => fixture.remove());

function parse(content: unknown, banks: () => unknown = () => clients): Branding {
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  const env = { BRANDING_FILE: fixture.file('branding.json', text) };
  return parseBranding(new Variables(env, readFileWithMode, 'production'), banks);
}

function faultsOf(content: unknown): readonly string[] {
  try {
    parse(content);
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
  return [];
}

const good = {
  displayName: 'Banken i Väst',
  logo: 'logo.png',
  accent: '#124f8f',
  accentOnDark: '#8fc0f2',
  privacyNotice: 'https://bank.example/personuppgifter',
  support: 'https://bank.example/hjalp',
};

describe('the branding of banks', () => {
  it('is nothing where no file is named: pages show the registered names', () => {
    const branding = parseBranding(new Variables({}, readFileWithMode, 'production'), () => clients);
    expect(branding.brandOf('banken', 'Banken AB')).toEqual({ name: 'Banken AB' });
  });

  it('is read with its logo, whose path counts from the folder of the file', () => {
    expect(parse({ banken: good }).brandOf('banken', 'Banken AB')).toEqual({
      name: 'Banken i Väst',
      logo: expect.stringMatching(/^\/assets\/logo-[\w-]{16}\.png$/) as string,
      stylesheet: expect.stringMatching(/^\/assets\/brand-[\w-]{16}\.css$/) as string,
      privacyNotice: good.privacyNotice,
      support: good.support,
    });
  });

  it('may be a part of it, and one colour where that is seen on light and on dark', () => {
    expect(faultsOf({ banken: {} })).toEqual([]);
    expect(faultsOf({ banken: { accent: '#6f7f8f' } })).toEqual([]);
  });

  it('may have a name that is written from the right, and one of seventy letters', () => {
    expect(faultsOf({ banken: { displayName: 'بنك المثال' } })).toEqual([]);
    expect(faultsOf({ banken: { displayName: 'B'.repeat(70) } })).toEqual([]);
    expect(faultsOf({ banken: { displayName: '<b>Banken</b> & Co' } })).toEqual([]);
  });

  it.each<[string, unknown, string | RegExp]>([
    ['broken JSON', '{', /BRANDING_FILE/],
    ['a list', [], 'BRANDING_FILE is not a JSON object with a member for each bank.'],
    ['an unknown bank', { annan: good }, 'BRANDING_FILE /annan is no registered bank.'],
    ['a client that is no bank', { butiken: good }, 'BRANDING_FILE /butiken is no registered bank.'],
    ['text for a bank', { banken: 'blå' }, 'BRANDING_FILE /banken is not an object.'],
    ['an unknown member', { banken: { ...good, color: '#fff' } }, 'BRANDING_FILE /banken/color is an unknown member.'],
    ['a name with a line break', { banken: { displayName: 'a\nb' } }, /\/displayName is not a name/],
    ['a name that turns the direction', { banken: { displayName: 'a\u202eb' } }, /\/displayName is not a name/],
    ['a name of 71 letters', { banken: { displayName: 'a'.repeat(71) } }, /\/displayName is not a name/],
    ['a name of letters that are not seen', { banken: { displayName: 'Banken\u3164' } }, /\/displayName is not a name/],
    ['a name with a mark that is not seen', { banken: { displayName: 'Ban\u034fken' } }, /\/displayName is not a name/],
    ['a name of a sign that is not seen', { banken: { displayName: '\u2800' } }, /\/displayName is not a name/],
    ['an empty name', { banken: { displayName: '' } }, /\/displayName is not a name/],
    ['a missing logo', { banken: { logo: 'none.png' } }, /\/banken\/logo: cannot read .*none\.png \(ENOENT\)/],
    ['a logo that is no PNG', { banken: { logo: 'logo.svg' } }, /\/banken\/logo .*logo\.svg is no PNG/],
    ['a logo that is too large', { banken: { logo: 'large.png' } }, /\/banken\/logo .*large\.png has 70000 bytes/],
    ['a logo that is no path', { banken: { logo: 7 } }, /\/logo is not the path/],
    ['a colour by name', { banken: { accent: 'blue' } }, /\/accent is not a colour as #rrggbb/],
    [
      'a colour that is not seen on light',
      { banken: { accent: '#ffe08a' } },
      'BRANDING_FILE /banken/accent #ffe08a has a contrast of 1.15:1 to #f4f2ee, the light ground; at least 3:1 is needed.',
    ],
    [
      'a colour that is not seen on dark',
      { banken: { accent: '#00205b' } },
      /\/accent #00205b has a contrast of 1\.\d\d:1 to #1f1d1b, the dark ground; at least 3:1 is needed; give a lighter one as accentOnDark/,
    ],
    [
      'a dark colour for dark',
      { banken: { ...good, accentOnDark: '#333333' } },
      /\/accentOnDark #333333 has a contrast/,
    ],
    ['a colour for dark alone', { banken: { accentOnDark: '#8fc0f2' } }, /\/accent is not a colour/],
    ['a link without TLS', { banken: { support: 'http://bank.example' } }, /\/support is not an https URL/],
    ['a link that runs', { banken: { support: 'javascript:alert(1)' } }, /\/support is not an https URL/],
    ['a link with a password', { banken: { privacyNotice: 'https://a:b@bank.example' } }, /\/privacyNotice is not/],
  ])('is refused with %s, by name', (_, content, expected) => {
    expect(faultsOf(content)).toEqual([
      expect.stringMatching(typeof expected === 'string' ? escaped(expected) : expected),
    ]);
  });

  it('is refused with all its faults at once', () => {
    expect(faultsOf({ banken: { logo: 'none.png', accent: 'blue', support: '' }, annan: { x: 1 } })).toHaveLength(5);
  });

  it('is not compared with clients that have faults of their own', () => {
    const broken = (): never => {
      throw new ConfigError(['CLIENTS_FILE is not a JSON array.']);
    };
    expect(() => parse({ annan: good }, broken)).not.toThrow();
  });
});

const escaped = (text: string): RegExp => new RegExp(`^${text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)}$`);

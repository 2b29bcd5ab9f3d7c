import { readFileSync } from 'node:fs';
import { crc32, deflateSync } from 'node:zlib';
import { PNG } from 'pngjs';
import { Branding, grounds } from './brand.ts';
import { type Colour, contrast, textOn } from './contrast.ts';
import { checkLogo } from './logo.ts';

const grey = (level: number): Colour => `#${level.toString(16).padStart(2, '0').repeat(3)}`;

describe('the contrast of two colours', () => {
  it.each([
    ['#000000', '#ffffff', 21],
    ['#777777', '#ffffff', 4.48],
    ['#0000ff', '#ffffff', 8.59],
    ['#ffffff', '#ffffff', 1],
  ] as const)('%s and %s have %f:1, in either order', (one, other, ratio) => {
    expect(contrast(one, other)).toBeCloseTo(ratio, 2);
    expect(contrast(other, one)).toBe(contrast(one, other));
  });

  it('is enough for the text on every button, whatever its colour', () => {
    for (let level = 0; level < 256; level += 1) {
      expect(contrast(grey(level), textOn(grey(level)))).toBeGreaterThanOrEqual(4.5);
    }
  });

  it('is computed to the grounds that the pages have', () => {
    const css = readFileSync(new URL('look/base.css', import.meta.url), 'utf8');
    const [light = '', dark = ''] = css.split('prefers-color-scheme: dark');
    const groundsOf = (rules: string): readonly (string | undefined)[] =>
      ['paper', 'card'].map((name) => new RegExp(`--${name}: (#[0-9a-f]{6});`).exec(rules)?.[1]);
    expect([groundsOf(light), groundsOf(dark)]).toEqual([grounds.light, grounds.dark]);
  });
});

describe('a brand', () => {
  const logo = PNG.sync.write(new PNG({ width: 2, height: 2 }));
  const accent = { onLight: '#124f8f', onDark: '#8fc0f2' } as const;
  const own = { displayName: 'Banken', logo, accent, privacyNotice: undefined, support: 'https://bank.example/' };
  const branding = new Branding(new Map([['banken', own]]));

  it('shows the name, the logo and the colours that the bank has given', () => {
    const brand = branding.brandOf('banken', 'Banken AB');
    expect(brand).toMatchObject({ name: 'Banken', support: 'https://bank.example/', privacyNotice: undefined });
    expect(branding.findAsset((brand.logo ?? '').replace('/assets/', ''))).toEqual({
      contentType: 'image/png',
      body: logo,
    });
    const style = String(branding.findAsset((brand.stylesheet ?? '').replace('/assets/', ''))?.body);
    expect(style).toContain('--accent: #124f8f; --on-accent: #ffffff;');
    expect(style).toMatch(/prefers-color-scheme: dark.*--accent: #8fc0f2; --on-accent: #000000;/s);
  });

  it('is the registered name alone where the bank has given nothing', () => {
    expect(branding.brandOf('annan', 'Annan bank AB')).toEqual({ name: 'Annan bank AB' });
  });
});

const small = PNG.sync.write(new PNG({ width: 4, height: 4 }));
const IEND = 12;

function chunk(name: string, data: Buffer = Buffer.alloc(0)): Buffer {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), data]);
  const ends = Buffer.alloc(8);
  ends.writeUInt32BE(data.length);
  ends.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([ends.subarray(0, 4), body, ends.subarray(4)]);
}

/** The picture with this before its last chunk. */
const withChunk = (...more: readonly Buffer[]): Buffer =>
  Buffer.concat([small.subarray(0, -IEND), ...more, small.subarray(-IEND)]);

/** What the data of {@link small} unpack to: four rows of a filter byte and four pixels of four bytes. */
const rows = Buffer.alloc(4 * (1 + 4 * 4));

/** A picture that is four pixels high with these data. */
function pictureOf(data: Buffer, interlace = 0, width = 4): Buffer {
  const head = Buffer.from([0, 0, 0, width, 0, 0, 0, 4, 8, 6, 0, 0, interlace]);
  return Buffer.concat([small.subarray(0, 8), chunk('IHDR', head), chunk('IDAT', data), chunk('IEND')]);
}

function changed(at: number, to: number): Buffer {
  const bytes = Buffer.from(small);
  bytes[at < 0 ? bytes.length + at : at] = to;
  return bytes;
}

describe('a logo', () => {
  it('may be a still PNG of an ordinary size', () => {
    expect(() => checkLogo(small)).not.toThrow();
    expect(() => checkLogo(PNG.sync.write(new PNG({ width: 512, height: 1 })))).not.toThrow();
  });

  it.each<[string, Buffer, RegExp]>([
    ['is empty', Buffer.alloc(0), /is no PNG/],
    ['is a picture of another kind', Buffer.from('GIF89a......................'), /is no PNG/],
    ['is markup', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>'), /is no PNG/],
    ['has more than 64 kB', Buffer.concat([small, Buffer.alloc(65_536)]), /bytes; at most 65536/],
    ['is wider than 512 pixels', PNG.sync.write(new PNG({ width: 513, height: 1 })), /513 × 1 pixels/],
    ['is higher than 512 pixels', PNG.sync.write(new PNG({ width: 1, height: 600 })), /1 × 600 pixels/],
    ['holds text', withChunk(chunk('tEXt', Buffer.from('Author\0A person'))), /chunk tEXt/],
    ['holds compressed text', withChunk(chunk('zTXt', Buffer.from('a'))), /chunk zTXt/],
    ['holds a colour profile', withChunk(chunk('iCCP', Buffer.from('a'))), /chunk iCCP/],
    ['holds what a camera wrote', withChunk(chunk('eXIf', Buffer.from('a'))), /chunk eXIf/],
    ['is animated', withChunk(chunk('acTL', Buffer.alloc(8))), /chunk acTL/],
    ['has a chunk whose name is no name', withChunk(chunk('<b>\n')), /chunk \?b\?\?/],
    ['goes on behind its end', Buffer.concat([small, chunk('IDAT')]), /goes on behind its chunk IEND/],
    ['has bytes behind its end', Buffer.concat([small, Buffer.from('PK')]), /ends within a chunk/],
    ['has two heads', withChunk(small.subarray(8, 33)), /second chunk IHDR/],
    ['begins with another chunk', Buffer.concat([small.subarray(0, 8), chunk('gAMA', Buffer.alloc(4))]), /begin with/],
    ['is cut off', small.subarray(0, -IEND), /ends before its chunk IEND/],
    ['is cut off within a chunk', small.subarray(0, -IEND - 3), /ends within its chunk IDAT/],
    ['has a CRC that does not fit', changed(-1, 0), /chunk IEND whose CRC/],
    ['was changed after it was written', changed(19, 5), /chunk IHDR whose CRC/],
    ['has a chunk that says it is longer than the file', changed(8, 0x7f), /ends within its chunk IHDR/],
    ['has two pictures', withChunk(chunk('gAMA', Buffer.alloc(4)), chunk('IDAT')), /second chunk IDAT/],
    [
      'holds text in a chunk of a fixed length',
      withChunk(chunk('pHYs', Buffer.from('Author: a person'))),
      /pHYs of another/,
    ],
    ['holds text in its gamma', withChunk(chunk('gAMA', Buffer.from('Author: a person'))), /gAMA of another/],
    ['holds text behind its palette', withChunk(chunk('PLTE', Buffer.alloc(771))), /PLTE of another/],
    [
      'holds text in its end',
      Buffer.concat([small.subarray(0, -IEND), chunk('IEND', Buffer.from('text'))]),
      /IEND of another/,
    ],
    [
      'holds another file behind its picture',
      pictureOf(Buffer.concat([deflateSync(rows), Buffer.from('PK')])),
      /holds more/,
    ],
    ['holds more rows than it shows', pictureOf(deflateSync(Buffer.alloc(rows.length + 1))), /cannot be decoded/],
    [
      'is sixty million bytes when it is unpacked',
      pictureOf(deflateSync(Buffer.alloc(60_000_000))),
      /cannot be decoded/,
    ],
    ['holds fewer rows than it says', pictureOf(deflateSync(rows.subarray(1))), /cannot be decoded/],
    ['is interlaced', pictureOf(deflateSync(rows), 1), /interlaced/],
    [
      'is interlaced, and unpacks to sixty million bytes',
      pictureOf(deflateSync(Buffer.alloc(60_000_000)), 1),
      /interlaced/,
    ],
    ['is no pixel wide', pictureOf(deflateSync(rows), 0, 0), /0 × 4 pixels/],
    ['has no picture', Buffer.concat([small.subarray(0, 33), small.subarray(-IEND)]), /cannot be decoded/],
    [
      'has a picture that cannot be decoded',
      Buffer.concat([small.subarray(0, 33), chunk('IDAT', Buffer.from('not compressed')), small.subarray(-IEND)]),
      /cannot be decoded/,
    ],
  ])('is refused that %s', (_, bytes, why) => {
    expect(() => checkLogo(bytes)).toThrow(why);
  });
});

import { createHmac } from 'node:crypto';
import jsqr from 'jsqr';
import { drawQrCode } from './qr-picture.ts';

const SCALE = 4;
const MARGIN = 4;
const readQr = ('default' in jsqr ? jsqr.default : jsqr) as (
  pixels: Uint8ClampedArray,
  width: number,
  height: number,
) => { readonly data: string } | null;

function textOf(second: number): string {
  const code = createHmac('sha256', 'd28db9a7').update(String(second)).digest('hex');
  return `bankid.67df3917-fa0d-44e5-b327-edcc928297f8.${second}.${code}`;
}

/** What a reader sees: the strokes of the path as black squares on white, with the margin of the page. */
function pixelsOf(svg: string): { pixels: Uint8ClampedArray; width: number } {
  const modules = Number(/viewBox="0 0 (\d+)/.exec(svg)?.[1]);
  const width = (modules + 2 * MARGIN) * SCALE;
  const pixels = new Uint8ClampedArray(width * width * 4).fill(255);
  let [x, y] = [0, 0];
  for (const [, move = '', first = '', second = ''] of (/stroke="[^"]*" d="([^"]*)"/.exec(svg)?.[1] ?? '').matchAll(
    /([Mmh])([\d.-]+)(?: ([\d.-]+))?/g,
  )) {
    if (move === 'M') [x, y] = [Number(first), Math.floor(Number(second))];
    else if (move === 'm') x += Number(first);
    else for (const end = x + Number(first); x < end; x += 1) blacken(x + MARGIN, y + MARGIN);
  }
  return { pixels, width };

  function blacken(column: number, line: number): void {
    for (let at = 0; at < SCALE * SCALE; at += 1) {
      const pixel = (line * SCALE + Math.floor(at / SCALE)) * width + column * SCALE + (at % SCALE);
      pixels.fill(0, pixel * 4, pixel * 4 + 3);
    }
  }
}

describe('the picture of a QR code', () => {
  it('is read as the text of each second', async () => {
    for (let second = 0; second < 180; second += 36) {
      const { pixels, width } = pixelsOf(await drawQrCode(textOf(second)));
      expect(readQr(pixels, width, width)?.data).toBe(textOf(second));
    }
  });

  it("has as few modules as BankID's text can have at the least correction, so that they are large", async () => {
    expect(await drawQrCode(textOf(1))).toContain('viewBox="0 0 41 41"');
  });
});

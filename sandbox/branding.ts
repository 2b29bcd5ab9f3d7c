import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PNG } from 'pngjs';

const SIDE = 96;
/** Each pixel is the mean of this many by this many points, so that edges are smooth. */
const POINTS = 4;

type Rgb = readonly [number, number, number];
/** The colour at a point of the unit square; undefined where nothing is drawn. */
type Picture = (x: number, y: number) => Rgb | undefined;

const WHITE: Rgb = [255, 255, 255];
const BLUE: Rgb = [0x12, 0x4f, 0x8f];
const PLUM: Rgb = [0x7a, 0x1f, 0x5c];

/** Three bars on a rounded square. */
const bars: Picture = (x, y) => {
  if (!isInRoundedSquare(x, y)) return undefined;
  const bar = [0.24, 0.44, 0.64].findIndex((top) => y >= top && y < top + 0.12);
  const right = [0.78, 0.62, 0.78][bar];
  return right !== undefined && x >= 0.24 && x < right ? WHITE : BLUE;
};

/** A ring that a second circle touches, on a disc. */
const rings: Picture = (x, y) => {
  const distance = (cx: number, cy: number): number => Math.hypot(x - cx, y - cy);
  if (distance(0.5, 0.5) > 0.5) return undefined;
  const ring = distance(0.5, 0.46);
  const isDrawn = (ring > 0.17 && ring < 0.27) || distance(0.5, 0.8) < 0.07;
  return isDrawn ? WHITE : PLUM;
};

/** Writes the BRANDING_FILE of the sandbox's two invented banks, and their invented logos; returns its path. */
export function writeBranding(folder: string): string {
  writeFileSync(join(folder, 'exempelbanken.png'), draw(bars));
  writeFileSync(join(folder, 'provbanken.png'), draw(rings));
  const path = join(folder, 'branding.json');
  writeFileSync(path, JSON.stringify(branding, undefined, 2));
  return path;
}

const branding = {
  exempelbanken: {
    displayName: 'Exempelbanken',
    logo: 'exempelbanken.png',
    accent: '#124f8f',
    accentOnDark: '#8fc0f2',
    privacyNotice: 'https://www.exempelbanken.example/personuppgifter',
    support: 'https://www.exempelbanken.example/kundtjanst',
  },
  provbanken: {
    displayName: 'Provbanken',
    logo: 'provbanken.png',
    accent: '#7a1f5c',
    accentOnDark: '#eba6d2',
    support: 'https://www.provbanken.example/hjalp',
  },
};

function draw(picture: Picture): Buffer {
  const png = new PNG({ width: SIDE, height: SIDE });
  for (let row = 0; row < SIDE; row += 1) {
    for (let column = 0; column < SIDE; column += 1) {
      png.data.set(pixel(picture, column, row), (row * SIDE + column) * 4);
    }
  }
  return PNG.sync.write(png);
}

function pixel(picture: Picture, column: number, row: number): readonly number[] {
  const at = (index: number, step: number): number => (index + (step + 0.5) / POINTS) / SIDE;
  const steps = Array.from({ length: POINTS }, (_, step) => step);
  const points = steps.flatMap((dy) => steps.map((dx) => picture(at(column, dx), at(row, dy))));
  const drawn = points.filter((point) => point !== undefined);
  const mean = (channel: 0 | 1 | 2): number =>
    Math.round(drawn.reduce((sum, point) => sum + point[channel], 0) / Math.max(1, drawn.length));
  return [mean(0), mean(1), mean(2), Math.round((255 * drawn.length) / points.length)];
}

function isInRoundedSquare(x: number, y: number): boolean {
  const corner = 0.22;
  const dx = Math.max(corner - x, x - (1 - corner), 0);
  const dy = Math.max(corner - y, y - (1 - corner), 0);
  return Math.hypot(dx, dy) <= corner;
}

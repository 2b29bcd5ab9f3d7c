import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PNG } from 'pngjs';
import { Newcomer } from '../../support/browser/newcomer.ts';
import { pictures, takeScreenshots } from '../../support/screenshots/take-screenshots.ts';

const checkout = join(import.meta.dirname, '../../..');
const names = Object.keys(pictures).sort();

/** What is wrong with a picture of README: nothing, if it shows something, in the size that README expects. */
function faultsOf(folder: string, name: string): string[] {
  const file = readFileSync(join(folder, name));
  const { width, height, data } = PNG.sync.read(file);
  const colours = new Map<number, number>();
  for (let at = 0; at < data.length; at += 4) {
    const colour = data.readUIntBE(at, 3);
    colours.set(colour, (colours.get(colour) ?? 0) + 1);
  }
  const most = Math.max(...colours.values()) / (width * height);
  return [
    ...(width === pictures[name]?.width && height === pictures[name].height ? [] : [`${name}: ${width}×${height}`]),
    ...(file.length < 120_000 ? [] : [`${name}: ${file.length} bytes`]),
    ...(colours.size > 16 && most < 0.97 ? [] : [`${name}: nothing to see`]),
  ];
}

describe('the pictures of README', () => {
  it('are taken by one command in the running sandbox, light and dark', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sigill-pictures-'));
    const newcomer = await Newcomer.start();
    try {
      await takeScreenshots(newcomer.url, folder);
      expect(readdirSync(folder).sort()).toEqual(names);
      expect(names.flatMap((name) => faultsOf(folder, name))).toEqual([]);
    } finally {
      await newcomer.stop();
      rmSync(folder, { recursive: true });
    }
  }, 240_000);

  it('are in the checkout, small, and each is shown', () => {
    const folder = join(checkout, 'docs/images');
    const readme = readFileSync(join(checkout, 'README.md'), 'utf8');
    expect(readdirSync(folder).sort()).toEqual(names);
    expect(names.flatMap((name) => faultsOf(folder, name))).toEqual([]);
    expect(names.filter((name) => !readme.includes(`docs/images/${name}`))).toEqual([]);
  });
});

import { PassThrough } from 'node:stream';
import { progressOn } from './progress.ts';

/** What a stream was written, and whether it is a terminal. */
function streamOf(isTTY: boolean): { readonly stream: NodeJS.WriteStream; readonly written: () => string } {
  const stream = Object.assign(new PassThrough(), { isTTY });
  return { stream: stream as unknown as NodeJS.WriteStream, written: () => String(stream.read() ?? '') };
}

describe('the progress of a command', () => {
  it('is one bar on a terminal, which gives way to lines and begins again after them', () => {
    const { stream, written } = streamOf(true);
    const progress = progressOn(stream, false);
    progress.bar('Downloaded', 1, 2);
    expect(written()).toBe(`Downloaded [${'#'.repeat(15)}${'.'.repeat(15)}] 50 %`);
    progress.line('A line.');
    expect(written()).toBe('\u001b[1G\u001b[2KA line.\n');
    progress.bar('Downloaded', 2, 2);
    progress.end();
    expect(written()).toMatch(/^Downloaded \[#{30}\] 100 %\n$/);
  });

  it('is a line for each tenth elsewhere, and never says the same twice', () => {
    const { stream, written } = streamOf(false);
    const progress = progressOn(stream, false);
    for (const done of [0, 1, 10, 11, 19, 100]) progress.bar('Exported', done, 100);
    progress.bar('Downloaded', 100, 100);
    expect(written()).toBe('Exported: 10 %\nExported: 100 %\nDownloaded: 100 %\n');
  });

  it('is whole of nothing, and is not said where only a document is wanted', () => {
    const { stream, written } = streamOf(false);
    progressOn(stream, false).bar('Exported', 0, 0);
    progressOn(stream, true).line('A line.');
    expect(written()).toBe('Exported: 100 %\n');
  });
});

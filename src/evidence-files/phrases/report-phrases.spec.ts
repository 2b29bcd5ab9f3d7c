import { render } from '../../verification/messages.ts';
import { ArchiveRefused } from '../zip-archive.ts';
import { languages } from '../report-phrases.ts';

const { en, sv } = languages;

describe('a message', () => {
  it('is said in the language of the reader, with the names that stand in it', () => {
    const reason = { message: 'file.unreadable', parameters: { file: 'a: $&.zip', reason: 'ENOENT' } } as const;
    expect(render(en.fileMessages, reason)).toBe('cannot read a: $&.zip: no such file or directory (ENOENT)');
    expect(render(sv.fileMessages, reason)).toBe('kan inte läsa a: $&.zip: filen eller katalogen finns inte (ENOENT)');
  });

  it('names a code of the system that has no words', () => {
    const reason = { message: 'file.unreadable', parameters: { file: 'a.zip', reason: 'EMFILE' } } as const;
    expect(render(sv.fileMessages, reason)).toBe('kan inte läsa a.zip: EMFILE');
  });

  it('has words of its own in each language', () => {
    const withoutParameters = Object.entries({ ...en.checkMessages, ...en.fileMessages }).filter(
      ([, text]) => typeof text === 'string',
    );
    const translated: Readonly<Record<string, unknown>> = { ...sv.checkMessages, ...sv.fileMessages };
    expect(withoutParameters.length).toBeGreaterThan(100);
    expect(withoutParameters.filter(([id, text]) => translated[id] === text)).toEqual([]);
  });

  it('is carried by what was thrown, and said in English to a log', () => {
    const refused = new ArchiveRefused('zip.headers-differ');
    expect(refused.reason).toEqual({ message: 'zip.headers-differ' });
    expect(refused.message).toBe('local headers that differ from the directory');
  });
});

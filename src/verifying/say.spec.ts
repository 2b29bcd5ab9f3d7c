import { readdirSync, readFileSync } from 'node:fs';
import { say } from './say.ts';
import { swedishSentences } from './sentences.sv.ts';

describe('a sentence for people', () => {
  it('is said in their language, with the names that stand in it', () => {
    expect(say('is empty', swedishSentences)).toBe('är tom');
    expect(say('cannot read a: b.zip: no such file or directory (ENOENT)', swedishSentences)).toBe(
      'kan inte läsa a: b.zip: filen eller katalogen finns inte (ENOENT)',
    );
    expect(say('cannot read $&.zip: EMFILE', swedishSentences)).toBe('kan inte läsa $&.zip: EMFILE');
  });

  it('stays English where nobody has translated it', () => {
    expect(say('DER: trailing bytes', swedishSentences)).toBe('DER: trailing bytes');
    expect(say('toString', swedishSentences)).toBe('toString');
    expect(say('is empty', {})).toBe('is empty');
  });

  it('is one that the program says: no translation is left behind', () => {
    const source = ['crypto', 'verification', 'verifying', 'cli']
      .flatMap((name) => filesIn(new URL(`../${name}/`, import.meta.url)))
      .map((file) => readFileSync(file, 'utf8').replace(/\$\{[^{}]*\}/g, '{}'))
      .join('\n');
    const spoken = (sentence: string): boolean =>
      source.includes(sentence) || sentence === 'the signing certificate: signature does not verify';
    expect(Object.keys(swedishSentences).filter((sentence) => !spoken(sentence))).toEqual([]);
  });
});

function filesIn(folder: URL): URL[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.spec.ts') && !name.includes('sentences.sv'))
    .map((name) => new URL(name, folder));
}

import { shellWord } from './shell-word.ts';

describe('a word for a shell', () => {
  it.each([
    ['http://localhost:3000/par', 'http://localhost:3000/par'],
    ['', "''"],
    ['$(id)', "'$(id)'"],
    ["it's", String.raw`'it'\''s'`],
    ['a b\n=c', "'a b\n=c'"],
  ])('of %j is one, with nothing in it that is run', (text, word) => {
    expect(shellWord(text)).toBe(word);
  });
});

/** How sentences that reports and messages say in English are said to a person. */
export type Sentences = Readonly<Record<string, string>>;

/** The sentence in the language of `sentences`; as it is where that has none. What stands for `{}` is said the same way. */
export function say(sentence: string, sentences: Sentences): string {
  if (Object.hasOwn(sentences, sentence)) return sentences[sentence] ?? sentence;
  for (const [pattern, translation] of Object.entries(sentences)) {
    const found = pattern.includes('{}') ? patternOf(pattern).exec(sentence) : null;
    if (found) {
      const names = found.slice(1).map((name) => say(name, sentences));
      return translation.replaceAll('{}', () => names.shift() ?? '');
    }
  }
  return sentence;
}

function patternOf(pattern: string): RegExp {
  const parts = pattern.split('{}').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('(.+)')}$`, 's');
}

/** A text as a reader takes it: marks within a word or a number, as in "Be´lopp" or "S´E´K 500", hide neither. */
export function spellingsOf(value: string): readonly string[] {
  const plain = value.replaceAll(/["'`´‘’“”]/g, '');
  return plain === value ? [value] : [value, plain];
}

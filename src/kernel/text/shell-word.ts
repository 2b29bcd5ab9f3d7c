/** A text as one word of a POSIX shell: nothing in it ends the word, or is run. @see POSIX.1-2024, Shell Command Language §2.2.2 */
export function shellWord(text: string): string {
  return /^[\w./:@-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

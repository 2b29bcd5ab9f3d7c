/** Whether two words differ by at most one letter: too many, too few, another, or two neighbours exchanged. */
export function isMisspelling(written: string, known: string): boolean {
  if (Math.abs(written.length - known.length) > 1) return false;
  let start = 0;
  while (start < known.length && written[start] === known[start]) start += 1;
  const [ours, theirs] = [known.slice(start), written.slice(start)];
  return [
    [theirs.slice(1), ours],
    [theirs, ours.slice(1)],
    [theirs.slice(1), ours.slice(1)],
    [`${theirs.slice(1, 2)}${theirs.slice(0, 1)}${theirs.slice(2)}`, ours],
  ].some(([one, other]) => one === other);
}

/** Numbers that are the same in every run. @see Steele and Vigna's mulberry32 */
export function seeded(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

type Random = (below: number) => number;

/** One byte set to another value, taken away, or doubled. */
export function mutateBytes(source: Buffer, random: Random): Buffer {
  const at = random(source.length);
  const head = source.subarray(0, at);
  switch (random(4)) {
    case 0:
      return Buffer.concat([head, source.subarray(at + 1)]);
    case 1:
      return Buffer.concat([head, source.subarray(at, at + 1), source.subarray(at)]);
    default: {
      const copy = Buffer.from(source);
      copy[at] = (copy[at] ?? 0) ^ (1 << random(8));
      return copy;
    }
  }
}

const snippets: readonly string[] = [
  '<!-- x -->',
  '<?p x?>',
  '<![CDATA[]]>',
  ' ',
  '\n',
  '\t',
  '\r\n',
  '&#65;',
  '&amp;',
  'x',
  '<x></x>',
  '<x/>',
  '<x xmlns="urn:x"></x>',
  '<p:x xmlns:p="urn:p"></p:x>',
];
const attributes: readonly string[] = [
  ' a="b"',
  ' Id="x"',
  ' xmlns:p="urn:p"',
  ' xml:lang="sv"',
  ' xmlns="urn:x"',
  '  ',
  '\n',
];

/** A snippet between two tags, an attribute in one, an equivalent spelling, or an element doubled or taken away. */
export function mutateXml(xml: string, random: Random): string {
  const tags = [...xml.matchAll(/<\/?([A-Za-z0-9]+)[^>]*>/g)];
  const tag = tags[random(tags.length)]!;
  const { index } = tag;
  const after = index + tag[0].length;
  const insert = (at: number, text: string): string => xml.slice(0, at) + text + xml.slice(at);
  switch (random(6)) {
    case 0:
    case 1:
      return insert(after, snippets[random(snippets.length)] ?? '');
    case 2:
      return insert(index + tag[0].length - 1, attributes[random(attributes.length)] ?? '');
    case 3:
      return xml.replace(`></${tag[1] ?? ''}>`, '/>');
    case 4:
      return xml.slice(0, index) + tag[0].replace(/="([^"]*)"/, "='$1'") + xml.slice(after);
    default: {
      const element = new RegExp(`<${tag[1] ?? ''}(?: [^>]*)?>[^<]*</${tag[1] ?? ''}>`);
      return xml.replace(element, random(2) ? '' : '$&$&');
    }
  }
}

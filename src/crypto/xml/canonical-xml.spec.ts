import fc from 'fast-check';
import { XmlC14NMode, XmlDocument } from 'libxml2-wasm';
import { canonicalXml } from './canonical-xml.ts';
import { attempt, Malformed } from '../malformed.ts';
import { readXml, xmlLimits, type XmlElement } from './strict-xml.ts';

const read = (text: string): XmlElement => readXml(Buffer.from(text), 'bare');

/** What libxml2 makes of the same document: an oracle that shares no line with ours. */
function oracle(text: string): string {
  const document = XmlDocument.fromString(text);
  try {
    return document.canonicalizeToString({ mode: XmlC14NMode.XML_C14N_1_0 });
  } finally {
    document.dispose();
  }
}

const name = fc.constantFrom('a', 'B', 'usrData', 'x1');
const value = fc.stringMatching(/^[A-Za-z0-9#:/.=+ ]{0,12}$/);
const attributes = fc
  .uniqueArray(
    fc.tuple(
      fc.constantFrom('Id', 'URI', 'Type', 'charset', 'xmlns'),
      value,
      fc.constantFrom('"', "'"),
      fc.constantFrom(' ', '\n', '  '),
    ),
    {
      selector: ([key]) => key,
    },
  )
  .map((list) =>
    list
      .map(
        ([key, text, quote, space]) =>
          `${space}${key}=${quote}${key === 'xmlns' ? `urn:${text.replace(/[^a-z]/g, '')}` : text}${quote}`,
      )
      .join(''),
  );
const text = fc.stringMatching(/^[A-Za-z0-9+/=åäö\n ]{1,20}$/);
const { element } = fc.letrec<{ element: string }>((tie) => ({
  element: fc
    .tuple(
      name,
      attributes,
      fc.oneof(
        { maxDepth: 4 },
        text,
        fc.constant(''),
        fc.array(tie('element'), { maxLength: 3 }).map((all) => all.join('')),
      ),
      fc.boolean(),
    )
    .map(([tag, attrs, content, short]) =>
      content === '' && short ? `<${tag}${attrs}/>` : `<${tag}${attrs} >${content}</${tag}>`,
    ),
}));

describe('inclusive canonical XML', () => {
  it('is what libxml2 makes of every document of the subset', () => {
    fc.assert(
      fc.property(element, (source) => {
        const ours = attempt(() => canonicalXml(read(source)).toString());
        return !(ours instanceof Malformed) && ours === oracle(source);
      }),
      { numRuns: 400 },
    );
  });

  it('changes nothing in what is canonical', () => {
    fc.assert(
      fc.property(element, (source) => {
        const once = canonicalXml(read(source));
        expect(canonicalXml(readXml(once, 'bare'))).toEqual(once);
      }),
    );
  });
});

describe('an element and its canonical octets', () => {
  const everyElement = (root: XmlElement): XmlElement[] => [root, ...root.children.flatMap(everyElement)];
  const said = ({ name: tag, namespace, attributes: all, children, text: own, octets }: XmlElement): object => ({
    tag,
    namespace,
    attributes: [...all].sort(),
    children: children.map(said),
    own,
    octets,
  });

  it('say the same, however the document spells the element', () => {
    fc.assert(
      fc.property(element, (source) => {
        for (const apex of everyElement(read(source))) {
          const canonical = canonicalXml(apex);
          const found = readXml(canonical, 'bare');
          expect(said(found)).toEqual(said(apex));
          expect(canonicalXml(found)).toEqual(canonical);
        }
      }),
      { numRuns: 400 },
    );
  });

  it.each([
    ['canonically', '<r xmlns="u"><a xmlns="u" b="1" c="2"><d>x</d></a></r>'],
    ['with an inherited namespace', '<r xmlns="u"><a b="1" c="2"><d>x</d></a></r>'],
    ['with the namespace last', '<r xmlns="u"><a b="1" c="2" xmlns="u"><d>x</d></a></r>'],
    ['with attributes out of order', '<r xmlns="u"><a xmlns="u" c="2" b="1"><d>x</d></a></r>'],
    ['with single quotes', '<r xmlns="u"><a xmlns="u" b=\'1\' c="2"><d>x</d></a></r>'],
    ['with two spaces', '<r xmlns="u"><a xmlns="u"  b="1" c="2"><d>x</d></a></r>'],
    ['with a space before the bracket', '<r xmlns="u"><a xmlns="u" b="1" c="2" ><d>x</d></a></r>'],
    ['with a space in the end tag', '<r xmlns="u"><a xmlns="u" b="1" c="2"><d>x</d></a ></r>'],
    ['with a needless namespace inside', '<r xmlns="u"><a xmlns="u" b="1" c="2"><d xmlns="u">x</d></a></r>'],
    ['with a line feed in a tag', '<r xmlns="u"><a\nxmlns="u" b="1" c="2"><d>x</d></a></r>'],
  ])('are the same octets where the document spells it %s', (_title, source) => {
    const [apex] = read(source).children;
    expect(canonicalXml(apex!).toString()).toBe('<a xmlns="u" b="1" c="2"><d>x</d></a>');
  });

  it.each([
    ['an empty element as a pair of tags', '<r xmlns="u"><a><d/></a></r>', '<a xmlns="u"><d></d></a>'],
    ['letters outside ASCII in UTF-8', '<r xmlns="u"><a><d>å</d></a></r>', '<a xmlns="u"><d>å</d></a>'],
    ['no namespace where none is in scope', '<r><a xmlns=""><d>x</d></a></r>', '<a><d>x</d></a>'],
    ['a namespace that ends', '<r xmlns="u"><a><d xmlns="">x</d></a></r>', '<a xmlns="u"><d xmlns="">x</d></a>'],
  ])('have %s', (_title, source, canonical) => {
    const [apex] = read(source).children;
    expect(canonicalXml(apex!).toString()).toBe(canonical);
  });
});

describe('the strict reader', () => {
  it.each([
    ['a DOCTYPE', '<!DOCTYPE a><a></a>'],
    ['a comment', '<a><!-- x --></a>'],
    ['a processing instruction', '<a><?p x?></a>'],
    ['CDATA', '<a><![CDATA[x]]></a>'],
    ['an entity', '<a>&lt;</a>'],
    ['a character reference', '<a>&#65;</a>'],
    ['a reference in an attribute', '<a b="&#65;"></a>'],
    ['a prefixed element', '<p:a xmlns:p="u"></p:a>'],
    ['a prefixed attribute', '<a xml:id="b"></a>'],
    ['an attribute twice', '<a b="1" b="2"></a>'],
    ['mixed content', '<a>x<b></b></a>'],
    ['text after an element', '<a><b></b>x</a>'],
    ['a second root', '<a></a><b></b>'],
    ['white space after the root', '<a></a>\n'],
    ['a carriage return', '<a>\r</a>'],
    ['NUL', '<a>\0</a>'],
    ['a byte order mark', '\ufeff<a></a>'],
    ['an element left open', '<a><b></b>'],
    ['an end tag too many', '<a></a></a>'],
    ['an end tag of another element', '<a></b>'],
    ['a tab in an attribute', '<a b="\t"></a>'],
    ['a control character in an attribute', '<a b="\u0001"></a>'],
    ['no character in an attribute', '<a b="\uffff"></a>'],
    ['no character in a text', '<a>\ufffe</a>'],
    ['a control character in a text', '<a>\u001f</a>'],
    ['a quote of the other kind in an attribute', '<a b="\'"></a>'],
    ['text alone', 'x'],
    ['nothing', ''],
    ['a declaration where none belongs', '<?xml version="1.0" encoding="UTF-8"?><a></a>'],
  ])('refuses %s', (_title, source) => {
    expect(() => read(source)).toThrow(Malformed);
  });

  it.each([
    ['overlong UTF-8', Buffer.from([0x3c, 0x61, 0x3e, 0xc0, 0xaf, 0x3c, 0x2f, 0x61, 0x3e])],
    ['a lone surrogate', Buffer.from([0x3c, 0x61, 0x3e, 0xed, 0xa0, 0x80, 0x3c, 0x2f, 0x61, 0x3e])],
    ['Latin-1', Buffer.from('<a>å</a>', 'latin1')],
    ['UTF-16', Buffer.from('<a></a>', 'utf16le')],
  ])('refuses %s', (_title, bytes) => {
    expect(() => readXml(bytes, 'bare')).toThrow(Malformed);
  });

  it('requires the declaration of a whole document', () => {
    const declaration = '<?xml version="1.0" encoding="UTF-8" standalone="no"?>';
    expect(readXml(Buffer.from(`${declaration}<a></a>`), 'declared').name).toBe('a');
    for (const other of ['', '<?xml version="1.1" encoding="UTF-8"?>', '<?xml version="1.0" encoding="ISO-8859-1"?>']) {
      expect(() => readXml(Buffer.from(`${other}<a></a>`), 'declared')).toThrow('declaration');
    }
  });

  it('stops at its limits', () => {
    const nested = (depth: number): string => '<a>'.repeat(depth) + '</a>'.repeat(depth);
    expect(read(nested(xmlLimits.depth)).name).toBe('a');
    expect(() => read(nested(xmlLimits.depth + 1))).toThrow('too deep');
    expect(() => read(`<a>${'<b/>'.repeat(xmlLimits.elements)}</a>`)).toThrow('too many elements');
    expect(() => read(`<a>${'x'.repeat(xmlLimits.bytes)}</a>`)).toThrow('too large');
  });
});

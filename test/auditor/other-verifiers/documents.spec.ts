import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { XmlC14NMode, XmlDocument } from 'libxml2-wasm';
import { canonicalXml } from '../../../src/crypto/xml/canonical-xml.ts';
import { attempt, Malformed } from '../../../src/crypto/malformed.ts';
import { readXml } from '../../../src/crypto/xml/strict-xml.ts';
import type { CheckRow } from '../../../src/verification/report.ts';
import { algorithms } from '../../support/attacks/algorithms.ts';
import { parsing } from '../../support/attacks/parsing.ts';
import { wrapping } from '../../support/attacks/wrapping.ts';
import { makeVector, type Recipe } from '../../support/vectors/vector.ts';
import { mutateBytes, mutateXml, seeded } from './support/mutations.ts';
import { refusalOf } from './support/our-verdicts.ts';
import { askJava, describeWith, inPairs, run, workFolder, type Judgement } from './support/tools.ts';

interface Input {
  readonly title: string;
  readonly document: Buffer;
}

const folder = workFolder();
const sound = makeVector();
const source = Buffer.from(sound.completion.signature, 'base64');
const random = seeded(20_261_122);
const times = <T>(count: number, make: () => T): T[] => Array.from({ length: count }, make);
const documentOf = (recipe: Recipe): Buffer => Buffer.from(makeVector(recipe).completion.signature, 'base64');

/** Changed after signing: by bytes, and by constructs of XML. */
const changed: readonly Buffer[] = [
  ...times(900, () => mutateBytes(source, random)),
  ...times(900, () => Buffer.from(mutateXml(source.toString(), random))),
];
/** Changed before signing: sound but for their form. */
const signedSo: readonly Buffer[] = times(200, () => {
  const part = (['signedData', 'keyInfo', 'signedInfo'] as const)[random(3)] ?? 'signedData';
  return documentOf({ [part]: (xml: string) => mutateXml(xml, random) });
});
const attacks: readonly Input[] = [...wrapping, ...parsing, ...algorithms]
  .map(({ title, recipe }) => ({ title, document: documentOf(recipe) }))
  .filter(({ document }) => document.length < 500_000);
const inputs: readonly Input[] = [
  ...[source, ...changed, ...signedSo].map((document) => ({ title: 'a mutation', document })),
  ...attacks,
];

/** What these tools check. They judge the algorithms of the message, not those of certificates. */
const ours = (document: Buffer): CheckRow | undefined =>
  refusalOf({ signature: document.toString('base64') }, sound.trust, [
    'structure',
    'digests',
    'signature-value',
    'algorithms',
  ]);

/**
 * We refuse by structure what is none of BankID's profile, and by algorithms what is weak, whatever a general tool makes
 * of it; the table in docs/spec/verification.md says why. In every other case the judgements are the same.
 */
function disagreements(judged: readonly Input[], theirs: readonly Judgement[]): string[] {
  const found = judged.flatMap(({ title, document }, index) => {
    const refusal = ours(document);
    if (!refusal) return theirs[index] === 'accept' ? [] : [`only we accept ${title}`];
    const isStricter = ['structure', 'algorithms'].includes(refusal.id);
    return theirs[index] === 'refuse' || isStricter ? [] : [`only we refuse ${title}: ${refusal.detail}`];
  });
  return [...new Set(found)];
}

describe('libxml2', () => {
  const canonical = (document: Buffer): Buffer | undefined => {
    try {
      const parsed = XmlDocument.fromBuffer(document);
      try {
        return Buffer.from(parsed.canonicalizeToString({ mode: XmlC14NMode.XML_C14N_1_0 }));
      } finally {
        parsed.dispose();
      }
    } catch {
      return undefined;
    }
  };

  it('writes the canonical form of every document that we read as we do', () => {
    let read = 0;
    for (const { document } of inputs) {
      const tree = attempt(() => readXml(document, 'declared'));
      if (tree instanceof Malformed) continue;
      read++;
      expect(canonicalXml(tree).equals(canonical(document) ?? Buffer.alloc(0))).toBe(true);
    }
    expect(read).toBeGreaterThan(500);
  });
});

describeWith('java', 'javax.xml.crypto', () => {
  it('judges every document as we do, or is more lenient in its form', async () => {
    const theirs = await askJava(
      folder,
      inputs.map(({ document }) => `signature ${document.toString('base64') || 'AA=='}`),
    );
    expect(theirs).toHaveLength(inputs.length);
    expect(theirs[0]).toBe('accept');
    expect(disagreements(inputs, theirs)).toEqual([
      'only we refuse signature value: DigestInfo without NULL: the signature value does not verify',
    ]);
    expect(theirs.filter((one) => one === 'accept').length).toBeGreaterThan(50);
  });
});

describeWith('xmlsec1', 'xmlsec1', () => {
  const NAMES = [
    'http://www.bankid.com/signature/v1.0.0/types:bankIdSignedData',
    'http://www.w3.org/2000/09/xmldsig#:KeyInfo',
  ];
  const words = [
    '--verify',
    '--insecure',
    '--enabled-key-data',
    'x509',
    ...NAMES.flatMap((name) => ['--id-attr:Id', name]),
  ];

  it('judges a sample of the documents as we do, or is more lenient in its form', async () => {
    const sample = inputs.filter((_input, index) => index % 40 === 0);
    const theirs = await inPairs(sample, async ({ document }, index): Promise<Judgement> => {
      const path = join(folder, `${index}.xml`);
      writeFileSync(path, document);
      return (await run('xmlsec1', ...words, path)).code === 0 ? 'accept' : 'refuse';
    });
    expect(theirs[0]).toBe('accept');
    expect(disagreements(sample, theirs)).toEqual([]);
  });
});

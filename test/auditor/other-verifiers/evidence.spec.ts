import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { paths } from '../../support/attacks/paths.ts';
import { responses } from '../../support/attacks/responses.ts';
import type { Attack } from '../../support/attacks/attack.ts';
import { acceptAnchors, parseTrustAnchor } from '../../../src/verification/trust-anchors.ts';
import { englishChecks } from '../../../src/verification/messages.en.ts';
import { messageOf, render } from '../../../src/verification/messages.ts';
import { changePki, issue, toPem, type Role } from '../../support/vectors/test-pki.ts';
import { makeVector, producedAt } from '../../support/vectors/vector.ts';
import { strictPaths, strictResponses } from './support/explained.ts';
import { mutateBytes, seeded } from './support/mutations.ts';
import { pathOutcome, refusalOf } from './support/our-verdicts.ts';
import { askJava, describeWith, inPairs, run, workFolder, type Judgement } from './support/tools.ts';

const folder = workFolder();
const random = seeded(6_960);
const AT = String(Math.trunc(producedAt.getTime() / 1000));
const times = <T>(count: number, make: () => T): T[] => Array.from({ length: count }, make);
const file = (name: string, content: string | Buffer): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};
const soundDer = certificatesOf({ title: '', recipe: {}, verdict: '', check: '' });

function certificatesOf({ recipe }: Attack): Readonly<Record<Role, Buffer>> {
  const pki = changePki(recipe.pki ?? {});
  return {
    root: issue(pki.root),
    bankCa: issue(pki.bankCa),
    customerCa: issue(pki.customerCa),
    leaf: issue(pki.leaf),
    responder: issue(pki.responder),
  };
}

interface PathInput {
  readonly title: string;
  readonly root: Buffer;
  readonly chain: readonly Buffer[];
}

/** Chains in the message's order; those whose order or number is the attack are no path to begin with. */
const pathInputs: readonly PathInput[] = [
  { title: 'sound', root: soundDer.root, chain: [soundDer.leaf, soundDer.customerCa, soundDer.bankCa] },
  ...paths
    .filter(({ recipe }) => !recipe.chain && !recipe.keyInfo)
    .map((attack) => {
      const { root, leaf, customerCa, bankCa } = certificatesOf(attack);
      return { title: attack.title, root, chain: [leaf, customerCa, bankCa] };
    }),
  ...times(900, () => {
    const chain = [soundDer.leaf, soundDer.customerCa, soundDer.bankCa];
    const at = random(3);
    chain[at] = mutateBytes(chain[at]!, random);
    return { title: 'a mutation', root: soundDer.root, chain };
  }),
];

/** `undefined`: accepted. What is sound by RFC 5280 but not BankID's is no business of these tools. */
function ourPath({ root, chain }: PathInput): string | undefined {
  const outcome = pathOutcome(chain, acceptAnchors([parseTrustAnchor(toPem(root), 'accept-unpinned')], ['unpinned']));
  if (outcome.status === 'passed') return undefined;
  return 'subIndication' in outcome && outcome.subIndication === 'CHAIN_CONSTRAINTS_FAILURE'
    ? 'BankID'
    : render(englishChecks, messageOf(outcome.reason));
}

/** Where one accepts and the other refuses, but for what is explained and what only BankID's profile asks. */
function pathDisagreements(inputs: readonly PathInput[], theirs: readonly Judgement[]): string[] {
  const found = inputs.flatMap((input, index) => {
    const refusal = ourPath(input);
    if (refusal === 'BankID') return [];
    if ((refusal === undefined) === (theirs[index] === 'accept')) return [];
    if (refusal === undefined) return [`only we accept ${input.title}`];
    return Object.hasOwn(strictPaths, input.title) ? [] : [`only we refuse ${input.title}: ${refusal}`];
  });
  return [...new Set(found)];
}

describeWith('java', 'PKIX of the JDK', () => {
  it('judges certification paths as we do, or the difference is explained', async () => {
    const lines = pathInputs.map(({ root, chain }) =>
      ['path', AT, ...[root, ...chain].map((der) => der.toString('base64'))].join(' '),
    );
    const theirs = await askJava(folder, lines);
    expect(theirs).toHaveLength(pathInputs.length);
    expect(theirs[0]).toBe('accept');
    expect(pathDisagreements(pathInputs, theirs)).toEqual([]);
  });
});

describeWith('openssl', 'openssl verify', () => {
  it('judges certification paths as we do, or the difference is explained', async () => {
    const inputs = pathInputs.filter(({ title }, index) => title !== 'a mutation' || index % 12 === 0);
    const theirs = await inPairs(inputs, async ({ root, chain: [leaf, ...others] }, index): Promise<Judgement> => {
      const rootFile = file(`${index}.root.pem`, toPem(root));
      const cas = file(`${index}.cas.pem`, others.map(toPem).join(''));
      const leafFile = file(`${index}.leaf.pem`, toPem(leaf ?? Buffer.alloc(0)));
      const words = ['-attime', AT, '-CAfile', rootFile, '-untrusted', cas, leafFile];
      return (await run('openssl', 'verify', ...words)).code === 0 ? 'accept' : 'refuse';
    });
    expect(theirs[0]).toBe('accept');
    expect(pathDisagreements(inputs, theirs)).toEqual([]);
  });
});

describeWith('openssl', 'openssl ocsp', () => {
  interface ResponseInput {
    readonly title: string;
    readonly der: Buffer;
    readonly customerCa: Buffer;
    readonly bankCa: Buffer;
    readonly leaf: Buffer;
    readonly root: Buffer;
    readonly signature: string;
  }
  const responseOf = (attack: Attack): ResponseInput => {
    const { completion } = makeVector(attack.recipe);
    const ocsp = attack.changes?.completion?.ocspResponse ?? completion.ocspResponse ?? '';
    return {
      title: attack.title,
      ...certificatesOf(attack),
      signature: completion.signature,
      der: Buffer.from(ocsp, 'base64'),
    };
  };
  const genuine = responseOf({ title: 'sound', recipe: {}, verdict: '', check: '' });
  const inputs: readonly ResponseInput[] = [
    genuine,
    ...responses.filter(({ recipe }) => recipe.ocsp !== 'none').map(responseOf),
    ...times(80, () => ({ ...genuine, title: 'a mutation', der: mutateBytes(genuine.der, random) })),
  ];

  it('judges responses as we do, or the difference is explained', async () => {
    const theirs = await inPairs(inputs, async ({ der, customerCa, bankCa, leaf, root }, index): Promise<Judgement> => {
      const words = [
        ['-respin', file(`${index}.ocsp`, der)],
        ['-issuer', file(`${index}.issuer.pem`, toPem(customerCa))],
        ['-cert', file(`${index}.cert.pem`, toPem(leaf))],
        ['-CAfile', file(`${index}.ca.pem`, toPem(root))],
        ['-verify_other', file(`${index}.other.pem`, toPem(customerCa) + toPem(bankCa))],
        ['-attime', AT],
        ['-no_nonce', '-no-CApath', '-no-CAstore'],
      ].flat();
      const { output } = await run('openssl', 'ocsp', ...words);
      return output.includes('Response verify OK') && /\.cert\.pem: good/.test(output) ? 'accept' : 'refuse';
    });
    expect(theirs[0]).toBe('accept');
    const found = inputs.flatMap(({ title, der, root, signature }, index) => {
      const completion = { signature, ocspResponse: der.toString('base64') };
      const trust = acceptAnchors([parseTrustAnchor(toPem(root), 'accept-unpinned')], ['unpinned']);
      // The nonce is BankID's.
      const refusal = refusalOf(completion, trust, ['ocsp', 'certid', 'status', 'times']);
      if ((refusal === undefined) === (theirs[index] === 'accept')) return [];
      if (refusal === undefined) return [`only we accept ${title}`];
      return Object.hasOwn(strictResponses, title) ? [] : [`only we refuse ${title}: ${refusal.detail}`];
    });
    expect([...new Set(found)]).toEqual([]);
  });
});

import { algorithms, namespaces, type AttributeRule, type ElementRule } from './bankid-schema.ts';

const { dsig, bankid } = namespaces;

const none: readonly AttributeRule[] = [];

function leaf(
  namespace: string,
  kind: 'base64' | 'empty' | 'open',
  attributes: readonly AttributeRule[] = none,
): ElementRule {
  return { namespace, declares: 'never', attributes, content: { kind } };
}

function oneOf(...permitted: readonly string[]): ElementRule {
  return { namespace: bankid, declares: 'never', attributes: none, content: { kind: 'oneOf', values: permitted } };
}

type Occurs = 'once' | 'optional' | 'any';

function parent(
  namespace: string,
  children: readonly (readonly [name: string, rule: ElementRule, occurs?: Occurs])[],
  more: Partial<Pick<ElementRule, 'declares' | 'attributes'>> = {},
): ElementRule {
  return {
    namespace,
    declares: 'never',
    attributes: none,
    ...more,
    content: { kind: 'children', children: children.map(([name, rule, occurs = 'once']) => ({ name, rule, occurs })) },
  };
}

function algorithm(...permitted: readonly string[]): ElementRule {
  return leaf(dsig, 'empty', [{ name: 'Algorithm', values: permitted }]);
}

function reference(attributes: readonly AttributeRule[]): ElementRule {
  return parent(
    dsig,
    [
      ['Transforms', parent(dsig, [['Transform', algorithm(algorithms.c14n)]])],
      ['DigestMethod', algorithm(algorithms.sha256, algorithms.sha1)],
      ['DigestValue', leaf(dsig, 'base64')],
    ],
    { attributes },
  );
}

const signedInfo = parent(
  dsig,
  [
    ['CanonicalizationMethod', algorithm(algorithms.c14n)],
    ['SignatureMethod', algorithm(algorithms.rsaSha256, algorithms.rsaSha1)],
    [
      'Reference',
      reference([
        { name: 'Type', values: [bankid] },
        { name: 'URI', values: ['#bidSignedData'] },
      ]),
    ],
    ['Reference', reference([{ name: 'URI', values: ['#bidKeyInfo'] }])],
  ],
  { declares: 'may' },
);

const keyInfo = parent(dsig, [['X509Data', parent(dsig, [['X509Certificate', leaf(dsig, 'base64'), 'any']])]], {
  declares: 'may',
  attributes: [{ name: 'Id', values: ['bidKeyInfo'] }],
});

const visibleAttributes: readonly AttributeRule[] = [
  { name: 'charset', values: ['UTF-8'] },
  { name: 'format', values: ['simpleMarkdownV1'], optional: true },
  { name: 'visible', values: ['wysiwys'] },
];

const signedData = parent(
  bankid,
  [
    ['usrVisibleData', leaf(bankid, 'base64', visibleAttributes)],
    ['usrNonVisibleData', leaf(bankid, 'base64'), 'optional'],
    [
      'srvInfo',
      parent(bankid, [
        ['name', leaf(bankid, 'base64')],
        ['nonce', leaf(bankid, 'base64')],
        ['displayName', leaf(bankid, 'base64')],
      ]),
    ],
    [
      'clientInfo',
      parent(bankid, [
        ['funcId', oneOf('Identification', 'Signing')],
        ['version', leaf(bankid, 'base64')],
        ['env', leaf(bankid, 'open')],
      ]),
    ],
  ],
  { declares: 'must', attributes: [{ name: 'Id', values: ['bidSignedData'] }] },
);

/** The whole document. @see the profile in docs/spec: element order, attributes and algorithms of genuine signatures */
export const signatureRule = parent(
  dsig,
  [
    ['SignedInfo', signedInfo],
    ['SignatureValue', leaf(dsig, 'base64')],
    ['KeyInfo', keyInfo],
    ['Object', parent(dsig, [['bankIdSignedData', signedData]])],
  ],
  { declares: 'must' },
);

/** Elements of `env` seen in genuine signatures. An unknown one is reported, not refused: this table may grow. */
export const knownEnvironmentElements: ReadonlySet<string> = new Set([
  'ai',
  'type',
  'deviceInfo',
  'uhi',
  'fsib',
  'utb',
  'requirement',
  'condition',
  'value',
  'uauth',
]);

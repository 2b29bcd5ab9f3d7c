import { extensions } from './der-writer.ts';
import { verdicts, type Row } from './row.ts';
import { leafName } from './test-pki.ts';

const { OTHER } = verdicts;
/** Its check digit is wrong. */
const unknownNumber = '199001012386';
const policy = extensions.policy('1.2.3.4.5');

export const refusedContents: readonly Row[] = [
  ['another text', { visibleText: 'Betala 1 kr' }, OTHER, 'content'],
  ['a text with one space more at its end', {}, OTHER, 'content', { expectation: { visibleData: Buffer.from('x') } }],
  ['markdown', { visibleAttributes: 'charset="UTF-8" format="simpleMarkdownV1" visible="wysiwys"' }, OTHER, 'content'],
  ['other non-visible data', { nonVisibleData: Buffer.from('{}') }, OTHER, 'content'],
  ['no non-visible data', { nonVisibleData: null }, OTHER, 'content'],
  ['other non-visible data than we sent', {}, OTHER, 'content', { expectation: { nonVisibleData: Buffer.from('{}') } }],
  ['another environment', {}, OTHER, 'content', { expectation: { environment: 'production' } }],
  ['a consent that is not bound to a payer', {}, OTHER, 'content', { expectation: { payer: { kind: 'unbound' } } }],
  ['a signature for another service', { relyingParty: 'cn=Other,c=SE' }, OTHER, 'relying-party'],
  [
    'an identification',
    { funcId: 'Identification', pki: { leaf: { extensions: [policy, extensions.digitalSignature] } } },
    OTHER,
    'signer',
  ],
  [
    'signing with an identification key',
    { pki: { leaf: { extensions: [policy, extensions.digitalSignature] } } },
    OTHER,
    'signer',
  ],
  ['identification with a signing key', { funcId: 'Identification' }, OTHER, 'signer'],
  [
    'another person than bound',
    {},
    OTHER,
    'payer',
    { expectation: { payer: { kind: 'bound', personalNumber: '191212121212' as never } } },
  ],
  ["another person than BankID's answer", {}, OTHER, 'payer', { completion: { personalNumber: '191212121212' } }],
  [
    'a certificate whose number belongs to no person',
    {
      pki: {
        leaf: { subject: leafName.map(([type, value]) => [type, type === '2.5.4.5' ? unknownNumber : value] as const) },
      },
    },
    OTHER,
    'payer',
    {
      completion: { personalNumber: unknownNumber },
      expectation: { payer: { kind: 'bound', personalNumber: unknownNumber as never } },
    },
  ],
  ["no person in BankID's answer", {}, OTHER, 'payer', { completion: { personalNumber: undefined } }],
];

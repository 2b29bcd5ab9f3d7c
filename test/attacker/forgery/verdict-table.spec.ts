import { extensions, generalizedTime, octets, tlv } from '../../support/vectors/der-writer.ts';
import { refusedContents } from '../../support/vectors/refused-contents.ts';
import { refusedDocuments } from '../../support/vectors/refused-documents.ts';
import { refusedOcspResponses } from '../../support/vectors/refused-ocsp-responses.ts';
import { refusedPaths } from '../../support/vectors/refused-paths.ts';
import { replace, seconds, verdicts, type Row } from '../../support/vectors/row.ts';
import { soundPki } from '../../support/vectors/test-pki.ts';
import {
  bankidNonce,
  good,
  makeVector,
  orderStartedAt,
  producedAt,
  revoked,
  type Recipe,
} from '../../support/vectors/vector.ts';
import { refusalsOf, reportOf, verdictOf } from '../../support/vectors/verify.ts';

const { LATER } = verdicts;
const { responder } = soundPki;

const rows: readonly Row[] = [...refusedDocuments, ...refusedPaths, ...refusedOcspResponses, ...refusedContents];

describe('the verdict on a consent signature', () => {
  it('is TOTAL-PASSED where every check passes, and names signer, time and root', () => {
    const report = reportOf({});
    expect(report).toMatchObject({
      indication: 'TOTAL-PASSED',
      subIndication: null,
      scope: 'consent',
      matches: 'yes',
      environment: 'unpinned',
      payer: 'bound',
      signedAt: producedAt.toISOString(),
      signer: { personalNumber: '199001012385', name: 'Anna Andersson' },
      warnings: [],
    });
    expect(report.checks.every(({ status }) => status === 'passed')).toBe(true);
    expect(report.trustAnchor).toMatch(/^Vector Root CA v1, SHA-256 ([0-9A-F]{2}:){31}[0-9A-F]{2}$/);
  });

  it.each(rows.map((row) => ({ title: row[0], row })))('refuses $title', ({ row }) => {
    const [, recipe, verdict, check, changes] = row;
    const report = reportOf(recipe, changes);
    expect(verdictOf(report)).toBe(verdict);
    expect(refusalsOf(report)).toEqual([check]);
    expect(report.matches === 'yes' && report.indication === 'TOTAL-PASSED').toBe(false);
  });

  const accepted: readonly (readonly [string, Recipe])[] = [
    [
      'a nonce in an OCTET STRING of its own',
      { ocsp: { responseExtensions: (nonce) => [extensions.nonce(octets(nonce))] } },
    ],
    ['empty singleExtensions', { ocsp: { singleExtensions: [] } }],
    ['a nextUpdate still to come', { ocsp: { nextUpdate: seconds(producedAt, 60) } }],
    [
      'an unknown extension that is not critical',
      { pki: { responder: { extensions: [...responder.extensions, extensions.unknown(false)] } } },
    ],
    ['an unknown element inside env', { signedData: replace('<uauth>', '<news>1</news><uauth>') }],
    ['elements written in another, equivalent form', { document: replace('<Object>', '<Object\n >') }],
  ];
  it.each(accepted)('accepts %s', (_title, recipe) => {
    expect(verdictOf(reportOf(recipe))).toBe('TOTAL-PASSED');
  });

  it('keeps the order of the checks: the first that does not pass decides', () => {
    const report = reportOf({ ocsp: { status: revoked(orderStartedAt), nonce: () => bankidNonce('another') } });
    expect(verdictOf(report)).toBe('TOTAL-FAILED/REVOKED');
    expect(refusalsOf(report)).toEqual(['status', 'nonce']);
  });

  it('lets a weak OCSP algorithm decide only where all else is in order', () => {
    expect(verdictOf(reportOf({ ocsp: { hash: 'sha1', nonce: () => bankidNonce('another') } }))).toBe(LATER);
  });

  it('gives an expired certificate without OCSP response another class', () => {
    const report = reportOf({ ocsp: 'none', pki: { leaf: { notAfter: orderStartedAt } } });
    expect(verdictOf(report)).toBe('INDETERMINATE/OUT_OF_BOUNDS_NO_POE');
  });

  it('refuses the OCSP response of another signature', () => {
    const [a, b] = [makeVector({}), makeVector({ visibleText: 'x' })];
    const report = reportOf({}, { completion: { ...a.completion, ocspResponse: b.completion.ocspResponse } });
    expect(refusalsOf(report)).toEqual(['nonce']);
  });
});

it('the vectors are made of sound parts', () => {
  expect(good).toEqual(tlv(0x80));
  expect(generalizedTime(producedAt).subarray(2).toString()).toBe('20260601120030Z');
});

import { randomBytes, randomUUID } from 'node:crypto';
import { sealAnswer } from '../../../src/bankid-sign/order/sealed-order.ts';
import { canonicalJson } from '../../../src/crypto/json/canonical-json.ts';
import { newEvidenceId, type OrderId } from '../../../src/kernel/ids.ts';
import type { JsonObject } from '../../../src/kernel/json.ts';
import { DataKey } from '../../../src/vault/envelope.ts';
import type { Report } from '../../../src/verification/report.ts';
import { sha256OfPem } from '../../../src/evidence/signature-trust.ts';
import type { SealedBody } from '../../../src/evidence/store/sealed-body.ts';
import { openBody, openContent, sealContent } from '../../../src/evidence/store/sealed-content.ts';

const subject = 'consent:bank:1';
const key = new DataKey(subject, randomUUID(), randomBytes(32));
const orderId = randomUUID() as OrderId;
const rootPem = 'a root';
const content = {
  orderId,
  signatureText: 'c2ln',
  ocspBase64: 'MAMKAQA=',
  statement: { amount: '1250.00' },
  visibleText: Buffer.from('Betala'),
  nonVisibleData: Buffer.from('{}'),
  circumstances: { browser: { ip: '192.0.2.1' } },
  relyingPartyName: 'cn=x',
};
const report = { indication: 'TOTAL-PASSED' } as Report;
const completion = { completionData: { signature: content.signatureText, ocspResponse: content.ocspBase64 } };
const answers = new Map<string, Buffer>([[orderId, sealAnswer(key, orderId, Buffer.from(JSON.stringify(completion)))]]);
const row = sealContent(key, subject, report, content, sha256OfPem(rootPem));
const body = openBody(row, key);
const open = (change: Partial<SealedBody>, evidenceId = row.evidenceId) =>
  openContent({ ...row, evidenceId, rootPem }, key, { ...body, ...change }, answers);
const rewritten = (text: string, change: JsonObject): string =>
  canonicalJson({ ...(JSON.parse(text) as JsonObject), ...change });

describe('the content of an evidence', () => {
  it('is opened as it was sealed, under the id that its circumstances name', () => {
    const opened = open({});
    expect(opened).toMatchObject({ signature: 'c2ln', report: '{"indication":"TOTAL-PASSED"}', root: rootPem });
    expect(JSON.parse(opened.circumstances)).toEqual({ ...content.circumstances, evidenceId: row.evidenceId });
  });

  it.each<[string, Partial<SealedBody>]>([
    ['circumstances', { circumstances: rewritten(body.circumstances, { browser: { ip: '192.0.2.2' } }) }],
    ['report', { report: rewritten(body.report, { warnings: [] }) }],
    ['visible text', { visibleText: Buffer.from('Betala inte') }],
    ['consent', { consent: rewritten(body.consent, { amount: '9250.00' }) }],
    ['random bytes', { random: randomBytes(32) }],
  ])('is not opened with other %s, written by the holder of its data key', (_, change) => {
    expect(() => open(change)).toThrow(/does not match its stored digest/);
  });

  it('is not opened in the row of another evidence, though digest and seal were moved with it', () => {
    expect(() => open({}, newEvidenceId())).toThrow(/circumstances of another/);
  });
});

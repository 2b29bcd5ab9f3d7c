import { checkIds, type CheckId } from '../../../src/verification/report.ts';
import { verdictOf } from '../../support/vectors/verify.ts';
import { algorithms } from '../../support/attacks/algorithms.ts';
import { contents } from '../../support/attacks/contents.ts';
import { paths } from '../../support/attacks/paths.ts';
import { responses } from '../../support/attacks/responses.ts';
import { wrapping } from '../../support/attacks/wrapping.ts';
import { attackReport } from '../../support/attacks/attack.ts';
import { describeAttacks } from '../../support/attacks/describe-attacks.ts';
import { without } from '../../support/attacks/lenient-checks.ts';

describeAttacks('D. path', paths);
describeAttacks('E. OCSP', responses);
describeAttacks('on the content', contents);

/** Of each check an attack that nothing else catches. */
const alone: Readonly<Record<CheckId, string>> = {
  structure: 'XSW7: a second Object with the forgery last, the same Id',
  digests: 'an element of env taken away',
  'signature-value': 'a signature by another key',
  path: 'a chain to a root of the same name',
  algorithms: 'SHA-1 as signature method',
  ocsp: 'a responder that the CA did not sign',
  certid: 'an answer about another serial',
  status: 'revoked before the order',
  nonce: 'signature A with the response of signature B',
  times: 'a leaf expired before the order',
  'order-start': 'a response older than the order',
  receipt: 'a response younger than its receipt',
  content: 'another text',
  'relying-party': 'a signature for another service',
  signer: 'an identification',
  payer: 'another person than bound',
};

describe('a verifier without one of its checks', () => {
  const attacks = [...wrapping, ...algorithms, ...paths, ...responses, ...contents];

  it.each(checkIds)('passes what only %s refuses', (id) => {
    const attack = attacks.find(({ title, check }) => title === alone[id] && check === id);
    expect(attack).toBeDefined();
    expect(verdictOf(attackReport(attack!))).toBe(attack!.verdict);
    expect(verdictOf(attackReport(attack!, without(id)))).toBe('TOTAL-PASSED');
  });

  it.each(checkIds)('passes a genuine signature without %s too', (id) => {
    const genuine = { title: '', recipe: {}, verdict: 'TOTAL-PASSED', check: '' };
    expect(verdictOf(attackReport(genuine, without(id)))).toBe('TOTAL-PASSED');
  });
});

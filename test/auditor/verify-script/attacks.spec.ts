import { EvidenceFolders, withTools } from '../../support/evidence/evidence-folders.ts';
import { algorithms } from '../../support/attacks/algorithms.ts';
import { responses } from '../../support/attacks/responses.ts';
import { folderOf } from '../../support/evidence/evidence-export.ts';
import { good, makeVector, producedAt, type Recipe } from '../../support/vectors/vector.ts';

const folders = new EvidenceFolders();
const attackOf = (title: string): Recipe => {
  const found = [...algorithms, ...responses].find((attack) => attack.title === title);
  if (!found) throw new Error(`no attack ${title}`);
  return found.recipe;
};
const before = new Date(producedAt.getTime() - 1000);

withTools('verify.sh', () => {
  afterAll(() => folders.close());

  it('accepts the sound evidence that the attacks begin with', () => {
    expect(folders.run(folders.write(folderOf(makeVector()))).status).toBe(0);
  });

  it.each<readonly [string, Recipe, RegExp]>([
    [
      'a payer whose certificate is signed over SHA-1',
      { pki: { leaf: { hash: 'sha1' } } },
      /leaf certificate is not signed/,
    ],
    ['a CA whose certificate is signed over SHA-1', { pki: { customerCa: { hash: 'sha1' } } }, /certificate/],
    ["a payer's key of 1024 bits", attackOf("a payer's key of 1024 bits"), /leaf certificate has no RSA key/],
    [
      "a payer's key of exponent 3",
      attackOf("a payer's key of exponent 3"),
      /leaf certificate has a small RSA exponent/,
    ],
    ['an OCSP response over SHA-1', { ocsp: { hash: 'sha1' } }, /OCSP response is not signed by RSA over SHA-256/],
    [
      "a responder's key of 1024 bits",
      { pki: { responder: { key: 'short' } } },
      /responder certificate has no RSA key/,
    ],
    ['a responder that is a TLS server', attackOf('a responder that may sign as TLS server only'), /responder/],
    ['a responder that is a CA', attackOf('a responder that is a CA'), /responder is a CA/],
    ['a responder that the CA did not sign', attackOf('a self-signed responder'), /responder/],
    ['the payer as responder', { ocsp: { signedWith: 'leaf' } }, /OCSP response is not genuine/],
    ['an answer about another certificate', { ocsp: { serial: Buffer.from([9, 9, 9]) } }, /about another certificate/],
    ['an answer that had ended', { ocsp: { status: good, thisUpdate: before, nextUpdate: before } }, /had ended/],
    [
      'an answer older than the order',
      { ocsp: { producedAt: new Date('2026-06-01T11:58:00Z') } },
      /older than the order/,
    ],
  ])('refuses %s, though all sums are right', (_, recipe, reason) => {
    const { status, stdout } = folders.run(folders.write(folderOf(makeVector(recipe))));
    expect(stdout).toMatch(reason);
    expect(stdout).not.toContain('PASSED');
    expect(status).toBe(1);
  });
});

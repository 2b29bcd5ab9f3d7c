import 'reflect-metadata';
import { X509CertificateGenerator, cryptoProvider } from '@peculiar/x509';
import { relyingPartyName } from './relying-party-name.ts';

async function certificateOf(...subject: readonly (readonly [string, string])[]): Promise<Uint8Array> {
  cryptoProvider.set(crypto);
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const certificate = await X509CertificateGenerator.createSelfSigned(
    {
      name: subject.map(([type, value]) => ({ [type]: [value] })),
      serialNumber: '01',
      notBefore: new Date('2026-01-01T00:00:00Z'),
      notAfter: new Date('2028-01-01T00:00:00Z'),
      signingAlgorithm: algorithm,
      keys,
    },
    crypto,
  );
  return new Uint8Array(certificate.rawData);
}

describe('the relying party’s name', () => {
  it('has the form of BankID’s genuine signatures: last attribute first, types in lower case', async () => {
    const certificate = await certificateOf(
      ['C', 'SE'],
      ['O', 'Testbank A AB (publ)'],
      ['2.5.4.5', '12345678'],
      ['2.5.4.41', 'Test av BankID'],
      ['CN', 'FP Testcert 2'],
    );
    expect(relyingPartyName(certificate)).toBe(
      'cn=FP Testcert 2,name=Test av BankID,serialNumber=12345678,o=Testbank A AB (publ),c=SE',
    );
  });

  it('keeps Swedish letters', async () => {
    expect(relyingPartyName(await certificateOf(['C', 'SE'], ['O', 'Räksmörgås AB'], ['CN', 'Åsa']))).toBe(
      'cn=Åsa,o=Räksmörgås AB,c=SE',
    );
  });

  it('comes from nothing but a certificate', () => {
    expect(() => relyingPartyName(Buffer.from('no certificate'))).toThrow();
  });
});

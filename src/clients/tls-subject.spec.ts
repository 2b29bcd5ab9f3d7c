import 'reflect-metadata';
import { webcrypto, X509Certificate } from 'node:crypto';
import {
  cryptoProvider,
  type JsonName,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';
import { isSubject, type TlsSubject } from './tls-subject.ts';

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;

cryptoProvider.set(webcrypto as unknown as Parameters<typeof cryptoProvider.set>[0]);

async function certificateOf(name: JsonName): Promise<X509Certificate> {
  const made = await X509CertificateGenerator.createSelfSigned({
    name,
    keys: await webcrypto.subtle.generateKey(algorithm, false, ['sign', 'verify']),
    signingAlgorithm: algorithm,
    notBefore: new Date('2026-01-01'),
    notAfter: new Date('2027-01-01'),
    extensions: [
      new SubjectAlternativeNameExtension([
        { type: 'ip', value: '2001:db8::1' },
        { type: 'ip', value: '192.0.2.1' },
        { type: 'dns', value: 'a.example' },
      ]),
    ],
  });
  return new X509Certificate(Buffer.from(made.rawData));
}

const dn = (value: string): TlsSubject => ({ field: 'tls_client_auth_subject_dn', value });
const ip = (value: string): TlsSubject => ({ field: 'tls_client_auth_san_ip', value });

describe('a certificate', () => {
  const name: JsonName = [{ C: ['SE'] }, { O: ['Foo, Inc'], OU: ['a + b'] }, { CN: ['x'] }];

  it.each([
    String.raw`CN=x,O=Foo\, Inc+OU=a \+ b,C=SE`,
    String.raw`CN=x,OU=a \+ b+O=Foo\, Inc,C=SE`,
    String.raw`CN=x,OU=a \+ b + O=Foo\, Inc,C=SE`,
  ])('is known by a name with several attributes in one part, in either order: %s', async (value) => {
    expect(isSubject(await certificateOf(name), dn(value))).toBe(true);
  });

  it.each([
    String.raw`CN=x,O=Foo\, Inc,C=SE`,
    String.raw`CN=x,O=Foo\, Inc,OU=a \+ b,C=SE`,
    String.raw`C=SE,O=Foo\, Inc+OU=a \+ b,CN=x`,
    String.raw`CN=x,O=Foo\, Inc+OU=a+b,C=SE`,
    String.raw`CN=x,O=Foo\, Inc+OU=a \+ b,C=SE,`,
    '',
  ])('is not known by another name: %s', async (value) => {
    expect(isSubject(await certificateOf(name), dn(value))).toBe(false);
  });

  it.each(['2001:db8::1', '2001:DB8:0:0:0:0:0:1', '192.0.2.1'])(
    'is known by its address however it is written: %s',
    async (value) => {
      expect(isSubject(await certificateOf(name), ip(value))).toBe(true);
    },
  );

  it.each(['2001:db8::2', '192.0.2.2', 'a.example', '::ffff:192.0.2.2'])(
    'is not known by another address: %s',
    async (value) => {
      expect(isSubject(await certificateOf(name), ip(value))).toBe(false);
    },
  );
});

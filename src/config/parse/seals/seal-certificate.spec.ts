import 'reflect-metadata';
import { createPrivateKey, webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import { ConfigFixture, signingJwks } from '../../../../test/support/config/config-fixture.ts';
import { readFileWithMode } from '../../load-config.ts';
import { parseConfig } from '../../parse-config.ts';

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;

interface Issued {
  readonly certificate: x509.X509Certificate;
  readonly keys: webcrypto.CryptoKeyPair;
}

async function issue(name: string, issuer?: Issued): Promise<Issued> {
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const certificate = await x509.X509CertificateGenerator.create({
    subject: name,
    issuer: issuer?.certificate.subject ?? name,
    publicKey: keys.publicKey,
    signingKey: issuer?.keys.privateKey ?? keys.privateKey,
    signingAlgorithm: algorithm,
    extensions: [new x509.BasicConstraintsExtension(issuer === undefined, undefined, true)],
  });
  return { certificate, keys };
}

const pem = (...issued: readonly Issued[]): string =>
  issued.map(({ certificate }) => certificate.toString('pem')).join('\n');

async function jwkOf({ keys }: Issued, kid = 'seals-2026'): Promise<object> {
  const der = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey));
  const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  return { ...key.export({ format: 'jwk' }), kid, purpose: 'seals' };
}

describe('the certificate of seals', () => {
  let fixture: ConfigFixture;
  let root: Issued;
  let seal: Issued;
  let other: Issued;
  beforeAll(async () => {
    fixture = await ConfigFixture.create();
    root = await issue('CN=Root');
    [seal, other] = await Promise.all([issue('CN=Seal', root), issue('CN=Other', root)]);
  });
  afterAll(() => fixture.remove());

  const signing = (...keys: readonly object[]): string =>
    fixture.file('signing-with-seals.json', JSON.stringify({ keys: [...signingJwks(), ...keys] }));
  const faults = (keys: readonly object[], certificates?: string): readonly string[] =>
    fixture.productionFaults({
      SIGNING_KEYS_FILE: signing(...keys),
      ...(certificates === undefined ? {} : { SEAL_CERTIFICATE_FILE: fixture.file('seal.pem', certificates) }),
    });

  it('is that of the first key for seals, with those that lead to its root', async () => {
    const keys = [await jwkOf(seal), await jwkOf(other, 'seals-2025')];
    const env = {
      ...fixture.sandbox,
      SIGNING_KEYS_FILE: signing(...keys),
      SEAL_CERTIFICATE_FILE: fixture.file('seal.pem', pem(seal, root)),
    };
    const config = parseConfig(env, readFileWithMode, () => undefined);
    expect(config.seal?.chain).toEqual([seal, root].map(({ certificate }) => Buffer.from(certificate.rawData)));
  });

  it('is not needed where there is no key for seals', () => {
    expect(parseConfig(fixture.sandbox, readFileWithMode, () => undefined).seal).toBeUndefined();
  });

  it('is refused with a reason if it is not that of the key, is an authority’s, or is in no order', async () => {
    const key = await jwkOf(seal);
    expect(faults([key])).toEqual([expect.stringMatching(/^SEAL_CERTIFICATE_FILE is not set/)]);
    expect(faults([], pem(seal))).toEqual([expect.stringMatching(/^SIGNING_KEYS_FILE has no key for seals/)]);
    expect(faults([key], pem(other, root))).toEqual([expect.stringMatching(/does not begin with the certificate of/)]);
    expect(faults([key], pem(root, seal))).toEqual([expect.stringMatching(/does not begin with the certificate of/)]);
    expect(faults([key], pem(seal, other))).toEqual([expect.stringMatching(/certificate 1 was not issued by/)]);
    expect(faults([key], pem(seal))).toEqual([expect.stringMatching(/does not end with the certificate of a root/)]);
    expect(faults([key], 'no certificate')).toEqual([expect.stringMatching(/no certificate in PEM/)]);
    expect(faults([await jwkOf(root)], pem(root))).toEqual([expect.stringMatching(/certificate of an authority/)]);
  });

  it('is not that of an Ed25519 key, with which no CAdES seal is made', () => {
    const [ed25519] = signingJwks().filter(({ purpose }) => purpose === 'ledger');
    expect(faults([{ ...ed25519, kid: 'x', purpose: 'seals' }])).toEqual([expect.stringMatching(/P-256 or RSA/)]);
  });
});

import { generateKeyPairSync } from 'node:crypto';
import { importProofKey } from './proof-key.ts';

function rsaJwk(modulusLength: number): Record<string, string> {
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength });
  return { ...publicKey.export({ format: 'jwk' }) } as Record<string, string>;
}

describe('the RSA key of a proof', () => {
  const jwk = rsaJwk(2048);

  it('has 2048 bits at least', () => {
    expect(importProofKey(jwk, 'PS256')).toBeDefined();
    expect(importProofKey(rsaJwk(2040), 'PS256')).toBeUndefined();
    expect(importProofKey(rsaJwk(1024), 'PS256')).toBeUndefined();
  });

  it('is not so large that refusing it takes long', () => {
    const largest = 'w'.repeat(682) + '8';
    expect(importProofKey({ ...jwk, n: largest }, 'PS256')).toBeDefined();
    expect(importProofKey({ ...jwk, n: `${largest}A` }, 'PS256')).toBeUndefined();
    expect(importProofKey({ ...jwk, e: 'AQABAQAB' }, 'PS256')).toBeUndefined();
  });

  it('is none for another algorithm', () => {
    expect(importProofKey(jwk, 'ES256')).toBeUndefined();
    expect(importProofKey(jwk, 'EdDSA')).toBeUndefined();
  });
});

import { createPrivateKey, generateKeyPairSync, hash, randomBytes, type JsonWebKey } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Paths of the key files, named as the variables that take them. */
export interface KeyFiles {
  readonly EVIDENCE_KEY_FILE: string;
  readonly LOOKUP_KEY_FILE: string;
  readonly SUBJECT_KEY_FILE: string;
  readonly SIGNING_KEYS_FILE: string;
}

/**
 * Makes the service's keys for a sandbox in `folder`, or reuses those of an earlier start.
 * Each file says that it was generated, so other environments refuse it.
 * @param sealKey PEM of the key that the simulator has certified for seals
 */
export function generateKeyFiles(folder: string, sealKey?: string): KeyFiles {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return {
    EVIDENCE_KEY_FILE: write(join(folder, 'evidence-keys.json'), symmetricKeys),
    LOOKUP_KEY_FILE: write(join(folder, 'lookup-keys.json'), symmetricKeys),
    SUBJECT_KEY_FILE: write(join(folder, 'subject-keys.json'), symmetricKeys),
    SIGNING_KEYS_FILE: writeSigningKeys(join(folder, 'signing-keys.json'), sealKey),
  };
}

function write(path: string, make: () => object): string {
  const content = `${JSON.stringify({ ...make(), generatedFor: 'sandbox' }, undefined, 2)}\n`;
  if (!existsSync(path)) writeFileSync(path, content, { mode: 0o600, flag: 'wx' });
  return path;
}

function symmetricKeys(): object {
  return { current: 'k1', keys: { k1: randomBytes(32).toString('base64') } };
}

/** A folder of an earlier build may lack a purpose: the keys that it has stay. */
function writeSigningKeys(path: string, sealKey: string | undefined): string {
  const made = (existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : { keys: [] }) as { keys: SigningJwk[] };
  const kept = made.keys.filter(({ purpose }) => purpose !== 'seals');
  const missing = Object.keys(signingKeys).filter((purpose) => !kept.some((key) => key.purpose === purpose));
  const keys = [...kept, ...missing.map(signingKey), ...(sealKey === undefined ? [] : [sealingKey(sealKey)])];
  if (JSON.stringify(keys) !== JSON.stringify(made.keys))
    writeFileSync(path, `${JSON.stringify({ keys, generatedFor: 'sandbox' }, undefined, 2)}\n`, { mode: 0o600 });
  return path;
}

interface SigningJwk extends JsonWebKey {
  readonly purpose: string;
}

const es256 = (): JsonWebKey => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' });
const ed25519 = (): JsonWebKey => generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
const signingKeys: Readonly<Record<string, () => JsonWebKey>> = {
  tokens: es256,
  verdicts: es256,
  ledger: ed25519,
};

function signingKey(purpose: string): SigningJwk {
  const jwk = signingKeys[purpose]?.();
  const kid = `sandbox-${purpose}-${randomBytes(4).toString('hex')}`;
  return { ...jwk, kid, alg: jwk?.kty === 'OKP' ? 'EdDSA' : 'ES256', use: 'sig', purpose };
}

function sealingKey(pem: string): SigningJwk {
  const jwk = createPrivateKey(pem).export({ format: 'jwk' });
  const kid = `sandbox-seals-${hash('sha256', `${jwk.x ?? ''}.${jwk.y ?? ''}`).slice(0, 8)}`;
  return { ...jwk, kid, alg: 'ES256', use: 'sig', purpose: 'seals' };
}

import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
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
 */
export function generateKeyFiles(folder: string): KeyFiles {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return {
    EVIDENCE_KEY_FILE: write(join(folder, 'evidence-keys.json'), symmetricKeys),
    LOOKUP_KEY_FILE: write(join(folder, 'lookup-keys.json'), symmetricKeys),
    SUBJECT_KEY_FILE: write(join(folder, 'subject-keys.json'), symmetricKeys),
    SIGNING_KEYS_FILE: write(join(folder, 'signing-keys.json'), signingKeys),
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

function signingKeys(): object {
  return { keys: ['tokens', 'verdicts', 'exports'].map(signingKey) };
}

function signingKey(purpose: string): object {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const kid = `sandbox-${purpose}-${randomBytes(4).toString('hex')}`;
  return { ...privateKey.export({ format: 'jwk' }), kid, alg: 'ES256', use: 'sig', purpose };
}

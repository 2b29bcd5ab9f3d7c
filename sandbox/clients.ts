import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { exportJWK, generateKeyPair, type JWK } from 'jose';

/** A client of the sandbox with the private key that it signs its assertions with. */
export interface SandboxClient {
  readonly id: string;
  readonly resource?: string;
  readonly redirectUri?: string;
  readonly privateJwk: JWK;
}

export interface SandboxClients {
  /** Path of the CLIENTS_FILE: public keys only. */
  readonly file: string;
  readonly tpp: SandboxClient;
  readonly otherTpp: SandboxClient;
  readonly bank: SandboxClient;
  readonly otherBank: SandboxClient;
  readonly auditor: SandboxClient;
}

interface Registration {
  readonly id: string;
  readonly name: string;
  readonly authorisationNumber?: string;
  readonly role: 'tpp' | 'bank' | 'auditor';
  readonly bank?: string;
  readonly resource?: string;
  readonly redirectUris?: readonly string[];
}

/** Invented companies; the payer reads their names in the signed text. */
function registrations(
  redirectUris: readonly string[],
): Record<'tpp' | 'otherTpp' | 'bank' | 'otherBank' | 'auditor', Registration> {
  return {
    tpp: {
      id: 'exempelbetal',
      name: 'Exempelbetal AB',
      authorisationNumber: 'PSDSE-FINA-00001',
      role: 'tpp',
      redirectUris,
    },
    otherTpp: {
      id: 'provbetal',
      name: 'Provbetal AB',
      authorisationNumber: 'PSDSE-FINA-00002',
      role: 'tpp',
      redirectUris,
    },
    bank: bank('exempelbanken', 'Exempelbanken AB', 'PSDSE-FINA-00010'),
    otherBank: bank('provbanken', 'Provbanken AB', 'PSDSE-FINA-00011'),
    auditor: { id: 'exempelrevision', name: 'Exempelrevision AB', role: 'auditor', bank: 'exempelbanken' },
  };
}

function bank(id: string, name: string, authorisationNumber: string): Registration {
  return { id, name, authorisationNumber, role: 'bank', resource: `https://api.${id}.example/payments` };
}

/** Makes, or finds again in `folder`, the sandbox's clients with their keys. */
export async function sandboxClients(folder: string, redirectUris: readonly string[]): Promise<SandboxClients> {
  const file = join(folder, 'clients.json');
  const registered: Record<string, unknown>[] = [];
  const made: Record<string, SandboxClient> = {};
  for (const [name, registration] of Object.entries(registrations(redirectUris))) {
    const privateJwk = await clientKey(folder, registration.id);
    registered.push({ ...registration, jwks: { keys: [publicHalf(privateJwk)] } });
    made[name] = {
      id: registration.id,
      privateJwk,
      ...(registration.resource === undefined ? {} : { resource: registration.resource }),
      ...(registration.redirectUris?.[0] === undefined ? {} : { redirectUri: registration.redirectUris[0] }),
    };
  }
  writeFileSync(file, `${JSON.stringify(registered, null, 2)}\n`, { mode: 0o600 });
  return { file, ...(made as unknown as Omit<SandboxClients, 'file'>) };
}

async function clientKey(folder: string, id: string): Promise<JWK> {
  const file = join(folder, `${id}.jwk.json`);
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as JWK;
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  const jwk: JWK = { ...(await exportJWK(privateKey)), kid: `sandbox-${id}`, alg: 'ES256', use: 'sig' };
  writeFileSync(file, JSON.stringify(jwk), { mode: 0o600 });
  return jwk;
}

function publicHalf({ kty, crv, x, y, kid, alg, use }: JWK): Record<string, unknown> {
  return { kty, crv, x, y, kid, alg, use };
}

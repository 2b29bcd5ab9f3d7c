import { createHash, randomUUID } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { SignJWT, calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, type JWK } from 'jose';
import { sandboxFolder } from './folder.ts';

/** How long an assertion or proof printed for curl may be used, in seconds. */
const LIFETIME_S = 120;

interface ProofOptions {
  readonly client: string;
  readonly issuer: string;
  readonly token?: string;
}

/** `npm run -s proof -- …`: what a TPP's software signs for each request, printed for use with curl against the running sandbox. */
const program = new Command('proof').description('print a client assertion, a DPoP proof or a PKCE pair for curl');
const clientOption = ['--client <id>', 'client of the sandbox', 'exempelbetal'] as const;
const issuerOption = ['--issuer <url>', 'issuer of the sandbox', 'http://localhost:3000'] as const;

program
  .command('assertion')
  .description('client_assertion (RFC 7523): audience is the issuer')
  .option(...clientOption)
  .option(...issuerOption)
  .action(async (options: ProofOptions) => say(await assertion(options)));

program
  .command('dpop <method> <url>')
  .description('DPoP proof (RFC 9449) for one request; --token binds it to an access token')
  .option(...clientOption)
  .option('--token <token>', 'the access token that the request carries')
  .action(async (method: string, url: string, options: ProofOptions) => say(await dpopProof(method, url, options)));

program
  .command('pkce')
  .description('a code_verifier and its S256 code_challenge (RFC 7636)')
  .action(() => {
    const verifier = `${randomUUID()}${randomUUID()}`;
    say(`code_verifier=${verifier}\ncode_challenge=${sha256(verifier)}`);
  });

await program.parseAsync();

async function assertion({ client, issuer }: ProofOptions): Promise<string> {
  const jwk = JSON.parse(readFileSync(join(sandboxFolder(), 'service', `${client}.jwk.json`), 'utf8')) as JWK;
  return new SignJWT({ jti: randomUUID() })
    .setProtectedHeader({ alg: 'ES256', ...(jwk.kid === undefined ? {} : { kid: jwk.kid }) })
    .setIssuer(client)
    .setSubject(client)
    .setAudience(issuer)
    .setIssuedAt()
    .setExpirationTime(`${LIFETIME_S}s`)
    .sign(await importJWK(jwk, 'ES256'));
}

async function dpopProof(method: string, url: string, { client, token }: ProofOptions): Promise<string> {
  const jwk = await dpopKey(client);
  const { kty, crv, x, y } = jwk;
  return new SignJWT({
    jti: randomUUID(),
    htm: method,
    htu: url,
    ...(token === undefined ? {} : { ath: sha256(token) }),
  })
    .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk: { kty, crv, x, y } as JWK })
    .setIssuedAt()
    .sign(await importJWK(jwk, 'ES256'));
}

/** One DPoP key per client, kept beside the client's own: a token is bound to it across several calls of this program. */
async function dpopKey(client: string): Promise<JWK> {
  const file = join(sandboxFolder(), 'service', `${client}.dpop.json`);
  if (!existsSync(file)) {
    const { privateKey } = await generateKeyPair('ES256', { extractable: true });
    const jwk = await exportJWK(privateKey);
    writeFileSync(file, JSON.stringify(jwk), { mode: 0o600 });
    process.stderr.write(`made a DPoP key, thumbprint ${await calculateJwkThumbprint(jwk)}\n`);
  }
  return JSON.parse(readFileSync(file, 'utf8')) as JWK;
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

import { createHash, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { SignJWT, importJWK, type JWK } from 'jose';
import { keptDpopKey } from './dpop-key.ts';
import { sandboxFolder } from './folder.ts';

/** How long an assertion or a signed request printed for curl may be used, in seconds. */
const LIFETIME_S = 120;

interface ClientOptions {
  readonly client: string;
  readonly folder?: string;
}

interface SigningOptions extends ClientOptions {
  readonly issuer: string;
}

interface DpopOptions extends ClientOptions {
  readonly token?: string;
  readonly key?: string;
}

/** `npm run -s proof -- …`: what a TPP's software signs for each request, printed for use with curl against the running sandbox. */
const program = new Command('proof').description(
  'print a client assertion, a signed request, a DPoP proof or a PKCE pair for curl',
);
const clientOption = ['--client <id>', 'client of the sandbox', 'exempelbetal'] as const;
const issuerOption = ['--issuer <url>', 'issuer of the sandbox', 'http://localhost:3000'] as const;
const folderOption = [
  '--folder <path>',
  "the folder that npm start prints; that of the URL's port by default",
] as const;

program
  .command('assertion')
  .description('client_assertion (RFC 7523): audience is the issuer')
  .option(...clientOption)
  .option(...issuerOption)
  .option(...folderOption)
  .action(async (options: SigningOptions) => say(await assertion(options)));

program
  .command('request <parameters>')
  .description('request object (RFC 9101) with these parameters, a JSON object')
  .option(...clientOption)
  .option(...issuerOption)
  .option(...folderOption)
  .action(async (parameters: string, options: SigningOptions) => say(await requestObject(parameters, options)));

program
  .command('dpop <method> <url>')
  .description('DPoP proof (RFC 9449) for one request; --token binds it to an access token')
  .option(...clientOption)
  .option('--token <token>', 'the access token that the request carries')
  .option('--key <name>', 'one of several DPoP keys of the client, which is made when it is first named')
  .option(...folderOption)
  .action(async (method: string, url: string, options: DpopOptions) => say(await dpopProof(method, url, options)));

program
  .command('key')
  .description('the path of the private key, a JWK, for programs that sign by themselves')
  .option(...clientOption)
  .option(...issuerOption)
  .option(...folderOption)
  .action((options: SigningOptions) => say(keyFileOf(options)));

program
  .command('pkce')
  .description('a code_verifier and its S256 code_challenge (RFC 7636)')
  .action(() => {
    const verifier = `${randomUUID()}${randomUUID()}`;
    say(`code_verifier=${verifier}\ncode_challenge=${sha256(verifier)}`);
  });

await program.parseAsync();

function assertion(options: SigningOptions): Promise<string> {
  return sign({ sub: options.client }, options);
}

function requestObject(parameters: string, options: SigningOptions): Promise<string> {
  const claims = JSON.parse(parameters) as Readonly<Record<string, unknown>>;
  return sign({ client_id: options.client, ...claims }, options);
}

/** Signed by the client for the issuer, to be used once and soon. */
async function sign(claims: Readonly<Record<string, unknown>>, options: SigningOptions): Promise<string> {
  const { client, issuer } = options;
  const jwk = JSON.parse(readFileSync(keyFileOf(options), 'utf8')) as JWK;
  const { alg = 'ES256', kid } = jwk;
  return new SignJWT({ ...claims, jti: randomUUID() })
    .setProtectedHeader({ alg, ...(kid === undefined ? {} : { kid }) })
    .setIssuer(client)
    .setAudience(issuer)
    .setIssuedAt()
    .setNotBefore('0s')
    .setExpirationTime(`${LIFETIME_S}s`)
    .sign(await importJWK(jwk, alg));
}

function keyFileOf(options: SigningOptions): string {
  return join(folderOf(options, options.issuer), `${options.client}.jwk.json`);
}

async function dpopProof(method: string, url: string, options: DpopOptions): Promise<string> {
  const { token } = options;
  const jwk = await keptDpopKey(folderOf(options, url), options.client, options.key);
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

function folderOf({ folder }: ClientOptions, url: string): string {
  return join(folder ?? sandboxFolder(Number(new URL(url).port)), 'service');
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

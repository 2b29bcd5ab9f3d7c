import { randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK, type JWTPayload } from 'jose';
import type { IdentityProvider } from '../../../src/clients/clients.ts';
import type { Clock } from '../../../src/kernel/clock.ts';

/** What a test wants to be otherwise in a token; a member that is undefined is left out. */
export interface TokenChanges {
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly header?: { readonly alg?: string; readonly kid?: string };
  readonly key?: CryptoKey | Uint8Array;
}

/** The OpenID provider of a bank, whose employees log in as a test wants. */
export class PretendProvider {
  readonly #server: Server;
  readonly #clock: Clock;
  #key!: CryptoKey;
  #jwk!: JWK;
  /** Fails as a test wants: every answer has this status. */
  status = 200;
  /** What its metadata say instead. */
  metadata: Readonly<Record<string, unknown>> = {};
  /** The paths of what was asked. */
  readonly asked: string[] = [];

  private constructor(
    server: Server,
    clock: Clock,
    private readonly path: string,
  ) {
    this.#server = server;
    this.#clock = clock;
  }

  /** @param path of its issuer */
  static async start(clock: Clock, path = ''): Promise<PretendProvider> {
    const server = createServer();
    const provider = new PretendProvider(server, clock, path);
    await provider.rotate();
    server.on('request', (request, response) => {
      provider.asked.push(request.url ?? '');
      const answer =
        request.url === `${path}/jwks`
          ? { keys: [provider.#jwk] }
          : { issuer: provider.issuer, jwks_uri: `${provider.issuer}/jwks`, ...provider.metadata };
      response.writeHead(provider.status, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
    });
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    return provider;
  }

  get issuer(): string {
    return this.origin + this.path;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** As a bank registers it. */
  get registration(): IdentityProvider {
    const approver = { claim: 'roles', value: 'sigill-approver' };
    return { issuer: this.issuer, clientId: 'sigill', approver, unnamedRequester: false };
  }

  /** It signs with a new key, and publishes that one alone. */
  async rotate(): Promise<void> {
    const { publicKey, privateKey } = await generateKeyPair('ES256');
    this.#key = privateKey;
    this.#jwk = { ...(await exportJWK(publicKey)), kid: randomBytes(4).toString('hex'), use: 'sig', alg: 'ES256' };
  }

  /** The public key that it signs with, as bytes that a confused verifier would take for a shared secret. */
  get publicKeyBytes(): Uint8Array {
    return Buffer.from(JSON.stringify(this.#jwk));
  }

  /** An id_token of an employee who has just logged in, with the role of an approver. */
  async idToken(sub: string, nonce: string, { claims, header, key }: TokenChanges = {}): Promise<string> {
    const now = Math.floor(this.#clock.now().getTime() / 1000);
    const usual = { iss: this.issuer, aud: 'sigill', sub, nonce, iat: now, exp: now + 300, auth_time: now - 10 };
    const payload = { ...usual, roles: ['employee', 'sigill-approver'], ...claims };
    return new SignJWT(JSON.parse(JSON.stringify(payload)) as JWTPayload)
      .setProtectedHeader({ alg: 'ES256', kid: this.#jwk.kid ?? '', ...header })
      .sign(key ?? this.#key);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

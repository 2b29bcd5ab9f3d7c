import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import { peerSchema } from '../../../bench/token/peer-adapter.ts';
import type { PeerExtras, PeerTls } from '../../../bench/token/peer-extras.ts';
import { publicHalf, type SandboxClient } from '../../../sandbox/clients.ts';
import { freePort } from '../../../sandbox/free-port.ts';
import { clientSubject, SandboxTls } from '../../../sandbox/tls.ts';
import { systemClock } from '../../../src/kernel/clock.ts';
import { RawClient } from '../parties/raw-client.ts';
import type { TokenSteps } from '../token/token-steps.ts';

export const peerCallback = 'https://tpp.example/callback';

const program = join(import.meta.dirname, '../../../bench/token/peer-server.ts');

type Clients = Readonly<Record<'tpp' | 'otherTpp' | 'signer' | 'certified' | 'bank' | 'otherBank', RawClient>>;

export interface PeerOptions {
  /** Listen for clients with certificates as well, issued by the CA of this steps. */
  readonly takesCertificates?: boolean;
  /** Register the bank's encryption key, as ours has it. */
  readonly encrypts?: boolean;
}

/** oidc-provider on loopback, with the same clients and keys as ours: the peer of the benchmark, in a process of its own. */
export class Peer {
  readonly clients: Clients;
  /** For clients with certificates. */
  readonly mtlsOrigin: string;
  readonly #child: ChildProcess;
  readonly #folder: string;

  private constructor(clients: Clients, mtlsOrigin: string, child: ChildProcess, folder: string) {
    this.clients = clients;
    this.mtlsOrigin = mtlsOrigin;
    this.#child = child;
    this.#folder = folder;
  }

  static async open(steps: TokenSteps, options: PeerOptions = {}): Promise<Peer> {
    const [port, control, tlsPort] = [await freePort(), await freePort(), await freePort()];
    const issuer = `http://localhost:${port}`;
    await steps.database.asOwner(peerSchema);
    const folder = mkdtempSync(join(tmpdir(), 'sigill-oracle-'));
    const facts = join(folder, 'peer.json');
    const tls = options.takesCertificates === true ? await tlsFacts(steps, tlsPort) : undefined;
    const extras = extrasOf(steps, { encrypts: options.encrypts === true, tls });
    const { tpp, otherTpp } = steps.clients;
    const tpps = [tpp, otherTpp].map((client) => ({ ...registered(client), redirectUri: peerCallback }));
    writeFileSync(
      facts,
      JSON.stringify({ issuer, signingJwk: await newSigningJwk(), tpps, bank: extras.banks[0], extras }),
    );
    const flags = { facts, port, control, database: steps.database.ownerUrl };
    const words = Object.entries(flags).flatMap(([name, value]) => [`--${name}`, String(value)]);
    const child = spawn(process.execPath, [program, ...words], { stdio: ['pipe', 'pipe', 'inherit'] });
    await once(child.stdout, 'data');
    return new Peer(await connectAll(steps, issuer), `https://localhost:${tlsPort}`, child, folder);
  }

  async close(): Promise<void> {
    const exited = once(this.#child, 'exit');
    this.#child.kill();
    await exited;
    rmSync(this.#folder, { recursive: true });
  }

  /** From the link, with the payer's yes, to the address by which the browser comes back. */
  async returnOf(requestUri: string, clientId: string): Promise<URL> {
    const { tpp } = this.clients;
    const query = new URLSearchParams({ client_id: clientId, request_uri: requestUri }).toString();
    const begun = await tpp.get(`/auth?${query}`);
    const cookie = begun.headers
      .getSetCookie()
      .map((one) => one.split(';')[0])
      .join('; ');
    const finished = await tpp.send('POST', begun.headers.get('location') ?? '', { headers: { cookie } });
    const back = new URL(finished.headers.get('location') ?? '', tpp.issuer).pathname;
    const returned = await tpp.send('GET', back, { headers: { cookie } });
    return new URL(returned.headers.get('location') ?? '');
  }
}

async function connectAll({ clients }: TokenSteps, issuer: string): Promise<Clients> {
  const connect = (client: SandboxClient): Promise<RawClient> => RawClient.create(client, issuer, systemClock);
  return {
    tpp: await connect(clients.tpp),
    otherTpp: await connect(clients.otherTpp),
    signer: await connect(clients.signingTpp),
    certified: await connect(clients.certificateTpp),
    bank: await connect(clients.bank),
    otherBank: await connect(clients.otherBank),
  };
}

function extrasOf(
  { clients }: TokenSteps,
  { encrypts, tls }: { readonly encrypts: boolean; readonly tls: PeerTls | undefined },
): PeerExtras {
  const { signingTpp, certificateTpp, bank, otherBank } = clients;
  const redirectUri = peerCallback;
  const encryptionJwk = encrypts && bank.decryptionJwk ? { encryptionJwk: publicHalf(bank.decryptionJwk) } : {};
  return {
    signer: { ...registered(signingTpp), redirectUri },
    certified: { id: certificateTpp.id, subject: clientSubject(certificateTpp.id), redirectUri },
    banks: [
      { ...registered(bank), resource: bank.resource ?? '', ...encryptionJwk },
      { ...registered(otherBank), resource: otherBank.resource ?? '' },
    ],
    ...(tls ? { tls } : {}),
  };
}

async function tlsFacts({ folder }: TokenSteps, port: number): Promise<PeerTls> {
  const tls = await SandboxTls.open(folder);
  return { port, clientCaFile: tls.clientCaFile, ...(await tls.serverFiles('localhost')) };
}

function registered({ id, privateJwk }: SandboxClient): { readonly id: string; readonly publicJwk: JWK } {
  return { id, publicJwk: publicHalf(privateJwk) };
}

async function newSigningJwk(): Promise<JWK> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  return { ...(await exportJWK(privateKey)), kid: 'peer', alg: 'ES256', use: 'sig' };
}

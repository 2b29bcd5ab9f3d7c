import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import { peerSchema } from '../../bench/token/peer-adapter.ts';
import type { SandboxClient } from '../../sandbox/clients.ts';
import { freePort } from '../../sandbox/free-port.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import { RawClient } from '../support/raw-client.ts';
import type { Desk } from './desk.ts';

export const peerCallback = 'https://tpp.example/callback';

const program = join(import.meta.dirname, '../../bench/token/peer-server.ts');
const resource = 'https://api.exempelbanken.example/payments';

type Clients = Readonly<Record<'tpp' | 'otherTpp' | 'bank', RawClient>>;

/** oidc-provider on loopback, with the same clients and keys as ours: the peer of the benchmark, in a process of its own. */
export class PeerDesk {
  readonly clients: Clients;
  readonly #child: ChildProcess;
  readonly #folder: string;

  private constructor(clients: Clients, child: ChildProcess, folder: string) {
    this.clients = clients;
    this.#child = child;
    this.#folder = folder;
  }

  static async open(desk: Desk): Promise<PeerDesk> {
    const [port, control] = [await freePort(), await freePort()];
    const issuer = `http://localhost:${port}`;
    const { tpp, otherTpp, bank } = desk.clients;
    await desk.database.asOwner(peerSchema);
    const folder = mkdtempSync(join(tmpdir(), 'sigill-oracle-'));
    const facts = join(folder, 'peer.json');
    const tpps = [tpp, otherTpp].map((client) => ({ ...registered(client), redirectUri: peerCallback }));
    const signingJwk = await newSigningJwk();
    writeFileSync(facts, JSON.stringify({ issuer, signingJwk, tpps, bank: { ...registered(bank), resource } }));
    const flags = { facts, port, control, database: desk.database.ownerUrl };
    const words = Object.entries(flags).flatMap(([name, value]) => [`--${name}`, String(value)]);
    const child = spawn(process.execPath, [program, ...words], { stdio: ['pipe', 'pipe', 'inherit'] });
    await once(child.stdout, 'data');
    const connect = (client: SandboxClient): Promise<RawClient> => RawClient.create(client, issuer, systemClock);
    const clients = { tpp: await connect(tpp), otherTpp: await connect(otherTpp), bank: await connect(bank) };
    return new PeerDesk(clients, child, folder);
  }

  async close(): Promise<void> {
    const exited = once(this.#child, 'exit');
    this.#child.kill();
    await exited;
    rmSync(this.#folder, { recursive: true });
  }

  /** From the link to the code, with the payer's yes. */
  async code(requestUri: string): Promise<string> {
    const { tpp } = this.clients;
    const query = new URLSearchParams({ client_id: tpp.id, request_uri: requestUri }).toString();
    const begun = await tpp.send('GET', `/auth?${query}`, { headers: {} });
    const cookie = begun.headers
      .getSetCookie()
      .map((one) => one.split(';')[0])
      .join('; ');
    const finished = await tpp.send('POST', begun.headers.get('location') ?? '', { headers: { cookie } });
    const back = new URL(finished.headers.get('location') ?? '', tpp.issuer).pathname;
    const returned = await tpp.send('GET', back, { headers: { cookie } });
    return new URL(returned.headers.get('location') ?? '').searchParams.get('code') ?? '';
  }
}

function registered({ id, privateJwk: { kty, crv, x, y, kid, alg, use } }: SandboxClient): object {
  return { id, publicJwk: { kty, crv, x, y, kid, alg, use } };
}

async function newSigningJwk(): Promise<JWK> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  return { ...(await exportJWK(privateKey)), kid: 'peer', alg: 'ES256', use: 'sig' };
}

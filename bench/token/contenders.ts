import { randomUUID } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportJWK, generateKeyPair } from 'jose';
import pg from 'pg';
import { startChild } from '../../sandbox/child.ts';
import { publicHalf, type SandboxClients } from '../../sandbox/clients.ts';
import { startDatabase, type SandboxDatabase } from '../../sandbox/database.ts';
import { freePort } from '../../sandbox/free-port.ts';
import { prepareService } from '../../sandbox/prepare.ts';
import { startSimulatorProcess } from '../../sandbox/simulator-process.ts';
import type { Undo } from '../../sandbox/undo.ts';
import { ClientKeys } from './client-keys.ts';
import { Ours, Peer, type Facts } from './contender.ts';
import { peerSchema } from './peer-adapter.ts';

const redirectUri = 'https://tpp.example/callback';

export interface Contenders {
  readonly ours: Ours;
  readonly peer: Peer;
  readonly ownerUrl: string;
}

/** Both servers as processes of their own on one durable PostgreSQL. */
export async function startContenders(undo: Undo): Promise<Contenders> {
  const folder = mkdtempSync(join(tmpdir(), 'sigill-bench-'));
  chmodSync(folder, 0o711);
  undo.later(() => rmSync(folder, { recursive: true, force: true }));
  const database = await startDatabase(join(folder, 'postgres'), folder);
  undo.later(() => database.stop());
  const simulator = await startSimulatorProcess(join(folder, 'pki'), { rp: 0, app: 0 });
  undo.later(() => simulator.stop());
  const port = await freePort();
  const metricsPort = await freePort();
  const service = await prepareService({
    folder: join(folder, 'service'),
    port,
    metricsPort,
    databaseUrl: database.serviceUrl,
    redirectUris: [redirectUri],
    simulator: simulator.facts,
  });
  const env = { ...service.env, LOG_LEVEL: 'warn' };
  const ours = await startOurs(folder, env, service.clients, service.issuer, database.pid);
  undo.later(() => ours.stop());
  const peer = await startPeer(folder, database, service.clients);
  undo.later(() => peer.stop());
  return { ours, peer, ownerUrl: database.ownerUrl };
}

async function startOurs(
  folder: string,
  env: Readonly<Record<string, string>>,
  clients: SandboxClients,
  issuer: string,
  postgresPid: number,
): Promise<Ours> {
  const control = await freePort();
  const file = write(folder, 'env.json', env);
  const child = await startChild('../bench/token/our-server', ['--env', file, '--control', String(control)]);
  return new Ours({
    ...common(clients, issuer, control),
    postgresPid,
    name: 'ours',
    parPath: '/par',
    authorizePath: '/authorize',
    introspectPath: '/introspect',
    child,
  });
}

async function startPeer(folder: string, { ownerUrl, pid }: SandboxDatabase, clients: SandboxClients): Promise<Peer> {
  const [port, control] = [await freePort(), await freePort()];
  const issuer = `http://localhost:${port}`;
  const { tpp, bank } = clients;
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  const file = write(folder, 'peer.json', {
    issuer,
    signingJwk: { ...(await exportJWK(privateKey)), kid: 'peer', alg: 'ES256', use: 'sig' },
    tpps: [{ id: tpp.id, publicJwk: publicHalf(tpp.privateJwk), redirectUri }],
    bank: { id: bank.id, publicJwk: publicHalf(bank.privateJwk), resource: bank.resource },
  });
  const flags = { facts: file, database: await peerDatabase(ownerUrl), port, control };
  const args = Object.entries(flags).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const child = await startChild('../bench/token/peer-server', args);
  return new Peer({
    ...common(clients, issuer, control),
    postgresPid: pid,
    name: 'peer',
    parPath: '/request',
    authorizePath: '/auth',
    introspectPath: '/token/introspection',
    child,
  });
}

/** A database of its own on the same server. */
async function peerDatabase(ownerUrl: string): Promise<string> {
  const url = new URL(ownerUrl);
  await runSql(ownerUrl, 'create database peer');
  url.pathname = '/peer';
  await runSql(url.href, peerSchema);
  return url.href;
}

export async function runSql(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

type Common = Omit<Facts, 'name' | 'parPath' | 'authorizePath' | 'introspectPath' | 'child' | 'postgresPid'>;

function common({ tpp, bank }: SandboxClients, issuer: string, control: number): Common {
  return {
    issuer,
    controlUrl: `http://127.0.0.1:${control}`,
    tpp: new ClientKeys(tpp.id, tpp.privateJwk),
    bank: new ClientKeys(bank.id, bank.privateJwk),
    tppId: tpp.id,
    resource: bank.resource ?? '',
    redirectUri,
  };
}

function write(folder: string, name: string, facts: object): string {
  const file = join(folder, `${randomUUID()}-${name}`);
  writeFileSync(file, JSON.stringify(facts), { mode: 0o600 });
  return file;
}

import { fstatSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isProcessUnconfigured } from '../src/config/load-config.ts';
import { runUntilSignal } from '../src/operations/run-until-signal.ts';
import type { CustomFetch } from 'openid-client';
import { PretendApp } from '../simulator/client.ts';
import { findOrderIn, startApproval, type ApprovalOptions } from './approval.ts';
import { AutoSigner } from './auto-signer.ts';
import { suiteClients } from './clients.ts';
import { removeEarlierStarts, startDatabase, type SandboxDatabase } from './database.ts';
import { pkiFolder, sandboxFolder, temporaryFolder } from './folder.ts';
import { FrontModule } from './front-module.ts';
import { pushLastingConsents } from './lasting-consents.ts';
import type { SimulatorFacts } from './prepare.ts';
import { claimFolder } from './running.ts';
import { startSimulatorProcess } from './simulator-process.ts';
import { startSite } from './site.ts';
import { identityOrigin, openSite } from './site/open-site.ts';
import { parseStartOptions, sandboxPorts, type SandboxPorts, type StartOptions } from './start-options.ts';
import { suitePayment, writeSuiteConfigurations } from './suite.ts';
import { startSystem, type System } from './system.ts';
import { SandboxTls } from './tls.ts';
import { bothStarted, Undo } from './undo.ts';

/** What `npm start` runs: the sandbox when nothing is configured, else the service as configured. */
async function main(): Promise<void> {
  // `npm run dev`, which started it, was killed: end as at Ctrl-C.
  process.once('disconnect', () => process.kill(process.pid, 'SIGINT'));
  if (!isProcessUnconfigured()) {
    await import('../src/main.ts');
    return;
  }
  const undo = new Undo();
  const options = parseStartOptions(process.argv.slice(2));
  if (options.isForProgram) endWithParent();
  const starting = startSandbox(undo, options);
  runUntilSignal(async () => {
    undo.interrupt();
    await starting.catch(() => undefined);
    await undo.all();
  });
  try {
    await starting;
  } catch (error) {
    await undo.all();
    throw error;
  }
}

/** The program that started this one has ended, however it ended. */
function endWithParent(): void {
  const stdin = fstatSync(0);
  // A terminal or /dev/null says nothing about the parent.
  if (!stdin.isFIFO() && !stdin.isSocket()) return;
  process.stdin.once('close', () => process.kill(process.pid, 'SIGINT')).resume();
}

async function startSandbox(undo: Undo, options: StartOptions): Promise<void> {
  const { tlsHost, port, isFresh, isTemporary, isForProgram } = options;
  const ports = sandboxPorts(port);
  const folder = isTemporary ? temporaryFolder(port) : sandboxFolder(port);
  if (isTemporary) undo.later(() => rmSync(folder, { recursive: true, force: true }));
  const claim = await undo.started(claimFolder(folder), (claimed) => claimed.release());
  if (isFresh || isTemporary) await removeEarlierStarts(folder);
  if (tlsHost !== undefined) (await SandboxTls.open(join(folder, 'service'))).trustHere();
  if (!isForProgram) say('Starting PostgreSQL and the BankID simulator …');
  const [database, { facts }] = await bothStarted(
    undo.started(startDatabase(join(folder, 'postgres'), folder), (started) => started.stop()),
    undo.started(startSimulatorProcess(pkiFolder(), ports), (started) => started.stop()),
  );
  const shopUrl = `http://localhost:${ports.shop}`;
  const tls = tlsHost === undefined ? {} : { tls: { host: tlsHost, mtlsPort: ports.mtls } };
  const starting = startSystem({
    folder,
    databaseUrl: database.serviceUrl,
    port: ports.service,
    metricsPort: ports.metrics,
    // The second is for a TPP that a newcomer writes.
    redirectUris: [`${shopUrl}/callback`, 'http://localhost:8080/callback', ...options.redirectUris],
    simulator: facts,
    logLevel: 'warn',
    modules: [FrontModule.leadingTo(shopUrl)],
    identityOrigin: identityOrigin(shopUrl),
    ...tls,
  });
  const system = await undo.started(starting, (started) => started.stop());
  const site = await openSite({ system, folder, reach: reachHere, url: shopUrl });
  await undo.started(startSite(ports.shop, site), (shop) => shop.close());
  if (tlsHost !== undefined) {
    const service = join(folder, 'service');
    await startForSuite(undo, { folder: service, system, host: tlsHost, ports, appUrl: facts.appUrl, database });
  }
  claim.announce(shopUrl);
  const announceAs = isForProgram ? announceToProgram : announce;
  announceAs({ shopUrl, issuer: system.issuer, simulator: facts, metricsPort: ports.metrics, folder });
}

interface SuiteFacts {
  /** Of the service's keys and certificates. */
  readonly folder: string;
  readonly system: System;
  /** The name in the issuer. */
  readonly host: string;
  readonly ports: SandboxPorts;
  readonly appUrl: string;
  readonly database: SandboxDatabase;
}

/** Starts the payers of the suite, pushes the consents that its machine tokens read, and writes what is entered into it. */
async function startForSuite(undo: Undo, facts: SuiteFacts): Promise<void> {
  const { folder, system, host, ports, database } = facts;
  const { issuer, clients } = system;
  const app = new PretendApp(facts.appUrl);
  const signer = new AutoSigner(app, suiteClients);
  signer.start();
  undo.later(() => signer.stop());
  const findOrder: ApprovalOptions['findOrder'] = (authReqId) => findOrderIn(database.ownerUrl, authReqId);
  await undo.started(startApproval({ port: ports.approval, app, findOrder }), (started) => started.close());
  const tls = await SandboxTls.open(folder);
  const push = { issuer, url: `https://localhost:${ports.mtls}`, clients, tls, payment: suitePayment };
  const consents = await pushLastingConsents(push);
  const mtlsUrl = `https://${host}:${ports.mtls}`;
  const approvalUrl = `http://${host}:${ports.approval}/`;
  await writeSuiteConfigurations(folder, { issuer, clients, consents, mtlsUrl, approvalUrl });
}

/** The service is on this machine, whatever its name; only a test suite may be able to resolve that name. */
const reachHere: CustomFetch = (url, options) => {
  const here = new URL(url);
  here.hostname = 'localhost';
  return fetch(here, options as RequestInit);
};

interface Announced {
  readonly shopUrl: string;
  readonly issuer: string;
  readonly simulator: SimulatorFacts;
  readonly metricsPort: number;
  readonly folder: string;
}

function announce({ shopUrl, issuer, simulator, metricsPort, folder }: Announced): void {
  say(`
Sigill is running in the sandbox. Everything is invented; only this machine can reach it.

  The first page        ${shopUrl}      <- begin here: shop, bank, auditor, operator
  Pretend BankID app    ${simulator.appUrl}
  The service           ${issuer}      (API: ${issuer}/docs, metrics: http://127.0.0.1:${metricsPort}/metrics)
  Verify evidence       ${issuer}/verify
  BankID simulator      ${simulator.rpUrl}

Keys and data: ${folder}
Stop with Ctrl-C.
`);
}

/** What `startSandbox` of the package reads. */
function announceToProgram({ shopUrl, issuer, simulator, folder }: Announced): void {
  say(JSON.stringify({ issuer, appUrl: simulator.appUrl, shopUrl, folder }));
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`The sandbox does not start: ${error instanceof Error ? error.message : 'unknown'}\n`);
  process.exit(1);
});

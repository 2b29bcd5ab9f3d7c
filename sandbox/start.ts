import { join } from 'node:path';
import { isProcessUnconfigured } from '../src/config/load-config.ts';
import { runUntilSignal } from '../src/platform/run-until-signal.ts';
import type { CustomFetch } from 'openid-client';
import { PretendApp } from '../simulator/client.ts';
import { AutoSigner } from './auto-signer.ts';
import { SandboxBank } from './bank.ts';
import { suiteClients } from './clients.ts';
import { startDatabase } from './database.ts';
import { sandboxFolder } from './folder.ts';
import type { SimulatorFacts } from './prepare.ts';
import { startShop } from './shop.ts';
import { startSimulatorProcess } from './simulator-process.ts';
import { ShopPayments } from './shop/payments.ts';
import { parseStartOptions, type StartOptions } from './start-options.ts';
import { writeSuiteConfigurations } from './suite.ts';
import { startSystem } from './system.ts';
import { SandboxTls } from './tls.ts';
import { SandboxTpp } from './tpp.ts';
import { Undo } from './undo.ts';

const ports = { service: 3000, rp: 3001, app: 3002, shop: 3003, metrics: 9464, mtls: 3443 };
const shopUrl = `http://localhost:${ports.shop}`;

/** What `npm start` runs: the sandbox when nothing is configured, else the service as configured. */
async function main(): Promise<void> {
  if (!isProcessUnconfigured()) {
    await import('../src/main.ts');
    return;
  }
  const undo = new Undo();
  runUntilSignal(() => undo.all());
  try {
    await startSandbox(undo, parseStartOptions(process.argv.slice(2)));
  } catch (error) {
    await undo.all();
    throw error;
  }
}

async function startSandbox(undo: Undo, { tlsHost }: StartOptions): Promise<void> {
  const folder = sandboxFolder();
  if (tlsHost !== undefined) (await SandboxTls.open(join(folder, 'service'))).trustHere();
  say('Starting PostgreSQL and the BankID simulator …');
  const [database, simulator] = await Promise.all([
    startDatabase(join(folder, 'postgres'), folder),
    startSimulatorProcess(join(folder, 'pki'), ports),
  ]);
  undo.later(() => database.stop());
  undo.later(() => simulator.stop());
  const { facts } = simulator;
  const system = await startSystem({
    folder,
    databaseUrl: database.serviceUrl,
    port: ports.service,
    metricsPort: ports.metrics,
    // The second is for a TPP that a newcomer writes.
    redirectUris: [`${shopUrl}/callback`, 'http://localhost:8080/callback'],
    simulator: facts,
    logLevel: 'warn',
    ...(tlsHost === undefined ? {} : { tls: { host: tlsHost, mtlsPort: ports.mtls } }),
  });
  undo.later(() => system.stop());
  const tpp = await SandboxTpp.connect(system.issuer, system.clients.tpp, reachHere);
  const bank = await SandboxBank.connect(system.issuer, system.clients.bank, reachHere);
  const links = { appUrl: facts.appUrl, issuer: system.issuer };
  const shop = await startShop({ port: ports.shop, payments: new ShopPayments(tpp, bank), links });
  undo.later(() => shop.close());
  const signer = new AutoSigner(new PretendApp(facts.appUrl), tlsHost === undefined ? [] : suiteClients);
  signer.start();
  undo.later(() => signer.stop());
  if (tlsHost !== undefined) {
    const mtlsUrl = `https://${tlsHost}:${ports.mtls}`;
    await writeSuiteConfigurations(join(folder, 'service'), { ...system, mtlsUrl });
  }
  announce(system.issuer, facts, folder);
}

/** Under whatever name the service answers, it is on this machine; that name may be known to a test suite only. */
const reachHere: CustomFetch = (url, options) => {
  const here = new URL(url);
  here.hostname = 'localhost';
  return fetch(here, options as RequestInit);
};

function announce(issuer: string, simulator: SimulatorFacts, folder: string): void {
  say(`
Sigill is running in the sandbox. Everything is invented; only this machine can reach it.

  Example shop          ${shopUrl}      <- begin here
  Pretend BankID app    ${simulator.appUrl}
  The service           ${issuer}      (API: ${issuer}/docs, metrics: http://127.0.0.1:${ports.metrics}/metrics)
  BankID simulator      ${simulator.rpUrl}

Keys and data: ${folder}
Stop with Ctrl-C.
`);
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`The sandbox does not start: ${error instanceof Error ? error.message : 'unknown'}\n`);
  process.exitCode = 1;
});

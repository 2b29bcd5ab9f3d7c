import { chmodSync, createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { PretendApp } from '../simulator/client.ts';
import { SandboxBank } from './bank.ts';
import { fetchExport } from './export-order.ts';
import { OAuthParty, textOrEmpty } from './oauth-client.ts';
import { startDatabase } from './database.ts';
import { pkiFolder } from './folder.ts';
import { bothStarted, Undo } from './undo.ts';
import { PayerBrowser } from './payer-browser.ts';
import { startSimulatorProcess } from './simulator-process.ts';
import { readStatements, type Statements } from './statements.ts';
import { startSystem, type System } from './system.ts';
import { SandboxTpp, type InitiationJson } from './tpp.ts';

export interface DemoResult {
  readonly consent: { readonly id: string; readonly state: string };
  readonly verification: { readonly indication: string; readonly matches: string };
  readonly secondConsumption: 'refused' | 'accepted';
  readonly steps: readonly { readonly name: string; readonly ms: number }[];
  readonly statements: Statements;
}

/** Anna Andersson of the simulator: an invented person with a test number. */
const anna = '199001012385';
const callback = 'http://localhost:3003/callback';

const payment: InitiationJson = {
  type: 'payment_initiation',
  instructedAmount: { currency: 'SEK', amount: '1250.00' },
  creditorName: 'Exempelbutiken AB',
  creditorAccount: { bankgiro: '5050-1055' },
  remittanceInformationStructured: { reference: '12345674', referenceType: 'OCR' },
};

type OnStep = (step: string, ms: number) => void;

/** Runs the main flow against a fresh embedded system; `onStep` is called after each step. */
export async function runDemo(onStep: OnStep, exportTo?: string): Promise<DemoResult> {
  const undo = new Undo();
  try {
    const folder = mkdtempSync(join(tmpdir(), 'sigill-demo-'));
    // PostgreSQL runs as another user when we are root, and must be able to traverse the folder.
    chmodSync(folder, 0o711);
    undo.later(() => rmSync(folder, { recursive: true, force: true }));
    return await run(folder, undo, onStep, exportTo);
  } finally {
    await undo.all();
  }
}

async function run(folder: string, undo: Undo, onStep: OnStep, exportTo?: string): Promise<DemoResult> {
  const steps: { name: string; ms: number }[] = [];
  const step = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
    const start = performance.now();
    const result = await work();
    const ms = Math.round(performance.now() - start);
    steps.push({ name, ms });
    onStep(name, ms);
    return result;
  };
  const system = await step('start', () => startAll(folder, undo));
  const tpp = await SandboxTpp.connect(system.issuer, system.clients.tpp);
  const bank = await SandboxBank.connect(system.issuer, system.clients.bank);
  const pushed = await step('push', () =>
    tpp.push(payment, { resource: system.clients.bank.resource ?? '', personalNumber: anna }),
  );
  const browser = new PayerBrowser();
  const returned = await step('sign', () => sign(system, browser, pushed.authorizationUrl));
  const token = await step('redeem', () => tpp.redeem(returned, pushed));
  await step('introspect', () => bank.introspect(token.accessToken));
  const statements = await readStatements(system.metricsUrl);
  const consumption = { accessToken: token.accessToken, payment, personalNumber: anna, paymentReference: 'demo-1' };
  await step('consume', () => bank.consume(token.consentId, consumption));
  const second = await step('consume again', () =>
    bank.consume(token.consentId, { ...consumption, paymentReference: 'demo-2' }),
  );
  const verification = await step('verify', () => bank.verifyEvidence(token.consentId, 'payment-execution'));
  const consent = await bank.getConsent(token.consentId);
  if (exportTo !== undefined) await step('export', () => exportConsent(system, token.consentId, exportTo));
  return {
    consent: { id: token.consentId, state: textOrEmpty(consent.body['state']) },
    verification: {
      indication: textOrEmpty(verification.body['indication']),
      matches: textOrEmpty(verification.body['matches']),
    },
    secondConsumption: second.status >= 400 ? 'refused' : 'accepted',
    steps,
    statements,
  };
}

async function startAll(folder: string, undo: Undo): Promise<System> {
  const [database, simulator] = await bothStarted(
    undo.started(startDatabase(join(folder, 'postgres'), folder), (started) => started.stop()),
    // The sandbox's own authorities, so that its page verifies what the demo signs.
    undo.started(startSimulatorProcess(pkiFolder(), { rp: 0, app: 0 }), (started) => started.stop()),
  );
  const facts = { folder, databaseUrl: database.serviceUrl, redirectUris: [callback], simulator: simulator.facts };
  return undo.started(startSystem(facts), (system) => system.stop());
}

/** The payer on this device: opens the link, signs in the pretend app and returns by the returnUrl. */
async function sign(system: System, browser: PayerBrowser, url: URL): Promise<URL> {
  await browser.open(url);
  const link = new URL(await browser.startOnThisDevice());
  const app = new PretendApp(system.simulator.appUrl);
  const order = await app.open(link.searchParams.get('autostarttoken') ?? '');
  const signed = await app.sign(order.id, { personalNumber: anna });
  if (signed.returnUrl !== undefined) await browser.get(signed.returnUrl);
  await browser.waitFor('authorised');
  return browser.finish();
}

/** What an auditor of the bank gets who names the consent. An existing file is never overwritten. */
async function exportConsent({ issuer, clients }: System, consentId: string, file: string): Promise<void> {
  const auditor = await OAuthParty.connect(issuer, clients.auditor);
  const { body } = await fetchExport(auditor, { format: 'folders', consentId, purpose: 'audit' });
  if (!body) throw new Error('the export is empty');
  await pipeline(body as ReadableStream<Uint8Array>, createWriteStream(file, { flags: 'wx' }));
}

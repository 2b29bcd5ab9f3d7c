import { createServer, type Server } from 'node:http';
import type { Server as TlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { systemClock, type Clock } from '../src/kernel/clock.ts';
import { serveApp } from './app/app-server.ts';
import { AppOrders } from './orders/app-orders.ts';
import { Faults } from './orders/faults.ts';
import { OrderBook } from './orders/order-book.ts';
import { SimulatorTime } from './orders/simulator-time.ts';
import { openPki, type RelyingPartyMaterial } from './pki/pki.ts';
import { createRpServer } from './rp/rp-server.ts';
import { ScenarioPlan } from './scenarios/scenario-plan.ts';
import { openTrustServices, type TrustServices } from './tsa/trust-services.ts';
import { TsaRoutes } from './tsa/tsa-routes.ts';

export interface SimulatorOptions {
  /** Of the RP API (https); 0, the default, takes any free port. */
  readonly rpPort?: number;
  /** Of the pretend app (http); 0, the default, takes any free port. */
  readonly appPort?: number;
  /** Listening address of both, 127.0.0.1 by default. */
  readonly host?: string;
  /** Keeps the two PKIs from run to run; several simulators may share it. Without it: a new PKI. */
  readonly pkiDirectory?: string;
  /** How many times faster the orders' time-outs (30 s, 3 min, 5 min) run. QR frames and signatures follow the wall clock. */
  readonly timeScale?: number;
  /** The oldest QR frame that the app accepts, in seconds; 10 by default. */
  readonly qrMaxAgeSeconds?: number;
  readonly clock?: Clock;
}

export interface Simulator {
  /** `https://localhost:PORT/rp/v6.0/` */
  readonly rpUrl: string;
  /** `http://localhost:PORT/` */
  readonly appUrl: string;
  /** Of the relying party that the service is. */
  readonly pki: RelyingPartyMaterial;
  /** Of a second one, whose certificate has another holder. */
  readonly secondParty: RelyingPartyMaterial;
  /** The provider of timestamps and of the seal's certificate; the timestamping authority is at `<appUrl>tsa`. */
  readonly trustServices: TrustServices;
  stop(): Promise<void>;
}

const DEFAULT_QR_MAX_AGE_SECONDS = 10;
const KEEP_ALIVE_MS = 60_000;

/** Starts BankID's RP API and the pretend BankID app; both listen when the promise resolves. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const time = new SimulatorTime(options.clock ?? systemClock, options.timeScale ?? 1);
  const pki = await openPki(options.pkiDirectory, time.wall());
  const faults = new Faults();
  const scenarios = new ScenarioPlan();
  const book = new OrderBook(time, faults, scenarios);
  const orders = new AppOrders(book, pki, time, options.qrMaxAgeSeconds ?? DEFAULT_QR_MAX_AGE_SECONDS, scenarios);
  const rp = createRpServer(pki, book, faults);
  const app = createServer();
  // Longer than a client's pause between two collects, so that it can reuse its connection.
  for (const server of [rp, app]) server.keepAliveTimeout = KEEP_ALIVE_MS;
  const host = options.host ?? '127.0.0.1';
  try {
    const rpPort = await listen(rp, options.rpPort ?? 0, host);
    const appPort = await listen(app, options.appPort ?? 0, host);
    const appUrl = `http://localhost:${appPort}/`;
    // Certificates name the address of their CRL, which is known only now.
    const trustServices = await openTrustServices(options.pkiDirectory, time.wall(), `${appUrl}tsa/crl`);
    const tsa = new TsaRoutes(trustServices, () => time.wall());
    serveApp(app, { orders, faults, scenarios, time, tsa });
    return {
      rpUrl: `https://localhost:${rpPort}/rp/v6.0/`,
      appUrl,
      trustServices,
      pki: pki.relyingParty,
      secondParty: pki.secondParty,
      stop: async () => {
        await Promise.all([close(rp), close(app)]);
      },
    };
  } catch (error) {
    await Promise.all([close(rp), close(app)]);
    throw error;
  }
}

function listen(server: Server | TlsServer, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.removeListener('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

function close(server: Server | TlsServer): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

import { PretendApp, type Signer } from '../../simulator/client.ts';
import { startChild } from '../child.ts';
import { freeSandboxPorts } from '../free-port.ts';
import { approve, decline } from './payer.ts';
import { readClient, type Client } from './registered.ts';
import { connectTpp, type Tpp } from './tpp.ts';

export type { Client, PretendApp, Signer, Tpp };
export type { IssuedToken, Payment, PushedPayment, PushOptions } from './tpp.ts';

export interface SandboxOptions {
  /** The first of seven ports in a row; free ones by default. */
  readonly port?: number;
  /** Where the TPPs may have payers sent back, besides http://localhost:8080/callback. */
  readonly redirectUris?: readonly string[];
}

/** A running sandbox: service, database, BankID simulator with its pretend app, example shop. */
export interface Sandbox {
  readonly issuer: string;
  /** The pretend BankID app: pages for people, and `api/` for programs. */
  readonly appUrl: string;
  readonly shopUrl: string;
  /** Keys and registrations are in `service/` below it. */
  readonly folder: string;
  /** The pretend app, for scenarios and for payers whose every step matters. */
  readonly app: PretendApp;
  /** Exempelbetal AB, a TPP that stands in for yours. */
  readonly tpp: Tpp;
  /** A registered client with its private key, to be used by your own code: `exempelbetal`, for example. */
  client(id: string): Client;
  /**
   * A payer in a browser of their own who opens BankID on the same device and signs.
   * @param signer Anna Andersson unless told, or the payer whom the TPP has named
   * @returns where the browser comes back to: with a code, or with an error where a scenario is played
   */
  approve(authorizationUrl: URL | string, signer?: Signer): Promise<URL>;
  /** A payer who says no on the page. @returns where the browser comes back to */
  decline(authorizationUrl: URL | string): Promise<URL>;
  /** Stops all of it and removes its data. */
  stop(): Promise<void>;
}

/** What the process prints when it is ready. */
type Ready = Pick<Sandbox, 'issuer' | 'appUrl' | 'shopUrl' | 'folder'>;

/**
 * Starts a sandbox in processes of its own, with an empty database. It ends with {@link Sandbox.stop}, or when this process does.
 * @throws Error if it does not start; what is wrong then stands on stderr
 */
export async function startSandbox({ port, redirectUris = [] }: SandboxOptions = {}): Promise<Sandbox> {
  const flags = ['--json', '--temporary', '--port', String(port ?? (await freeSandboxPorts()))];
  const child = await startChild('../../bin/sigill-sandbox', [
    ...flags,
    ...redirectUris.flatMap((uri) => ['--redirect-uri', uri]),
  ]);
  try {
    const { issuer, appUrl, shopUrl, folder } = child.ready as Ready;
    const app = new PretendApp(appUrl);
    const client = (id: string): Client => readClient(folder, id);
    return {
      issuer,
      appUrl,
      shopUrl,
      folder,
      app,
      tpp: await connectTpp(issuer, client('exempelbetal'), client('exempelbanken')),
      client,
      approve: (url, signer = {}) => approve(app, url, signer),
      decline,
      stop: () => child.stop(),
    };
  } catch (error) {
    await child.stop();
    throw error;
  }
}

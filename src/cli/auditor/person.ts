import { CommandFailure, exitCodes, Refused } from './failures.ts';
import { logIn, LoginFailed, type WantedLogin } from './login/log-in.ts';
import { openBrowser } from './login/open-browser.ts';
import type { Progress } from './progress/progress.ts';

export interface PersonOptions {
  /** False with `--no-browser`. */
  readonly browser?: boolean;
  readonly redirectPort?: string;
}

/** Has the person at this machine log in at the bank's provider. @returns the id_token @throws CommandFailure */
export async function askPerson(wanted: WantedLogin, options: PersonOptions, progress: Progress): Promise<string> {
  const port = portOf(options);
  const open = (url: URL): void => {
    progress.line(`Log in at ${url.href}`);
    if (options.browser !== false) openBrowser(url);
  };
  try {
    return await logIn(wanted, { port, open });
  } catch (error) {
    if (error instanceof LoginFailed) throw new CommandFailure(error.message, exitCodes.notPermitted);
    throw error;
  }
}

/** @throws CommandFailure */
export function portOf({ redirectPort = '0' }: PersonOptions): number {
  const port = Number(redirectPort);
  if (!/^\d{1,5}$/.test(redirectPort) || port > 65_535)
    throw new CommandFailure('--redirect-port is a port, from 1 to 65535', exitCodes.usage);
  return port;
}

/** The login of the person who orders, where that is what a service wants. */
export function wantedBy(error: unknown): WantedLogin | undefined {
  if (!(error instanceof Refused) || error.code !== 'export.requester-needed') return undefined;
  const { issuer, clientId, nonce } = error.body;
  if (typeof issuer !== 'string' || typeof clientId !== 'string' || typeof nonce !== 'string') return undefined;
  return { issuer, clientId, nonce };
}

import { spawn } from 'node:child_process';

const openers: Readonly<Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>>> = {
  darwin: ['open'],
  linux: ['xdg-open'],
  win32: ['rundll32', 'url.dll,FileProtocolHandler'],
};

/** Opens an address in the person's browser, where there is one. No shell reads the address. */
export function openBrowser(url: URL): void {
  const [command, ...args] = openers[process.platform] ?? [];
  if (command === undefined) return;
  const child = spawn(command, [...args, url.href], { stdio: 'ignore', detached: true });
  // Without a browser the person opens the printed address.
  child.once('error', () => undefined);
  child.unref();
}

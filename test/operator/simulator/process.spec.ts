import { spawn, type ChildProcess } from 'node:child_process';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { openPki } from '../../../simulator/pki/pki.ts';
import { sharedPkiDirectory } from '../../support/system/pki-directory.ts';

const program = join(import.meta.dirname, '../../../simulator/main.ts');

interface Ready {
  readonly rpUrl: string;
  readonly appUrl: string;
  readonly tlsRootFile: string;
  readonly rpP12File: string;
  readonly secondRpCertificateFile: string;
  readonly secondRpKeyFile: string;
  readonly secondRpP12File: string;
}

async function start(...args: string[]): Promise<{ child: ChildProcess; ready: Ready }> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', program, ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  return { child, ready: JSON.parse(line) as Ready };
}

describe('the simulator as a process of its own', () => {
  it('prints where it listens and its files on one line, and ends at SIGTERM', async () => {
    const { child, ready } = await start('--pki-dir', sharedPkiDirectory, '--time-scale', '10');
    expect(ready.rpUrl).toMatch(/^https:\/\/localhost:\d+\/rp\/v6\.0\/$/);
    expect(readFileSync(ready.tlsRootFile, 'utf8')).toContain('BEGIN CERTIFICATE');
    const second = new X509Certificate(readFileSync(ready.secondRpCertificateFile));
    expect(second.checkPrivateKey(createPrivateKey(readFileSync(ready.secondRpKeyFile)))).toBe(true);
    expect(existsSync(ready.secondRpP12File)).toBe(true);
    expect((await fetch(new URL('api/orders', ready.appUrl))).status).toBe(200);
    const exited = once(child, 'exit');
    child.kill('SIGTERM');
    expect(await exited).toEqual([0, null]);
  });

  it('ends when its parent closes the pipe', async () => {
    const { child } = await start('--pki-dir', sharedPkiDirectory);
    const exited = once(child, 'exit');
    child.stdin?.end();
    expect(await exited).toEqual([0, null]);
  });

  it('leaves nothing behind of a PKI that was not to be kept', async () => {
    const { child, ready } = await start();
    expect(existsSync(ready.rpP12File)).toBe(true);
    const exited = once(child, 'exit');
    child.kill('SIGTERM');
    await exited;
    expect(existsSync(dirname(ready.rpP12File))).toBe(false);
  }, 60_000);

  it('refuses an option that it does not know, in one line', async () => {
    const child = spawn(process.execPath, [program, '--colour'], { stdio: ['ignore', 'ignore', 'pipe'] });
    const [code] = (await once(child, 'exit')) as [number];
    expect(code).toBe(1);
  });
});

describe('a PKI directory', () => {
  it('keeps its authorities, and gives several simulators that start at once the same, keys of both relying parties included', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'simulator-pki-'));
    try {
      const together = await Promise.all([openPki(directory, new Date()), openPki(directory, new Date())]);
      const later = await openPki(directory, new Date());
      const kept = [...together, later].map(({ relyingParty, secondParty }) =>
        [relyingParty.signatureRootPem, relyingParty.rpKeyPem, secondParty.rpKeyPem].join(''),
      );
      expect(new Set(kept).size).toBe(1);
      expect(readFileSync(join(directory, 'second-rp-key.pem'), 'utf8')).toBe(later.secondParty.rpKeyPem);
    } finally {
      rmSync(directory, { recursive: true });
    }
  }, 90_000);
});

import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openPki, type Pki } from '../../../simulator/pki/pki.ts';
import { canonicalJson } from '../../../src/crypto/json/canonical-json.ts';
import { evidenceDigest } from '../../../src/evidence-files/evidence-digest.ts';
import type { FolderContent } from '../../../src/evidence-files/evidence-folder.ts';
import { describeUnless, lackOf } from '../skipping.ts';
import { sharedPkiDirectory } from '../system/pki-directory.ts';
import { defaultTime, signConsent, type Occasion } from './sign-consent.ts';

/** Why verify.sh cannot run here; undefined where it can. */
export const noTools = lackOf('xmlsec1', '--version') ?? lackOf('openssl', 'version');

/** Tests that run verify.sh, where the machine has what it needs. */
export const withTools = describeUnless(noTools);

/** The file of a program that the shell finds. */
export function whereIs(tool: string): string | undefined {
  return spawnSync('/bin/sh', ['-c', `command -v ${tool}`], { encoding: 'utf8' }).stdout.trim() || undefined;
}

export interface Ran {
  readonly status: number | null;
  readonly stdout: string;
}

/** Makes evidence folders under the simulator's PKI, and runs their verify.sh. */
export class EvidenceFolders {
  readonly work = mkdtempSync(path.join(tmpdir(), 'sigill-folder-'));
  #pki: Pki | undefined;

  async open(): Promise<void> {
    this.#pki = await openPki(sharedPkiDirectory, defaultTime);
  }

  get pki(): Pki {
    if (!this.#pki) throw new Error('open() first');
    return this.#pki;
  }

  async contentOf(occasion: Occasion): Promise<FolderContent> {
    const signed = await signConsent(this.pki, occasion);
    return redigested({
      evidenceDigest: Buffer.alloc(0),
      random: randomBytes(32),
      signature: signed.completion.signature,
      ocsp: signed.completion.ocspResponse,
      consent: canonicalJson(signed.consentJson),
      visibleText: signed.expectation.visibleData,
      nonVisibleData: signed.expectation.nonVisibleData,
      circumstances: canonicalJson({
        browser: { userAgent: 'has "quotes"' },
        evidenceId: 'e-1',
        orderId: signed.orderId,
      }),
      report: canonicalJson({ indication: 'TOTAL-PASSED' }),
      root: this.pki.relyingParty.signatureRootPem,
    });
  }

  write(files: ReadonlyMap<string, Buffer>): string {
    const folder = mkdtempSync(path.join(this.work, 'f-'));
    for (const [name, bytes] of files) writeFileSync(path.join(folder, name), bytes);
    return folder;
  }

  /** @param shell the program that reads the script, with its arguments */
  run(folder: string, args: readonly string[] = [], env = process.env, shell: readonly string[] = ['sh']): Ran {
    const [program = 'sh', ...first] = shell;
    const { status, stdout } = spawnSync(program, [...first, path.join(folder, 'verify.sh'), ...args], {
      encoding: 'utf8',
      env,
      timeout: 60_000,
    });
    return { status, stdout };
  }

  close(): void {
    rmSync(this.work, { recursive: true, force: true });
  }
}

/** The same with an evidence digest of its own. */
export function redigested<Content extends FolderContent>(changed: Content): Content {
  const ocsp = Buffer.from(changed.ocsp ?? '', 'base64');
  return { ...changed, evidenceDigest: evidenceDigest({ ...changed, ocsp }) };
}

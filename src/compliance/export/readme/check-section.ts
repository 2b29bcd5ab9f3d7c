import type { Environment } from '../../../kernel/environment.ts';
import { html, type Html } from '../../../kernel/web/html.ts';
import type { ExportFacts } from './facts.ts';
import type { ReadmeWords } from './words.ts';

/** How a signature's root is named to `sigill verify`; in production it is known to it. */
const trustOf: Readonly<Record<Environment, string>> = {
  production: '',
  'bankid-test': ' --environment test',
  sandbox: ' --trust-unpinned BANKID-ROOT.pem',
};

/** The commands by which a reader checks the export, with Sigill and without it. */
export function checkSection(
  { environment, format, exportId, at }: ExportFacts,
  files: readonly string[],
  { check: words }: ReadmeWords,
): Html {
  const hasFolders = format === 'folders' && files.includes('folders.sha256');
  return html`<section>
    <h2>${words.title}</h2>
    <p>${words.lead}</p>
    ${step(words.sigill, `sigill verify ${exportId}.zip${trustOf[environment]} --seal-trust ROOT.pem --tsa-trust ROOT.pem`)}
    <p>${words.others}</p>
    ${step(words.steps.seal, sealCommand(at))} ${step(words.steps.manifest, MANIFEST)}
    ${hasFolders && step(words.steps.folders, FOLDERS)} ${hasFolders && step(words.steps.folder, FOLDER)}
    ${format === 'bundles' && step(words.steps.bundle, BUNDLE)}
    <p>${words.roots}</p>
  </section>`;
}

/** By the certificates as they were when it was sealed: in ten years they have expired. */
const sealCommand = (at: Date): string =>
  'openssl cms -verify -binary -purpose any -inform DER -in manifest.p7s -content manifest.json -CAfile ROOT.pem ' +
  `-attime ${Math.floor(at.getTime() / 1000)} -out /dev/null`;
const MANIFEST =
  'grep -oE \'"[^"]+":"[0-9a-f]{64}"\' manifest.json | sed -E \'s/"([^"]+)":"([0-9a-f]+)"/\\2  \\1/\' | sha256sum -c';
const FOLDERS = 'sha256sum -c folders.sha256';
const FOLDER =
  'root=/path/to/BANKID-ROOT.pem\n' +
  'for script in $(find . -name verify.sh); do (cd "$(dirname "$script")" && sh verify.sh "$root") || echo "$script: exit code $?"; done';
const BUNDLE =
  'unzip -q FOLDER/evidence.asice -d bundle\n' +
  'cd bundle && SEAL_CA=/path/to/ROOT.pem TSA_CA=/path/to/ROOT.pem sh verify.sh /path/to/BANKID-ROOT.pem';

function step(what: string, command: string): Html {
  return html`<p>${what}</p>
    <pre class="command"><code>${command}</code></pre>`;
}

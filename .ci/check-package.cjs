// What `npm pack` makes, in an empty folder: `sigill/verification` compiles in a strict TypeScript program and verifies the export
// given, with none of the service's packages beside it but the two that it needs. Needs `npm run build` before.
const assert = require('node:assert/strict');
const { execFileSync } = require('node:child_process');
const { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { dirname, join } = require('node:path');
const { openPromise } = require('yauzl');

const root = join(__dirname, '..');
const work = mkdtempSync(join(tmpdir(), 'sigill-package-'));
const run = (program, args, cwd) =>
  execFileSync(program, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });

/** The one evidence folder of an export, and its root. */
async function unpack(zip, folder) {
  const archive = await openPromise(zip, { lazyEntries: true, autoClose: false });
  let name = '';
  for await (const entry of archive.eachEntry()) {
    if (entry.fileName.endsWith('/signature.b64')) name = dirname(entry.fileName);
    const path = join(folder, entry.fileName);
    mkdirSync(dirname(path), { recursive: true });
    const chunks = await Array.fromAsync(await archive.openReadStreamPromise(entry));
    writeFileSync(path, Buffer.concat(chunks));
  }
  archive.close();
  return join(folder, name);
}

const consumer = `
import { readFileSync } from 'node:fs';
import { acceptAnchors, isVerified, maskReport, parseTrustAnchor, policies, TrustAnchorRefused, verifyConsent, verifyExported, verifySignature } from 'sigill/verification';
import type { Completion, Expectation, FolderFacts, Policy, Report, TrustAnchors, VerificationBasis, VerifiedSignature } from 'sigill/verification';

const [folder = ''] = process.argv.slice(2);
const text = (name: string): string => readFileSync(folder + '/' + name, 'latin1');
const completion: Completion = { signature: text('signature.b64'), ocspResponse: text('ocsp.b64'), personalNumber: undefined };
const trust: TrustAnchors = acceptAnchors([parseTrustAnchor(text('bankid-root.pem'), 'accept-unpinned')], ['unpinned']);
const policy: Policy = policies.bankid;
const basis: VerificationBasis = { trust, policy, time: { now: new Date(), vouchedAt: undefined } };
const report: Report = maskReport(verifySignature(completion, basis));
const folderFacts: FolderFacts = { consentJson: readFileSync(folder + '/consent.json'), copies: undefined };
const exported: Report = verifyExported(completion, folderFacts, basis);
// @ts-expect-error an exported verdict is no proof of consent
const proof: VerifiedSignature = exported;
const consent = (expected: Expectation): boolean => isVerified(verifyConsent(completion, expected, { trust, policy, now: new Date() }));
console.log(JSON.stringify([report.indication, exported.indication, exported.matches, typeof consent, typeof proof, TrustAnchorRefused.name]));
`;

async function main() {
  const [zip] = process.argv.slice(2);
  run('npm', ['run', '-s', 'build:types'], root);
  const tarball = run('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', work], root).trim();
  const packages = join(work, 'node_modules');
  mkdirSync(join(packages, 'sigill'), { recursive: true });
  run('tar', ['xzf', join(work, tarball), '-C', join(packages, 'sigill'), '--strip-components=1'], work);
  mkdirSync(join(packages, '@types'));
  for (const name of ['canonicalize', 'yauzl', '@types/node', 'undici-types']) {
    symlinkSync(join(root, 'node_modules', name), join(packages, name));
  }
  writeFileSync(join(work, 'package.json'), '{"type":"module"}');
  writeFileSync(join(work, 'consumer.ts'), consumer);
  const strict = ['--strict', '--exactOptionalPropertyTypes', '--noUncheckedIndexedAccess'];
  const options = ['--target', 'es2023', '--module', 'nodenext', '--types', 'node', ...strict];
  run(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), ...options, 'consumer.ts'], work);
  const folder = await unpack(zip, join(work, 'export'));
  const printed = JSON.parse(run(process.execPath, ['consumer.js', folder], work));
  assert.deepEqual(printed, ['TOTAL-PASSED', 'TOTAL-PASSED', 'yes', 'function', 'object', 'TrustAnchorRefused']);
  console.error('package: compiled strictly, verified');
}

main().finally(() => rmSync(work, { recursive: true, force: true }));

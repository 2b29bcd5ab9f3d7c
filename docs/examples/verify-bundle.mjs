// Verifies one sealed bundle with the verifier alone: no server, no database, no framework.
//
//   node docs/examples/verify-bundle.mjs BUNDLE.asice ROOT.pem ISSUER.pem
//
// ROOT.pem is BankID's signature root; ISSUER.pem the certificates that may have issued those of the seal and of its timestamp.
import { readFileSync } from 'node:fs';
import {
  makeBundleTrust,
  makeSettings,
  maskReport,
  noTrust,
  outcomeOf,
  readBundle,
  verifyBundle,
} from 'sigill/verification';

const [bundleFile, rootFile, issuerFile] = process.argv.slice(2);
const issuers = [readFileSync(issuerFile, 'latin1')];

const settings = makeSettings({
  // Which root counts is your decision. 'refuse-unpinned' instead takes BankID's own two only.
  roots: [{ pem: readFileSync(rootFile, 'latin1'), unpinned: 'accept-unpinned' }],
  kinds: ['production', 'unpinned'],
  carriedRoots: 'ignore',
  policy: 'etsi-strict',
  time: { now: new Date(), vouchedAt: undefined },
  relyingParty: undefined,
});
// A checkpoint that you kept goes into `kept`: only with it is the place in the ledger more than the exporter's own word.
const trust = makeBundleTrust({ ...noTrust, seals: issuers, timestamps: issuers });

const report = await verifyBundle(await readBundle(readFileSync(bundleFile)), settings, trust);
const around = outcomeOf(report, { keptCheckpoint: false });

console.log(JSON.stringify(maskReport(report), null, 2));
const isSound = report.indication === 'TOTAL-PASSED' && report.matches === 'yes' && around === 'passed';
process.exitCode = isSound ? 0 : 1;

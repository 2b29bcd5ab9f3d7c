// Verifies one evidence folder with the verifier alone: no server, no database, no framework.
//
//   node docs/examples/verify.mjs FOLDER ROOT.pem
//
// ROOT.pem is BankID's signature root as you got it yourself (or the simulator's: then the report says "unpinned").
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { acceptAnchors, maskReport, parseTrustAnchor, policies, verifyExported } from 'sigill/verification';

const [folder, rootFile] = process.argv.slice(2);
const read = (name) => readFileSync(join(folder, name));

// Which root counts is your decision. 'refuse-unpinned' instead takes BankID's own two only.
const root = parseTrustAnchor(readFileSync(rootFile, 'latin1'), 'accept-unpinned');
const trust = acceptAnchors([root], ['production', 'unpinned']);

const report = verifyExported(
  {
    signature: read('signature.b64').toString('latin1'),
    ocspResponse: read('ocsp.b64').toString('latin1'),
    personalNumber: undefined,
  },
  {
    consentJson: read('consent.json'),
    copies: {
      visibleText: read('visible-text.txt'),
      nonVisibleData: read('non-visible.json'),
      report: read('report.json'),
      circumstances: read('circumstances.json'),
      root: read('bankid-root.pem'),
    },
  },
  { trust, policy: policies.bankid, time: { now: new Date(), vouchedAt: undefined } },
);

console.log(JSON.stringify(maskReport(report), null, 2));
process.exitCode = report.indication === 'TOTAL-PASSED' && report.matches === 'yes' ? 0 : 1;

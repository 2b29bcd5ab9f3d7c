import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { evidenceFolder } from '../../src/evidence-files/evidence-folder.ts';
import { parseExportRequest } from '../../src/compliance/export-request.ts';
import { Exports } from '../../src/compliance/exports.ts';
import { EvidenceStore } from '../../src/evidence/evidence-store.ts';
import { parseNonVisibleData } from '../../src/payment/non-visible.ts';
import { runCli } from '../support/commands/run-cli.ts';
import { anna, bank, callerOf, ConsentSteps, payment } from '../support/parties/consent-steps.ts';

let steps: ConsentSteps;
const work = mkdtempSync(join(tmpdir(), 'sigill-text-'));

beforeAll(async () => {
  steps = await ConsentSteps.start();
});

afterAll(async () => {
  rmSync(work, { recursive: true });
  await steps.stop();
});

const texts = {
  sv: [
    'Begärs av:',
    '  Exempelbutiken AB',
    'Tillståndsnummer:',
    '  PSDSE-FINA-44001',
    'Din bank:',
    '  Exempelbanken',
    'Belopp:',
    '  1 250,00 SEK',
    'Betalas till:',
    '  Elbolaget “Ström” AB',
    'Mottagarens konto:',
    '  Bankgiro 5050-1055',
    '',
    'Skriv bara under om du själv har påbörjat den här betalningen.',
    'Banken, polisen eller en myndighet ber dig aldrig att skriva under.',
  ],
  en: [
    'Requested by:',
    '  Exempelbutiken AB',
    'Authorisation number:',
    '  PSDSE-FINA-44001',
    'Your bank:',
    '  Exempelbanken',
    'Amount:',
    '  1,250.00 SEK',
    'Pay to:',
    '  Elbolaget “Ström” AB',
    'Payee account:',
    '  Bankgiro 5050-1055',
    '',
    'Sign only if you started this payment yourself.',
    'Your bank, the police or an authority will never ask you to sign.',
  ],
} as const;

/** A whole export of what is stored, as `sigill verify` sees it. */
async function verifyExport(root: Buffer): Promise<readonly { readonly visibleText: string }[]> {
  const out = new PassThrough();
  const request = parseExportRequest({ from: '2000-01-01', to: '2100-01-01', purpose: 'Revision' }, 'operator:eva');
  const [zip] = await Promise.all([buffer(out), steps.get(Exports).writeExport(request, out)]);
  const [archive, pem] = [join(work, 'export.zip'), join(work, 'root.pem')];
  writeFileSync(archive, zip);
  writeFileSync(pem, root);
  const issuers = join(work, 'issuers.pem');
  writeFileSync(issuers, steps.world.simulator.trustServices.rootPem);
  const trust = ['--trust-unpinned', pem, '--seal-trust', issuers, '--tsa-trust', issuers];
  const { code, stdout } = await runCli('verify', archive, ...trust, '--json');
  expect(code).toBe(0);
  const said = JSON.parse(stdout) as {
    evidences?: readonly { report: { visibleText: string } }[];
    visibleText: string;
  };
  return said.evidences ? said.evidences.map(({ report }) => report) : [said];
}

describe('the text that a payer signs today', () => {
  it.each(['sv', 'en'] as const)(
    'names TPP, bank, amount and payee, and passes from the press to the export: %s',
    async (language) => {
      const initiation = payment({ creditorName: 'Elbolaget “Ström” AB' });
      const bound = await steps.pushBound({ initiation });
      await steps.start(bound, { language });
      const { id } = await steps.app.scan((await steps.signing.findQrFrame(bound)) ?? '');
      const text = texts[language].join('\n');
      expect((await steps.app.getOrder(id)).text).toBe(text);

      await steps.app.sign(id, { personalNumber: anna, name: 'Anna Andersson' });
      await steps.until(bound, ({ consent }) => consent.state === 'authorised');
      const accessTokenSha256 = await steps.tokenOf(bound);
      const consumed = await steps.consumption.consume(bound.consent.consentId, callerOf(bank), {
        accessTokenSha256,
        payment: initiation,
        payer: anna,
        paymentReference: `ref-${language}`,
      });
      expect(consumed).toMatchObject({ state: 'consumed' });

      const store = steps.get(EvidenceStore);
      const grant = await steps.database.asOwner('select evidence_id from authorisation where consent_id = $1', [
        bound.consent.consentId,
      ]);
      const evidence = await store.getEvidence(grant[0]?.['evidence_id'] as never, bank.id);
      expect(parseNonVisibleData(evidence.nonVisibleData)).toMatchObject({
        template: `${language}-2`,
        bankName: 'Exempelbanken',
        channel: { way: 'browser' },
      });
      const files = evidenceFolder(evidence);
      expect(JSON.parse(String(files.get('consent.json')))).toMatchObject({ v: 2, bankName: 'Exempelbanken' });
      const reports = await verifyExport(files.get('bankid-root.pem') ?? Buffer.alloc(0));
      expect(reports.map(({ visibleText }) => visibleText)).toContain(text);
    },
    60_000,
  );
});

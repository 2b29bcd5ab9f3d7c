import { randomBytes } from 'node:crypto';
import { canonicalJson } from '../../../src/crypto/json/canonical-json.ts';
import { evidenceFolder, type LoginFolderContent } from '../../../src/evidence-files/evidence-folder.ts';
import { languages } from '../../../src/evidence-files/report-phrases.ts';
import { formatLine, formatReport } from '../../../src/evidence-files/report-text.ts';
import { verifyFolder } from '../../../src/evidence-files/verify-files.ts';
import { makeSettings } from '../../../src/evidence-files/verify-settings.ts';
import { buildLoginData, loginToJson, type SignedLoginFacts } from '../../../src/identification/non-visible.ts';
import { renderLoginText } from '../../../src/identification/visible-text.ts';
import type { JsonObject } from '../../../src/kernel/json.ts';
import type { Report } from '../../../src/verification/report.ts';
import { EvidenceFolders, withTools } from '../../support/evidence/evidence-folders.ts';
import { redigestedFolder } from '../../support/evidence/forged-folder.ts';
import { complete, defaultTime } from '../../support/evidence/sign-consent.ts';
import { loginFacts } from '../../support/vectors/login-vector.ts';

const folders = new EvidenceFolders();
beforeAll(() => folders.open());
afterAll(() => folders.close());

type Files = Map<string, Buffer>;

/** The folder of a login that a person completed under the simulator's PKI. */
async function folderOf(changes: Partial<SignedLoginFacts> = {}, act: 'Identification' | 'Signing' = 'Identification') {
  const facts: SignedLoginFacts = { ...loginFacts, payer: 'unbound', orderedAt: defaultTime, ...changes };
  const sent = { visibleData: Buffer.from(renderLoginText(facts)), nonVisibleData: buildLoginData(facts) };
  const { signature, ocspResponse: ocsp } = await complete(folders.pki, act, sent, { at: defaultTime });
  const login = canonicalJson(loginToJson(facts));
  const content: LoginFolderContent = {
    evidenceDigest: Buffer.alloc(32),
    random: randomBytes(32),
    signature,
    ocsp,
    login,
    visibleText: sent.visibleData,
    nonVisibleData: sent.nonVisibleData,
    circumstances: canonicalJson({ evidenceId: 'e-1', login: { template: facts.template } }),
    report: '{}',
    root: folders.pki.relyingParty.signatureRootPem,
  };
  const report = { ...verify(new Map(evidenceFolder(content))), indication: 'TOTAL-PASSED', subIndication: null };
  const reported = canonicalJson(JSON.parse(JSON.stringify(report)) as JsonObject);
  return redigestedFolder(evidenceFolder({ ...content, report: reported }));
}

const verify = (files: Files): Report =>
  verifyFolder(
    files,
    makeSettings({
      roots: [{ pem: folders.pki.relyingParty.signatureRootPem, unpinned: 'accept-unpinned' }],
      kinds: ['unpinned'],
      carriedRoots: 'ignore',
      policy: 'bankid',
      time: { now: new Date(defaultTime.getTime() + 60_000), vouchedAt: undefined },
      relyingParty: undefined,
    }),
  );

/** Changed with care: sums and evidence digest fit the files again. */
function forged(files: Files, change: (files: Files) => unknown): Files {
  const changed = new Map(files);
  change(changed);
  return redigestedFolder(changed);
}

describe('the folder of a login', () => {
  let sound: Files;
  beforeAll(async () => {
    sound = await folderOf();
  });

  it('has login.json in place of consent.json, and says of itself what it is', () => {
    expect(sound.has('login.json') && !sound.has('consent.json')).toBe(true);
    expect(String(sound.get('VERIFY.txt'))).toMatch(/^EVIDENCE OF ONE LOGIN\n/);
  });

  it('is verified offline as an identification', () => {
    const report = verify(sound);
    expect([report.indication, report.matches, report.scope]).toEqual(['TOTAL-PASSED', 'yes', 'identification']);
  });

  it.each([
    [
      'en',
      [
        'identified      ',
        'nothing was signed',
        'Exempelföretaget AB (rp-one)',
        'K7-4242',
        'in a phone call that the person made',
      ],
    ],
    [
      'sv',
      [
        'legitimerad     ',
        'inget har skrivits under',
        'Exempelföretaget AB, klient rp-one',
        'K7-4242',
        'i ett telefonsamtal som personen ringde',
      ],
    ],
  ] as const)('is reported as an identification, and not as the signature of a payment, in %s', (language, said) => {
    const words = languages[language];
    const text = formatReport(verify(sound), words);
    for (const phrase of said) expect(text).toContain(phrase);
    expect(text).toContain(words.login.check.signer);
    expect(text).not.toContain(words.check.signer);
    expect(text).not.toMatch(/\b(consent|samtycke)/);
    const files = forged(sound, (f) => f.set('login.json', Buffer.from('{}')));
    expect(formatLine('a', verify(files), undefined, words)).toContain(words.login.check.content);
  });

  it.each<[string, (files: Files) => unknown]>([
    ['a consent.json beside login.json', (f) => f.set('consent.json', Buffer.from('{}'))],
    ['login.json by the name of consent.json', renamed],
    ['a request of a TPP', (f) => f.set('request-object.jwt', Buffer.from('e30.e30.'))],
    ['another client in login.json', (f) => f.set('login.json', edited(f, 'rp-one', 'rp-two'))],
    ['another template in circumstances.json', otherTemplate],
    ['another text', (f) => f.set('visible-text.txt', Buffer.from('Logga in'))],
  ])('does not match with %s', (_, change) => {
    const report = verify(forged(sound, change));
    expect([report.matches, report.indication]).toEqual(['no', 'INDETERMINATE']);
  });

  withTools('verify.sh', () => {
    it.each<[string, Partial<SignedLoginFacts>]>([
      ['with a code, by phone', {}],
      ['without a code, in a browser', { bindingMessage: undefined, channel: { way: 'browser' } }],
      ['of a client whose name has quotation marks', { clientName: '"}","environment":"x' }],
    ])('accepts one %s, and says that nothing was signed', async (_, changes) => {
      const { status, stdout } = folders.run(folders.write(await folderOf(changes)));
      expect(stdout).toMatch(/PASSED {2}UNPINNED/);
      expect(stdout).toContain('made to log in, not to sign');
      expect(stdout).toContain('nothing was signed, and no payment is authorised by it');
      expect(status).toBe(0);
    });

    it('refuses what was signed and not identified for', async () => {
      const { status, stdout } = folders.run(folders.write(await folderOf({}, 'Signing')));
      expect([status, stdout]).toEqual([
        1,
        expect.stringContaining("FAILED  the signature is not of BankID's profile"),
      ]);
    });

    it.each<[string, (files: Files) => unknown]>([
      ['a consent.json beside login.json', (f) => f.set('consent.json', Buffer.from('{}'))],
      ['login.json by the name of consent.json', renamed],
      ['another client in login.json', (f) => f.set('login.json', edited(f, 'rp-one', 'rp-two'))],
      ['a space more in login.json', (f) => f.set('login.json', edited(f, '"v":1', '"v": 1'))],
    ])('refuses %s', (_, change) => {
      const { status, stdout } = folders.run(folders.write(forged(sound, change)));
      expect([status, stdout]).toEqual([1, expect.stringContaining('FAILED')]);
    });
  });
});

function renamed(files: Files): void {
  files.set('consent.json', files.get('login.json')!);
  files.delete('login.json');
}

function edited(files: Files, from: string, to: string): Buffer {
  return Buffer.from(String(files.get('login.json')).replace(from, to));
}

function otherTemplate(files: Files): void {
  files.set(
    'circumstances.json',
    Buffer.from(String(files.get('circumstances.json')).replace('login-sv-1', 'login-en-1')),
  );
}

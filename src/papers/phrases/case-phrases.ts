import type { StatementId } from './statements.ts';

/** The words of the case paper in one language, beside those of the receipt. */
export interface CasePhrases {
  readonly title: string;
  readonly lead: string;
  /** That the evidence is inside. */
  readonly attached: (name: string) => string;
  readonly verdict: string;
  readonly passed: string;
  readonly verdictIs: string;
  readonly software: string;
  readonly read: string;
  readonly readNote: string;
  readonly recorded: string;
  readonly recordedNote: string;
  readonly facts: Readonly<Record<'device' | 'risk' | 'ordered' | 'received' | 'version' | 'build' | 'clock', string>>;
  readonly milliseconds: (count: number) => string;
  readonly law: string;
  readonly eidas: string;
  readonly psd: string;
  readonly columns: readonly [demand: string, shown: string, where: string];
  /** What is demanded, and what shows it. */
  readonly statements: Readonly<Record<StatementId, readonly [demand: string, shown: string]>>;
  /** How a Swedish court begins. */
  readonly court: string;
  readonly nowhere: string;
  readonly checks: string;
  readonly qualified: string;
  readonly around: string;
  readonly aroundNote: string;
  readonly every: string;
  readonly everyColumns: readonly [check: string, question: string, result: string];
  readonly folder: string;
  readonly folderNote: string;
  readonly folderColumns: readonly [file: string, sum: string];
  readonly repeat: string;
  readonly steps: readonly string[];
  readonly root: string;
  readonly add: string;
  readonly bankAdds: readonly string[];
  readonly limits: string;
}

const sv: CasePhrases = {
  title: 'Ärendepapper: undertecknat betalningssamtycke',
  lead: 'Papperet är till för den som prövar om betalningen var godkänd. Varje påstående hänvisar till en fil i beviset och till den kontroll som prövar det. Papperet är en läsanvisning; beviset är filerna.',
  attached: (name) =>
    `Beviset är bifogat i denna fil som ${name}, omaskerat: där står hela personnumret. Lämna den bara till den som får läsa det.`,
  verdict: 'Utfall',
  passed:
    'Underskriften är äkta, gäller betalningen nedan, och undertecknarens certifikat gällde när den gjordes. Vilka kontroller som gjordes, och vilka som inte kunde göras, står under Varje kontroll.',
  verdictIs: 'Utfall enligt ETSI EN 319 102-1',
  software: 'Kontrollerat med',
  read: 'Vad betalaren fick läsa, och vad som skrevs under',
  readNote: 'visible-text.txt, tecken för tecken (kontrollerna digests och content).',
  recorded: 'Hur underskriften begärdes',
  recordedNote:
    'circumstances.json: tjänstens egna uppgifter. De täcks av bevisets kontrollsumma, men ingen underskrift styrker dem.',
  facts: {
    device: 'Enhet',
    risk: 'Risk',
    ordered: 'Begärdes hos BankID',
    received: 'Svaret togs emot',
    version: 'Tjänstens version',
    build: 'Byggets kontrollsumma',
    clock: 'Klockans avvikelse från BankID',
  },
  milliseconds: (count) => `${count} ms`,
  law: 'Vad lagen kräver, och vad som visar det',
  eidas: 'Avancerad elektronisk underskrift: eIDAS, förordning (EU) nr 910/2014, artikel 26',
  psd: 'Bevisbördan när en betalning bestrids: PSD2, direktiv (EU) 2015/2366, artikel 72',
  columns: ['Krav', 'Vad som visar det', 'Fil och kontroll'],
  statements: {
    '26 a': [
      'a) Den är knuten uteslutande till undertecknaren.',
      'Underskriften kontrolleras med den nyckel som undertecknarens certifikat anger. Certifikatet är utfärdat till en enda person.',
    ],
    '26 b': ['b) Undertecknaren kan identifieras genom den.', 'Certifikatet anger namn och personnummer.'],
    '26 c': [
      'c) Den är skapad på grundval av uppgifter som undertecknaren med hög grad av tillförlitlighet kan använda uteslutande under sin egen kontroll.',
      'Certifikatet var inte spärrat när underskriften gjordes, enligt ett besked som lämnades för just den. Hur nyckeln skyddas följer av BankID:s regler, som inte finns i beviset.',
    ],
    '26 d': [
      'd) Den är kopplad till de uppgifter som den gäller på ett sådant sätt att alla efterföljande ändringar kan upptäckas.',
      'Text och data räknas om till de kontrollsummor som skrevs under, och jämförs med samtycket byte för byte.',
    ],
    '72.1 authenticated': [
      '72.1: betalningen har autentiserats.',
      'Betalningen skrevs under med personens BankID, med ett certifikat som gällde. Vem som höll i enheten visas inte.',
    ],
    '72.1 recorded': [
      '72.1: den har registrerats korrekt.',
      'Det registrerade samtycket är det som skrevs under. Filerna har kontrollsumman ovan; den jämförs med den som banken fick när samtycket användes.',
    ],
    '72.1 entered': ['72.1: den har bokförts.', 'Visas inte här: banken måste visa det ur sina egna system.'],
    '72.1 breakdown': [
      '72.1: den har inte påverkats av ett tekniskt fel eller någon annan bristfällighet.',
      'Tjänsten antecknade sin version och sin klockas avvikelse. Det är dess egna uppgifter; banken måste lägga till sina.',
    ],
    '72.2': [
      '72.2: att betalningsinstrumentet har använts räcker inte nödvändigtvis som bevis för att betalaren godkände betalningen, handlade bedrägligt, eller uppsåtligen eller av grov oaktsamhet åsidosatte sina skyldigheter enligt artikel 69.',
      'Visas inte här. Texten ovan visar vad som stod att läsa när betalningen skrevs under, inte varför den skrevs under.',
    ],
  },
  court:
    'I svensk domstol visar den som åberopar en avancerad underskrift först att den tekniska lösningen uppfyller kraven på en sådan, och att inget tyder på ett tekniskt fel vid tillfället (NJA 2017 s. 1105). Den första tabellen gäller det ena; raden om tekniska fel, och vad banken måste lägga till, gäller det andra. När undertecknarens BankID utfärdades framgår av certifikatet i signature.b64: ett som skapades samma dag kan tala för att någon annan skaffade det (jfr NJA 2022 s. 522). Artikel 72 är genomförd i 5 a kap. betaltjänstlagen (2010:751).',
  nowhere: 'Ingen',
  checks: 'Kontroll',
  qualified:
    'Underskriften påstås inte vara kvalificerad. Om förseglingen (artikel 35.2) eller tidsstämpeln (artikel 41.2) är kvalificerad avgörs av EU:s förteckningar över betrodda tjänster, som inte har slagits upp här.',
  around: 'Försegling, liggare och tid',
  aroundNote:
    'De ändrar inte utfallet för underskriften. Vad som inte har styrkts med något som läsaren själv har sägs inte vara styrkt.',
  every: 'Varje kontroll',
  everyColumns: ['Kontroll', 'Fråga', 'Resultat'],
  folder: 'Filerna',
  folderNote: 'SHA-256 av varje fil i beviset, så som den lämnades.',
  folderColumns: ['Fil', 'SHA-256'],
  repeat: 'Så kontrolleras det igen',
  steps: [
    'Med Sigill, utan nät och utan banken: sigill verify FIL.',
    'Utan Sigill: packa upp beviset och kör sh verify.sh, som använder xmlsec1 och openssl.',
    'Jämför rotcertifikatets kontrollsumma med den som BankID publicerar, och bevisets kontrollsumma med den som banken fick.',
    'Ett program för ETSI:s format, till exempel EU DSS, säger högst INDETERMINATE om en ensam BankID-underskrift, eftersom den inte har ETSI:s form. Det visar inte att något är fel.',
  ],
  root: 'Rotcertifikat',
  add: 'Vad banken måste lägga till',
  bankAdds: [
    'Att undertecknaren är den kund som kontot tillhör: hela personnumret finns i beviset, men inte här.',
    'Att samtycket användes, när, och för vilken betalning; att den bokfördes, och om den har återförts.',
    'Vem som har haft beviset: när det lagrades, varje läsning och varje överlämnande (sigill audit SAMTYCKE).',
    'Kända fel och incidenter i bankens och tjänstens system vid tidpunkten.',
    'Avtalet med betalaren, och BankID:s regler vid tidpunkten.',
  ],
  limits: 'Vad det inte visar',
};

const en: CasePhrases = {
  title: 'Case paper: a signed payment consent',
  lead: 'This paper is for those who decide whether the payment was authorised. Each statement names a file of the evidence and the check that tests it. The paper is a guide; the files are the evidence.',
  attached: (name) =>
    `The evidence is inside this file as ${name}, unmasked: it holds the whole personal number. Give it only to those who may read it.`,
  verdict: 'Verdict',
  passed:
    "The signature is genuine and is of the payment below, and the signer's certificate was valid when it was made. Which checks were made, and which could not be made, stands under Every check.",
  verdictIs: 'Verdict of ETSI EN 319 102-1',
  software: 'Verified with',
  read: 'What the payer was shown, and what was signed',
  readNote: 'visible-text.txt, character by character (checks digests and content).',
  recorded: 'How the signature was requested',
  recordedNote:
    "circumstances.json: the service's own statements. The evidence digest covers them, but no signature vouches for them.",
  facts: {
    device: 'Device',
    risk: 'Risk',
    ordered: 'Requested from BankID',
    received: 'Answer received',
    version: 'Version of the service',
    build: 'Digest of its build',
    clock: "Its clock's offset from BankID",
  },
  milliseconds: (count) => `${count} ms`,
  law: 'What the law demands, and what shows it',
  eidas: 'An advanced electronic signature: eIDAS, Regulation (EU) No 910/2014, Article 26',
  psd: 'The burden of proof when a payment is denied: PSD2, Directive (EU) 2015/2366, Article 72',
  columns: ['Demand', 'What shows it', 'File and check'],
  statements: {
    '26 a': [
      '(a) It is uniquely linked to the signatory.',
      "The signature verifies with the key that the signer's certificate names. The certificate is issued to one person.",
    ],
    '26 b': ['(b) It is capable of identifying the signatory.', 'The certificate gives name and personal number.'],
    '26 c': [
      '(c) It is created using data that the signatory can, with a high level of confidence, use under their sole control.',
      'The certificate was not revoked when the signature was made, by a statement made for this very signature. How the key is protected follows from the rules of BankID, which are not in the evidence.',
    ],
    '26 d': [
      '(d) It is linked to the data so that any subsequent change is detectable.',
      'Text and data are hashed again to the digests that were signed, and compared with the consent byte for byte.',
    ],
    '72.1 authenticated': [
      '72(1): the payment transaction was authenticated.',
      "The payment was signed with the person's BankID, with a certificate that was valid. Who held the device is not shown.",
    ],
    '72.1 recorded': [
      '72(1): it was accurately recorded.',
      'The recorded consent is what was signed. The files have the digest above; it is to be compared with the one that the bank got when the consent was used.',
    ],
    '72.1 entered': [
      '72(1): it was entered in the accounts.',
      'Not shown here: the bank must show it from its own systems.',
    ],
    '72.1 breakdown': [
      '72(1): it was not affected by a technical breakdown or some other deficiency.',
      'The service recorded its version and the offset of its clock. These are its own statements; the bank must add its own.',
    ],
    '72.2': [
      '72(2): the recorded use of a payment instrument is in itself not necessarily sufficient to prove that the payer authorised the payment, acted fraudulently, or failed with intent or gross negligence to fulfil the obligations of Article 69.',
      'Not shown here. The text above shows what stood to be read when the payment was signed, not why it was signed.',
    ],
  },
  court:
    'In a Swedish court, the party who relies on an advanced signature first shows that the technical solution meets that standard, and that nothing points to a technical fault on the occasion (NJA 2017 p. 1105). The first table is about the one; the row on technical breakdowns, and what the bank must add, about the other. When the BankID of the signer was issued is seen from the certificate in signature.b64: one that was made the same day can suggest that another person obtained it (cf. NJA 2022 p. 522). Article 72 is implemented in chapter 5 a of the Payment Services Act (2010:751).',
  nowhere: 'None',
  checks: 'Check',
  qualified:
    'The signature is not claimed to be qualified. Whether the seal (Article 35(2)) or the timestamp (Article 41(2)) is qualified is decided by the trusted lists of the EU, which were not looked up here.',
  around: 'Seal, ledger and time',
  aroundNote:
    'They do not change the verdict on the signature. What was not proved by something that the reader holds is not called proved.',
  every: 'Every check',
  everyColumns: ['Check', 'Question', 'Result'],
  folder: 'The files',
  folderNote: 'SHA-256 of each file of the evidence, as it was handed over.',
  folderColumns: ['File', 'SHA-256'],
  repeat: 'How to verify it again',
  steps: [
    'With Sigill, without a network and without the bank: sigill verify FILE.',
    'Without Sigill: unpack the evidence and run sh verify.sh, which uses xmlsec1 and openssl.',
    "Compare the root certificate's fingerprint with the one that BankID publishes, and the evidence digest with the one that the bank got.",
    'A program for the forms of ETSI, such as EU DSS, says INDETERMINATE at most of a BankID signature alone, because that does not have a form of ETSI. It does not show that anything is wrong.',
  ],
  root: 'Root certificate',
  add: 'What the bank must add',
  bankAdds: [
    'That the signer is the customer whose account it is: the whole personal number is in the evidence, and not here.',
    'That the consent was used, when, and for which payment; that it was entered in the accounts, and whether it was returned.',
    'Who has held the evidence: when it was stored, each reading and each handing over (sigill audit CONSENT).',
    'Known faults and incidents of the systems of the bank and of the service at the time.',
    'The agreement with the payer, and the rules of BankID at the time.',
  ],
  limits: 'What it does not show',
};

export const casePhrases: Readonly<Record<'sv' | 'en', CasePhrases>> = { sv, en };

import { swedishLogin } from './login-phrases.sv.ts';
import { swedishChecks, swedishFiles } from './messages.sv.ts';
import type { ReportPhrases } from '../report-phrases.ts';

export const swedish: ReportPhrases = {
  summary: {
    'TOTAL-PASSED': 'Alla kontroller godkändes.',
    'TOTAL-FAILED':
      'Detta är ingen äkta BankID-underskrift, eller så var certifikatet spärrat eller inte giltigt när den gjordes.',
    INDETERMINATE:
      'Inget visar att underskriften är förfalskad, men underlaget styrker inte att den är äkta och avsedd för detta.',
    'no-match': 'Det som följde med underskriften är INTE det som skrevs under; vad undertecknaren såg återges sist.',
    'not-meant':
      'Underskriften är INTE den förväntade: den gjordes för en annan tjänst, av en annan person eller för ett annat ändamål.',
  },
  noMatch: 'STÄMMER INTE',
  signer: 'undertecknare',
  notEstablished: 'inte fastställt',
  signedAt: 'tidpunkt',
  notProven: 'inte styrkt',
  for: 'för vem',
  forWhom: (tpp, authorisation, bank) => `${tpp} (${authorisation}), för användning hos banken ${bank}`,
  payment: 'betalning',
  paymentTo: (amount, creditor) => `${amount} till ${creditor}`,
  payeeCheck: 'mottagarkoll',
  payeeCheckResults: {
    match: 'namnet stämmer med kontot',
    'close-match': 'namnet stämmer inte helt med kontot',
    'no-match': 'namnet stämmer inte med kontot',
    'not-possible': 'namnet kunde inte kontrolleras',
  },
  payeeCheckName: (result, name) => `${result} (som är ${name})`,
  payeeCheckOfBank: (result) => `${result}, enligt ett intyg från banken, som inte prövas här`,
  payeeCheckOfTpp: (result, isRead) =>
    `${result}, enligt betaltjänsten${isRead ? '' : '; undertecknaren läste det inte'}`,
  channel: 'begärdes',
  channelOf: (channel) => {
    switch (channel.way) {
      case 'browser':
        return 'i en webbläsare';
      case 'app':
        return 'i en app från betaltjänsten';
      case 'qr':
        return 'med en QR-kod som betaltjänsten visade';
      case 'phone':
        return channel.callInitiator === 'user'
          ? 'i ett telefonsamtal som betalaren ringde'
          : 'i ett telefonsamtal som betaltjänsten ringde';
    }
  },
  binding: 'enhet',
  bindings: {
    'returned-in-bound-browser': 'BankID ledde tillbaka till webbläsaren som begärde',
    'returned-with-request-key':
      'BankID ledde tillbaka till appen som begärde, vilken visade sin nyckel; det styrker inte att det var en och samma enhet',
    'same-address': 'BankID hade samma nätverksadress som webbläsaren som begärde',
    'stated-address': 'BankID hade den nätverksadress som betaltjänsten uppgav',
    none: 'inget knyter BankID till det som begärde',
  },
  risk: 'risk',
  riskOf: (risk) => (risk === 'absent' ? 'BankID angav ingen' : `${risk}, enligt BankID`),
  statedAddress: 'adress',
  statedAddressOf: (address) => `${address}, uppgiven av betaltjänsten`,
  bankRule: 'bankens regel',
  bankRuleOutcome: { met: 'uppfylld', 'not-met': 'INTE UPPFYLLD', 'not-applicable': 'gäller inte' },
  bankRuleCondition: {
    pinCode: () => 'säkerhetskod krävdes',
    mrtd: () => 'id-handling avläst',
    cardReader: (required) => `kortläsare av ${required} krävdes`,
    maxRisk: (required) => `risk högst ${required}`,
    minBankIdAgeDays: (required) => `BankID minst ${required} dagar gammalt`,
  },
  bankRuleFound: { true: 'ja', false: 'nej', none: 'uppgift saknas' },
  asRecorded: 'enligt tjänstens anteckning',
  relyingParty: 'förlitande part',
  relyingPartyUnverified: '(inte kontrollerad: ange --rp)',
  matches: 'stämmer',
  match: { yes: 'ja', no: 'nej', 'not-compared': 'inte jämfört: endast underskriften kontrollerades' },
  matchInList: { yes: 'ja', no: 'nej', 'not-compared': 'inte jämfört' },
  payer: 'betalare',
  payerKinds: {
    bound: 'utpekad när samtycket begärdes',
    unbound: 'den som skrev under: ingen var utpekad när samtycket begärdes',
    'not-compared': 'inte jämfört',
  },
  trustAnchor: 'rotcertifikat',
  none: 'inget',
  warning: 'varning',
  warnings: {
    'relying-party-unverified': 'ingen förlitande part har angetts att jämföra med',
    'poe.responder-only': 'tidpunkten styrks endast av OCSP-tjänsten, vars certifikat sedan dess har gått ut',
    'sha1-ocsp': 'OCSP-svaret är undertecknat med SHA-1; dess ålder har du själv intygat',
    'payer-number-not-compared': 'det utpekade personnumret ingår inte i det som skrevs under',
    'receipt-time-not-compared': 'tidpunkten för mottagandet ingår inte i det som skrevs under',
    'report-verdict-differs': 'report.json anger ett annat resultat än detta',
    'circumstances-name-differs': 'circumstances.json anger ett annat namn på undertecknaren än certifikatet',
    'request-object-not-verified':
      'request-object.jwt är leverantörens egen uppgift: den prövas mot leverantörens nycklar, vilket inte görs här',
    'visible-text-not-utf8': 'texten som skrevs under är inte UTF-8 och kan inte visas',
    'base64-unwrapped': 'base64-texten var uppdelad på rader och kontrollerades utan radbrytningarna',
    'client-info-unknown-element': 'BankID-appen har antecknat något som denna version inte känner till',
  },
  archiveWarnings: {
    'manifest.seal-missing': 'förteckningen saknar sigill',
    'manifest.seal-invalid': 'sigillet hör inte till förteckningen: exporten har ändrats',
    'manifest.missing-or-malformed': 'exporten saknar läsbar förteckning',
    'manifest.count-differs': 'förteckningen anger ett annat antal samtycken',
    'manifest.file-missing': 'en fil som förteckningen anger saknas',
    'manifest.file-not-listed': 'en fil som förteckningen inte anger',
    'manifest.sums-differ': 'förteckningen anger andra summor än vad som skrevs under',
    'manifest.environment-differs': 'förteckningen anger en annan miljö än vad som skrevs under',
    'manifest.file-changed': 'en fil är inte den som förteckningen anger',
    'manifest.ledger-malformed':
      'förteckningen anger inte liggaren så som Sigill skriver, eller så är kontrollpunkten inte signerad så',
    'manifest.ledger-differs': 'förteckningen anger något annat om liggaren än exportens filer',
    'folders.missing': 'mapplistan saknas',
    'folders.malformed': 'mapplistan kan inte läsas, eller anger en mapp två gånger',
    'index.missing': 'exporten saknar index.csv',
    'index.malformed': 'index.csv har inte den form som Sigill skriver',
    'index.row-missing': 'index.csv saknar rad för denna mapp',
    'index.row-twice': 'index.csv har mer än en rad för denna mapp',
    'index.row-unknown': 'index.csv har en rad för en mapp som inte finns här',
    'index.row-differs': 'index.csv anger något annat än vad som skrevs under',
    'index.sheet-missing': 'exporten saknar index.sv.csv',
    'index.sheet-differs': 'index.sv.csv anger något annat än index.csv',
    'folder.name-differs': 'en mapp är inte namngiven efter samtycket som skrevs under',
    'folder.consent-twice': 'samma samtycke finns i mer än en mapp',
    'folder.without-evidence': 'en mapp saknar underskrift',
    'ledger.missing': 'en fil om liggaren saknas',
    'ledger.malformed': 'en fil om liggaren har från denna rad inte den form som Sigill skriver',
    'ledger.unexpected': 'exporten innehåller detta fastän den enligt förteckningen inte svarar för några nummer',
    'ledger.number-missing': 'nummer i liggaren är utelämnade utan att något anger varför',
    'ledger.number-twice': 'ett nummer i liggaren anges två gånger, eller i fel ordning',
    'ledger.number-outside': 'ett nummer i liggaren som förteckningen inte omfattar',
    'ledger.folder-missing': 'en mapp som hör till ett nummer i liggaren saknas',
    'ledger.folder-twice': 'en mapp anges för mer än ett nummer i liggaren',
    'ledger.folder-unlisted': 'en mapp hör inte till något nummer i liggaren som anges',
    'ledger.digest-differs': 'beviset i en mapp är inte det som har dess nummer i liggaren',
    'ledger.reason-differs': 'ett nummer är utelämnat av ett skäl som exportens beställning inte ger',
    'ledger.root-differs': 'numren och kontrollsummorna som anges är inte kontrollpunktens',
    'audit.chain-broken': 'händelserna för ett samtycke hänger inte ihop fram till det slut som anges',
    'archive.foreign-file': 'en fil vid sidan av bevismapparna',
    'archive.file-refused': 'en fil kan inte läsas, eller så är dess arkiv motsägelsefullt',
  },
  checks: 'Vad som kontrollerades',
  check: {
    structure: 'dokumentet följer exakt BankID:s format',
    digests: 'innehållet är exakt det som skrevs under',
    'signature-value': 'underskriften gjordes med undertecknarens nyckel',
    algorithms: 'ingen algoritm i underskriften är för svag',
    ocsp: 'beskedet om certifikatet (OCSP) är äkta',
    certid: 'beskedet avser undertecknarens certifikat',
    status: 'beskedet är att certifikatet inte var spärrat',
    nonce: 'beskedet lämnades för just denna underskrift',
    times: 'alla certifikat var giltiga vid den styrkta tidpunkten',
    'order-start': 'underskriften gjordes efter att den begärdes',
    receipt: 'underskriften gjordes innan den togs emot',
    content: 'text och data överensstämmer med samtycket',
    'relying-party': 'underskriften gjordes för den förväntade tjänsten',
    signer: 'en person skrev under (och legitimerade sig inte bara)',
    payer: 'personen är den förväntade',
  },
  path: {
    production: 'undertecknarens certifikat leder till BankID:s rot',
    test: 'undertecknarens certifikat leder till roten i BankID:s testmiljö',
    unpinned: 'undertecknarens certifikat leder till den angivna roten, som inte är BankID:s',
    none: 'undertecknarens certifikat leder till en godtagen rot',
  },
  status: { passed: 'godkänd', failed: 'UNDERKÄND', indeterminate: 'OAVGJORD', skipped: 'ej prövad' },
  text: 'Vad undertecknaren såg',
  limits: 'Vad detta inte visar',
  limit: [
    'vem som höll i telefonen: underskriften visar att någon använde denna persons BankID och säkerhetskod',
    'om personen förstod texten och skrev under av fri vilja',
    'om betalningen utfördes, och vem kontona tillhör',
    'om det som antecknades i övrigt stämmer (circumstances.json): det är tjänstens egna uppgifter',
  ],
  examined: (count) => `${count} kontrollerade`,
  unreadable: 'OLÄSBAR',
  noEvidence: 'INGET BEVIS',
  checkMessages: swedishChecks,
  fileMessages: swedishFiles,
  login: swedishLogin,
};

import type { ReadmeWords } from './words.ts';

export const sv: ReadmeWords = {
  title: 'Export av betalningssamtycken',
  lead: {
    list: 'Det här arkivet förtecknar samtycken till betalningar som betalare har skrivit under med BankID. Det innehåller inga underskrifter, och personnummer är maskerade.',
    folders:
      'Det här arkivet innehåller samtycken till betalningar som betalare har skrivit under med BankID, vart och ett i en mapp med sitt bevis.',
    bundles:
      'Det här arkivet innehåller samtycken till betalningar som betalare har skrivit under med BankID, vart och ett med sitt bevis i ett förseglat bevispaket.',
    jsonl:
      'Det här arkivet innehåller samtycken till betalningar som betalare har skrivit under med BankID, vart och ett med sitt bevis på en rad JSON.',
  },
  personal: 'Det innehåller personuppgifter. Den som har det ansvarar för det.',
  testBanner: 'Testmiljö – ingenting här är på riktigt.',
  order: {
    title: 'Vem som beställde det, och varför',
    id: 'Export',
    by: 'Beställd av',
    why: 'Ändamål',
    caseReference: 'Ärende',
    orderedAt: 'Beställd',
    madeAt: 'Gjord',
    approval: 'Godkännande',
    software: 'Programvara',
    environment: 'Miljö',
    approvedBy: (issuer, at) =>
      `En andra person godkände beställningen ${at}, genom att logga in hos ${issuer}, bankens egen identitetstjänst.`,
    breakGlass: (caseReference) =>
      `Den är inte godkänd. En operatör av tjänsten tog ut den direkt, i ärendet ${caseReference}, vilket antecknades innan den första byten skrevs.`,
    notNeeded: 'Inget behövs: den innehåller inga underskrifter, eller dem till ett enda samtycke som namngavs.',
    notAsked: 'Inget begärdes.',
  },
  filter: {
    title: 'Vad som begärdes',
    period: 'Godkända',
    periodOf: (from, to) => `från ${from} till, men inte med, ${to}`,
    days: 'Dagar i Sverige',
    daysOf: (first, last) => `${first} till och med ${last}`,
    bank: 'Bank',
    everyBank: 'tjänstens alla banker',
    tpp: 'Endast för TPP:n',
    consent: 'Endast samtycket',
    reference: 'Endast betalningsreferensen',
    payer: 'Endast för en person',
    payerNamed: 'ja; numret angavs i beställningen och upprepas inte här',
    states: 'Endast i tillstånden',
  },
  totals: {
    title: 'Totalt',
    count: 'Samtycken',
    sum: 'Summa',
    state: 'Tillstånd',
    all: 'Alla',
    none: '–',
  },
  states: {
    signed: 'undertecknade',
    declined: 'avböjda',
    'awaiting-authorisation': 'väntar på underskrift',
    authorised: 'godkända, inte använda',
    consumed: 'förbrukade: använda för betalningen',
    rejected: 'avvisade',
    expired: 'utgångna',
    revoked: 'återkallade',
  },
  omitted: {
    title: 'Vad som inte finns här',
    erased: (count) =>
      count === 0
        ? 'Inget bevis bland det som begärdes var gallrat.'
        : `Bevis för ${count} samtycken bland det som begärdes har gallrats vid slutet av bevarandetiden och finns inte här.`,
    unknown: 'Den här exporten är inte jämförd med bankens liggare, så det är exportörens ord att inget annat saknas.',
    ledger: (first, last, exported) =>
      `I bankens liggare hör nummer ${first} till ${last} till perioden. ${exported} av dem finns här; ledger.jsonl anger vart och ett av de övriga och varför det är utelämnat.`,
    reason: 'Utelämnat därför att',
    nothing: 'Inget nummer är utelämnat.',
    reasons: {
      'other-tpp': 'det gäller en annan TPP',
      'other-state': 'det är i ett annat tillstånd',
      'outside-period': 'det godkändes utanför perioden',
      refused: 'underskriften underkändes och godkände ingenting',
      surplus: 'underskriften kom när ingen väntades och godkände ingenting',
      erased: 'det har gallrats vid slutet av bevarandetiden',
      lost: 'det gick förlorat när databasen återställdes',
      'not-named': 'beställningen gäller ett annat samtycke, en annan referens eller en annan person',
    },
  },
  files: {
    title: 'Vad varje fil är',
    file: 'Fil',
    what: 'Vad',
    beside: {
      'README.html': 'den här sidan',
      'index.csv': 'en rad för varje samtycke, för program: RFC 4180, tider i UTC; personnummer är maskerade',
      'index.sv.csv':
        'samma sak för ett svenskt kalkylprogram: semikolon, decimalkomma, svensk tid, långa nummer som text',
      'folders.sha256': 'SHA-256 för VERIFY.txt i varje mapp, som har den för varje annan fil i mappen',
      'ledger.jsonl':
        'en rad för varje nummer i liggaren under perioden: dess kontrollsumma, och var det finns eller varför det är utelämnat',
      'ledger-range.json': 'bevis för att de numren finns i liggaren sådan den undertecknades',
      'evidence.jsonl': 'bevisen, ett JSON-objekt per rad',
      'manifest.json': 'vad som beställdes och hur mycket som finns här, med SHA-256 för varje fil bredvid mapparna',
      'manifest.p7s': 'sigill över manifest.json: en CAdES-signatur med tidsstämpel och spärrlistor',
    },
    folder: {
      list: [['report.sv.txt, report.en.txt', 'den sparade rapporten för människor, med personnumret maskerat']],
      folders: [
        ['consent.json', 'betalningen som skrevs under'],
        ['visible-text.txt', 'texten som betalaren läste i BankID'],
        ['signature.b64, ocsp.b64', 'BankID:s underskrift och svar om certifikatet, som de levererades'],
        ['circumstances.json', 'när, varifrån och av vilken programvara den begärdes och besvarades'],
        ['report.json', 'vad kontrollen fann när beviset sparades'],
        ['VERIFY.txt, verify.sh', 'hur mappen kontrolleras, och ett skript som gör det med xmlsec1 och openssl'],
        ['report.sv.txt, report.en.txt', 'den sparade rapporten för människor, med personnumret maskerat'],
        ['audit.jsonl', 'vad som hände med samtycket, från begäran till varje läsning, en rad för varje händelse'],
      ],
      bundles: [
        ['evidence.asice', 'bevismappen, dess plats i liggaren och ett sigill över båda (ASiC-E, ETSI EN 319 162-1)'],
        ['report.sv.txt, report.en.txt', 'den sparade rapporten för människor, med personnumret maskerat'],
        ['audit.jsonl', 'vad som hände med samtycket, från begäran till varje läsning, en rad för varje händelse'],
      ],
      jsonl: [
        ['audit.jsonl', 'vad som hände med samtycket, från begäran till varje läsning, en rad för varje händelse'],
      ],
    },
  },
  check: {
    title: 'Så kontrolleras den',
    lead: 'Inget av detta behöver tjänsten, dess databas eller ett konto. Varje kontroll är av filer som du har.',
    sigill: 'Med Sigill: sigillet, varje underskrift, varje rad i förteckningen, antalet och summorna.',
    others: 'Med andras verktyg, i en katalog där arkivet är uppackat:',
    steps: {
      seal: 'Sigillet gäller det här manifestet. ROOT.pem är certifikatet för den som gav ut sigillets certifikat:',
      manifest: 'Manifestet har SHA-256 för varje fil bredvid mapparna:',
      folders: 'Varje mapp är som den var när den packades:',
      folder: 'Beviset i en mapp är äkta; skriptet behöver xmlsec1 och openssl, och säger till om de saknas:',
      bundle: 'Ett bevispaket packas upp som en ZIP och kontrolleras på samma sätt:',
    },
    roots:
      'Hämta BankID:s rotcertifikat från BankID, och certifikaten för sigillet och tidsstämplaren från deras utgivare; ett som kommer i samma arkiv bevisar ingenting.',
  },
  kept: {
    title: 'Hur länge den bevaras',
    sentences: [
      'Tjänsten bevarar resultatet av en beställning krypterat i 72 timmar, för den klient som beställde det, och förstör sedan nyckeln. Den har ingen annan kopia.',
      'Den här kopian är i dina händer. Radera den när ändamålet som den beställdes för är uppfyllt.',
      'Bevisen finns kvar i tjänsten till slutet av bevarandetiden: minst till och med det sjunde året efter utgången av det kalenderår då bankens räkenskapsår avslutades (7 kap. 2 § bokföringslagen, 1999:1078), och längre om de ska bevaras för en tvist.',
      'Att den togs ut står i bankens granskningslogg, med ändamålet och vem som beställde den.',
    ],
  },
};

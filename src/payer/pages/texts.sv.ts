import type { Texts } from './texts.ts';

export const sv: Texts = {
  testBanner: 'Testmiljö – inga riktiga pengar flyttas.',
  footer: 'Sigill låter dig godkänna exakt en betalning. Ingenting betalas förrän du har skrivit under i BankID.',
  privacyNotice: 'Bankens personuppgiftspolicy',
  support: 'Bankens kundtjänst',
  summary: {
    asks: 'Begärs av',
    bank: 'Din bank',
    authorisationNumber: 'Tillstånd',
    amount: 'Belopp',
    payee: 'Till',
    toAccount: 'Mottagarens konto',
    fromAccount: 'Från ditt konto',
    ocr: 'OCR-nummer',
    rf: 'RF-referens',
    message: 'Meddelande',
    reference: 'Referens',
    told: 'Får veta',
    names: 'namn och födelsedatum',
    number: 'personnummer',
    pseudonym: 'bara att det är du igen',
    validUntil: (time) => `Begäran gäller till kl. ${time}.`,
    accountKinds: { iban: 'IBAN', bban: 'Bankkonto', bankgiro: 'Bankgiro', plusgiro: 'Plusgiro' },
  },
  warning: {
    title: 'Har någon ringt eller skrivit och bett dig göra detta? Avbryt.',
    body: (tppName) =>
      `Skriv bara under om du själv började betala hos ${tppName}. Banken, polisen eller en myndighet ber dig aldrig att ` +
      'skriva under, öppna en länk eller läsa av en QR-kod åt någon annan.',
    qr: 'Läs bara av koden om du själv sitter vid den här skärmen. Visa den inte för någon, och läs inte av en kod som någon annan visar eller skickar.',
  },
  start: {
    title: 'Godkänn en betalning',
    lead: (tppName) => `${tppName} ber om ditt godkännande för den här betalningen och ingenting annat.`,
    thisDevice: 'BankID på den här enheten',
    otherDevice: 'BankID på en annan enhet',
    chooseDevice: 'Var har du ditt BankID?',
    hint: 'Du ser samma belopp och mottagare i BankID-appen innan du skriver under.',
    decline: 'Jag vill inte godkänna',
    declineExplained: (tppName) => `Begäran avslutas och ${tppName} får veta att du inte godkände. Inget betalas.`,
    declineConfirm: 'Avböj betalningen',
  },
  qr: {
    title: 'Skriv under på en annan enhet',
    alt: 'QR-kod att läsa av med BankID-appen',
    steps: [
      'Öppna BankID-appen på din mobil eller surfplatta.',
      'Tryck på Skanna QR-kod och rikta kameran hit.',
      'Kontrollera belopp och mottagare i appen och skriv under.',
    ],
    useThisDevice: 'Använd BankID på den här enheten i stället',
    timeLeft: 'Tid kvar för QR-koden:',
    moreTime: 'Jag behöver mer tid',
  },
  launch: {
    title: 'Öppna BankID',
    open: 'Öppna BankID',
    comeBack: 'Kom tillbaka hit när du har skrivit under. Sidan fortsätter av sig själv.',
    useOtherDevice: 'Använd BankID på en annan enhet i stället',
    preparing: 'Vi förbereder underskriften …',
    notOpened: 'Hände ingenting när du tryckte?',
    install:
      'Kontrollera att BankID-appen finns på den här enheten. Annars: installera den och skaffa ett BankID hos din bank.',
    elsewhere: 'Har du ditt BankID på en annan enhet? Välj det nedan.',
  },
  unopened: {
    title: 'BankID öppnades inte',
    body: 'Ingenting är underskrivet, och det har inte kostat dig något försök. Fortsätt när du är redo.',
    again: 'Fortsätt till BankID',
  },
  cancelled: {
    title: 'Du har avbrutit',
    body: (tppName) =>
      `Ingenting är underskrivet och inget har betalats. Välj nedan om du vill försöka igen, eller avböj och gå tillbaka till ${tppName}.`,
  },
  wait: {
    title: 'Fortsätt i BankID-appen',
    checkText: 'Kontrollera att appen visar samma belopp och mottagare som här. Stämmer det inte: avbryt.',
  },
  checking: { title: 'Vi kontrollerar din underskrift', body: 'Det tar några sekunder. Stäng inte sidan.' },
  back: {
    title: 'Du kan gå tillbaka nu',
    body: 'BankID öppnade en annan webbläsare än den du började i. Gå tillbaka till sidan där du började betala: den fortsätter av sig själv. Den här sidan kan du stänga.',
  },
  failed: {
    title: 'Det blev ingen underskrift',
    unchanged: 'Ingenting är godkänt och inget har betalats.',
    attemptsLeft: (left) => (left === 1 ? 'Du kan försöka en gång till.' : `Du kan försöka ${left} gånger till.`),
  },
  renew: {
    title: 'QR-koden har slutat gälla',
    body: 'Koden lästes inte av i tid. Visa en ny när du har BankID-appen redo.',
    again: 'Visa en ny QR-kod',
  },
  paused: {
    title: 'Vänta innan du försöker igen',
    body: (when) =>
      `Det har gjorts för många försök på kort tid. Du kan försöka igen ${when}. Ingenting är godkänt och inget har betalats.`,
    outlastsRequest: (tppName) =>
      `Den här begäran går ut innan dess. Du kan avböja den nedan och gå tillbaka till ${tppName}.`,
  },
  expiresSoon: 'Det är mindre än en minut kvar. Sedan avslutas begäran, och du kan börja om.',
  cancel: 'Avbryt underskriften',
  offline: 'Vi når inte servern just nu. Vi försöker igen.',
  supportCode: 'Kod för support:',
  returnTo: (tppName) => `Tillbaka till ${tppName}`,
  returning: (tppName) => `Du skickas tillbaka till ${tppName}.`,
  returned: (tppName) => `${tppName} har fått ditt svar. Tryck på knappen om du inte kom tillbaka.`,
  authorised: {
    title: 'Betalningen är godkänd',
    body: 'Din underskrift är kontrollerad. Gå tillbaka för att slutföra betalningen.',
  },
  declined: { title: 'Du avböjde betalningen', body: 'Ingenting är godkänt och inget betalas.' },
  attempts: {
    title: 'För många försök',
    body: 'Begäran är avslutad efter för många försök som inte lyckades. Inget betalas. Vill du betala får du börja om från början.',
  },
  risk: {
    title: 'Betalningen stoppades för din säkerhet',
    body: 'BankID bedömde risken som för hög, och underskriften godkändes inte. Inget betalas. Om någon bad dig skriva under: kontakta din bank.',
  },
  device: {
    title: 'Vi kunde inte knyta underskriften till den här webbläsaren',
    body: 'För din säkerhet godkändes den inte, och inget betalas. Vill du betala får du börja om och stanna i samma webbläsare. Om någon bad dig skriva under: kontakta din bank.',
  },
  policy: {
    title: 'Banken godtar inte den här underskriften',
    body: 'Underskriften är äkta, men den uppfyller inte bankens regler för den här betalningen. Ditt BankID kan vara för nytt, eller så behöver du styrka din identitet på ett annat sätt. Inget betalas. Kontakta din bank. Om någon bad dig skriva under: berätta det för banken.',
  },
  signature: {
    title: 'Underskriften kunde inte godkännas',
    body: 'En kontroll av underskriften lyckades inte. Inget betalas. Vill du betala får du börja om från början.',
  },
  expired: {
    title: 'Begäran har gått ut',
    body: 'Tiden för att godkänna är slut. Inget betalas. Vill du betala får du börja om från början.',
  },
  revoked: { title: 'Begäran är återkallad', body: 'Den kan inte längre användas, och inget betalas.' },
  done: { title: 'Den här betalningen är klar', body: 'Godkännandet är använt.' },
  notBound: {
    title: 'Sidan kan inte visas här',
    body: 'Betalningen finns inte, är avslutad, eller pågår i en annan webbläsare. För din säkerhet visas den bara där den började.',
    advice:
      'Gå tillbaka till webbläsaren där du började. Den sidan fortsätter av sig själv. Har någon skickat dig hit utan att du själv börjat betala: stäng sidan.',
  },
  crossSite: {
    title: 'Begäran kom inte härifrån',
    body: 'För din säkerhet gjordes ingenting. Ladda om sidan med betalningen och försök igen.',
  },
  broken: { title: 'Något gick fel hos oss', body: 'Ingenting har ändrats. Vänta en stund och försök igen.' },
  bankidUnavailable: {
    title: 'BankID fungerar inte just nu',
    body: 'Inget har betalats. Vänta en stund och försök igen.',
  },
  tooMany: {
    title: 'Vänta innan du försöker igen',
    body: 'Vänta en stund och försök igen. Ingenting har betalats.',
    wait: (when) => `Du kan försöka igen ${when}. Ingenting har betalats.`,
  },
  startOver: 'Tillbaka till betalningen',
};

import { sv } from './texts.sv.ts';
import type { Texts } from './texts.ts';

/** What a page of a login says otherwise than one of a payment. */
export const loginSv: Texts = {
  ...sv,
  testBanner: 'Testmiljö – inga riktiga inloggningar.',
  footer: 'Sigill låter dig logga in med BankID. Här betalas inget, och du skriver inte under något.',
  summary: { ...sv.summary, asks: 'Du loggar in hos' },
  warning: {
    title: sv.warning.title,
    body: (clientName) =>
      `Logga bara in om du själv gick till ${clientName}. Banken, polisen eller en myndighet ber dig aldrig att logga in, ` +
      'öppna en länk eller läsa av en QR-kod åt någon annan.',
    qr: sv.warning.qr,
  },
  start: {
    ...sv.start,
    title: 'Logga in med BankID',
    lead: (clientName) => `${clientName} ber dig att legitimera dig. Du loggar in och godkänner ingenting annat.`,
    hint: 'Du ser samma namn i BankID-appen innan du legitimerar dig.',
    decline: 'Jag vill inte logga in',
    declineExplained: (clientName) => `Inloggningen avslutas och ${clientName} får veta att du inte loggade in.`,
    declineConfirm: 'Logga inte in',
  },
  qr: {
    ...sv.qr,
    title: 'Logga in med en annan enhet',
    steps: [
      'Öppna BankID-appen på din mobil eller surfplatta.',
      'Tryck på Skanna QR-kod och rikta kameran hit.',
      'Kontrollera i appen vart du loggar in och legitimera dig.',
    ],
  },
  launch: {
    ...sv.launch,
    comeBack: 'Kom tillbaka hit när du har legitimerat dig. Sidan fortsätter av sig själv.',
    preparing: 'Vi förbereder inloggningen …',
  },
  unopened: {
    ...sv.unopened,
    body: 'Du är inte inloggad, och det har inte kostat dig något försök. Fortsätt när du är redo.',
  },
  cancelled: {
    title: sv.cancelled.title,
    body: (clientName) =>
      `Du är inte inloggad. Välj nedan om du vill försöka igen, eller avsluta inloggningen och gå tillbaka till ${clientName}.`,
  },
  wait: {
    ...sv.wait,
    checkText: 'Kontrollera att appen visar samma namn som här. Stämmer det inte: avbryt.',
  },
  checking: { title: 'Vi kontrollerar din legitimering', body: sv.checking.body },
  back: {
    title: sv.back.title,
    body: 'BankID öppnade en annan webbläsare än den du började i. Gå tillbaka till sidan där du började logga in: den fortsätter av sig själv. Den här sidan kan du stänga.',
  },
  failed: { ...sv.failed, title: 'Du är inte inloggad', unchanged: 'Ingenting har hänt.' },
  paused: {
    title: sv.paused.title,
    body: (when) => `Det har gjorts för många försök på kort tid. Du kan försöka igen ${when}.`,
    outlastsRequest: (clientName) =>
      `Den här inloggningen går ut innan dess. Du kan avsluta den nedan och gå tillbaka till ${clientName}.`,
  },
  cancel: 'Avbryt inloggningen',
  authorised: { title: 'Du har legitimerat dig', body: 'Gå tillbaka för att fortsätta.' },
  declined: { title: 'Du loggade inte in', body: 'Inloggningen är avslutad.' },
  attempts: {
    title: sv.attempts.title,
    body: 'Inloggningen är avslutad efter för många försök som inte lyckades. Vill du logga in får du börja om från början.',
  },
  risk: {
    title: 'Inloggningen stoppades för din säkerhet',
    body: 'BankID bedömde risken som för hög, så du är inte inloggad. Om någon bad dig logga in: kontakta din bank.',
  },
  device: {
    title: 'Vi kunde inte knyta inloggningen till den här webbläsaren',
    body: 'För din säkerhet är du inte inloggad. Börja om och stanna i samma webbläsare. Om någon bad dig logga in: kontakta din bank.',
  },
  signature: {
    title: 'Inloggningen kunde inte godkännas',
    body: 'En kontroll av din legitimering lyckades inte. Vill du logga in får du börja om från början.',
  },
  expired: {
    title: 'Inloggningen har gått ut',
    body: 'Tiden för att logga in är slut. Vill du logga in får du börja om.',
  },
  revoked: { title: 'Inloggningen är återkallad', body: 'Den kan inte längre användas.' },
  done: { title: 'Den här inloggningen är klar', body: 'Du kan stänga sidan.' },
  notBound: {
    title: sv.notBound.title,
    body: 'Inloggningen finns inte, är avslutad, eller pågår i en annan webbläsare. För din säkerhet visas den bara där den började.',
    advice:
      'Gå tillbaka till webbläsaren där du började. Den sidan fortsätter av sig själv. Har någon skickat dig hit utan att du själv ville logga in: stäng sidan.',
  },
  crossSite: {
    title: sv.crossSite.title,
    body: 'För din säkerhet gjordes ingenting. Ladda om sidan med inloggningen och försök igen.',
  },
  bankidUnavailable: {
    title: sv.bankidUnavailable.title,
    body: 'Du är inte inloggad. Vänta en stund och försök igen.',
  },
  tooMany: {
    title: sv.tooMany.title,
    body: 'Vänta en stund och försök igen.',
    wait: (when) => `Du kan försöka igen ${when}.`,
  },
  startOver: 'Tillbaka till inloggningen',
};

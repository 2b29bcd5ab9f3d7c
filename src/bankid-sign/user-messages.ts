/** The codes by which BankID and every support desk name a situation of the payer. */
export type RfaCode =
  | 'RFA1'
  | 'RFA2'
  | 'RFA3'
  | 'RFA4'
  | 'RFA5'
  | 'RFA6'
  | 'RFA8'
  | 'RFA9'
  | 'RFA13'
  | 'RFA15A'
  | 'RFA15B'
  | 'RFA16'
  | 'RFA17A'
  | 'RFA17B'
  | 'RFA20'
  | 'RFA21'
  | 'RFA22'
  | 'RFA23'
  | 'RFA24'
  | 'RFA25'
  | 'RFA26'
  | 'RFA27'
  | 'RFA28'
  | 'RFA29'
  | 'RFA30';

export type MessageLanguage = 'sv' | 'en';
export type UserMessage = Readonly<Record<MessageLanguage, string>>;

/**
 * What the payer reads in each situation, in our own words.
 * @see BankID, Relying Party guidelines, "User messages"
 */
export const userMessages = {
  RFA1: {
    sv: 'Öppna BankID-appen på din telefon, surfplatta eller dator.',
    en: 'Open the BankID app on your phone, tablet or computer.',
  },
  RFA2: {
    sv: 'Vi hittar ingen BankID-app på enheten. Installera appen och hämta ett BankID från din bank.',
    en: 'We find no BankID app on this device. Install the app and get a BankID from your bank.',
  },
  RFA3: { sv: 'Underskriften avbröts. Försök igen.', en: 'The signing was stopped. Please try again.' },
  RFA4: {
    sv: 'En annan underskrift eller inloggning för samma person pågick redan, så båda stoppades. Försök igen.',
    en: 'Another signing or login for the same person was already under way, so both were stopped. Please try again.',
  },
  RFA5: {
    sv: 'Något gick fel på vägen till BankID. Försök igen.',
    en: 'Something went wrong on the way to BankID. Please try again.',
  },
  RFA6: { sv: 'Du avbröt i BankID-appen.', en: 'You cancelled in the BankID app.' },
  RFA8: {
    sv: 'BankID-appen svarar inte. Se efter att den är öppen och att enheten har nätkontakt, och försök sedan igen.',
    en: 'The BankID app does not answer. See that it is open and that the device is online, then try again.',
  },
  RFA9: {
    sv: 'Läs texten i BankID-appen. Stämmer den, ange din säkerhetskod och skriv under.',
    en: 'Read the text in the BankID app. If it is right, enter your security code and sign.',
  },
  RFA13: { sv: 'BankID-appen öppnas …', en: 'The BankID app is being opened …' },
  RFA15A: {
    sv: 'Vi letar efter ett BankID på datorn. Använder du ett bankkort med BankID, sätt kortet i läsaren.',
    en: 'We are looking for a BankID on this computer. If yours is on a bank card, put the card in the reader.',
  },
  RFA15B: {
    sv: 'Vi letar efter ett BankID på enheten. Finns det inget här kan du använda BankID på en annan enhet.',
    en: 'We are looking for a BankID on this device. If there is none here, you can use BankID on another device.',
  },
  RFA16: {
    sv: 'Det här BankID:t är för gammalt eller spärrat. Använd ett annat, eller hämta ett nytt hos din bank.',
    en: 'This BankID is too old or blocked. Use another one, or get a new one from your bank.',
  },
  RFA17A: {
    sv: 'BankID-appen verkar inte finnas på enheten. Installera den och hämta ett BankID från din bank, eller använd en annan enhet.',
    en: 'The BankID app does not seem to be on this device. Install it and get a BankID from your bank, or use another device.',
  },
  RFA17B: {
    sv: 'QR-koden blev inte läst i tid. Öppna BankID-appen och skanna koden igen.',
    en: 'The QR code was not read in time. Open the BankID app and scan the code again.',
  },
  RFA20: {
    sv: 'Vill du skriva under på den här enheten eller på en annan?',
    en: 'Do you want to sign on this device or on another one?',
  },
  RFA21: { sv: 'Underskriften pågår.', en: 'The signing is under way.' },
  RFA22: { sv: 'Något oväntat hände. Försök igen.', en: 'Something unexpected happened. Please try again.' },
  RFA23: {
    sv: 'Skanna ditt pass eller nationella id-kort i BankID-appen.',
    en: 'Scan your passport or national identity card in the BankID app.',
  },
  RFA24: { sv: 'Följ ansiktskontrollen i BankID-appen.', en: 'Follow the face recognition in the BankID app.' },
  RFA25: {
    sv: 'Välj i BankID-appen hur du vill bekräfta vem du är.',
    en: 'Choose in the BankID app how you want to confirm who you are.',
  },
  RFA26: {
    sv: 'Id-handlingen kunde inte kontrolleras. Försök igen.',
    en: 'The identity document could not be checked. Please try again.',
  },
  RFA27: {
    sv: 'Ansiktskontrollen lyckades inte. Försök igen.',
    en: 'The face recognition did not succeed. Please try again.',
  },
  RFA28: {
    sv: 'Den här enheten kan inte läsa id-handlingar. Använd en annan enhet.',
    en: 'This device cannot read identity documents. Use another device.',
  },
  RFA29: {
    sv: 'Det finns flera BankID på enheten. Behåll ett av dem och försök igen.',
    en: 'There are several BankIDs on the device. Keep one of them and try again.',
  },
  RFA30: {
    sv: 'Din identitet kunde inte bekräftas. Försök igen.',
    en: 'Your identity could not be confirmed. Please try again.',
  },
} as const satisfies Readonly<Record<RfaCode, UserMessage>>;

/** Failures that share RFA22 with every unknown one but tell the payer something of their own. */
const messagesOfHints: ReadonlyMap<string, UserMessage> = new Map([
  [
    'notSupportedByUserApp',
    {
      sv: 'Din BankID-app är för gammal för den här underskriften. Uppdatera appen och försök igen.',
      en: 'Your BankID app is too old for this signing. Update the app and try again.',
    },
  ],
  [
    'transactionRiskBlocked',
    {
      sv: 'BankID stoppade underskriften av säkerhetsskäl. Kontakta din bank om du undrar varför.',
      en: 'BankID stopped this signing for safety reasons. Ask your bank if you wonder why.',
    },
  ],
]);

/** The text for a situation; a hint code with a sentence of its own comes before the code it shares. */
export function userMessage(code: RfaCode, language: MessageLanguage, hintCode?: string): string {
  const own = hintCode === undefined ? undefined : messagesOfHints.get(hintCode);
  return (own ?? userMessages[code])[language];
}

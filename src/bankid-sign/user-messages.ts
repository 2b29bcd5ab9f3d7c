import type { OrderKind } from './sign-order.ts';

/** BankID's codes for the payer's situations, which support desks know. */
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
 * What the payer reads in each situation: BankID's terms and the substance of its recommended messages, for a signature.
 * @see BankID, Relying Party guidelines, "User messages"
 */
export const userMessages = {
  RFA1: { sv: 'Starta BankID-appen.', en: 'Start your BankID app.' },
  RFA2: {
    sv: 'Ingen BankID-app hittades. Installera appen och skaffa ett BankID hos din bank.',
    en: 'No BankID app was found. Install the app and get a BankID from your bank.',
  },
  RFA3: { sv: 'Underskriften avbröts. Försök igen.', en: 'The signing was cancelled. Please try again.' },
  RFA4: {
    sv: 'En annan identifiering eller underskrift pågick redan för ditt personnummer, så båda avbröts. Försök igen.',
    en: 'Another identification or signing was already in progress for your personal number, so both were cancelled. Please try again.',
  },
  RFA5: {
    sv: 'Något gick fel i kontakten med BankID. Försök igen.',
    en: 'Something went wrong while contacting BankID. Please try again.',
  },
  RFA6: { sv: 'Du avbröt underskriften.', en: 'You cancelled the signing.' },
  RFA8: {
    sv: 'BankID-appen svarar inte. Kontrollera att den är startad och att du har internetanslutning. Försök sedan igen.',
    en: 'The BankID app is not responding. Check that it is started and that you have internet access, then try again.',
  },
  RFA9: {
    sv: 'Läs texten i BankID-appen. Om den stämmer: skriv in din säkerhetskod och välj Skriv under.',
    en: 'Read the text in the BankID app. If it is correct, enter your security code and select Sign.',
  },
  RFA13: { sv: 'Försöker starta BankID-appen …', en: 'Trying to start your BankID app …' },
  RFA15A: {
    sv: 'Söker efter BankID. Kontrollera att du har ett giltigt BankID på den här datorn. Om du har BankID på kort: sätt in kortet i kortläsaren.',
    en: 'Searching for BankID. Make sure that you have a valid BankID on this computer. If you have a BankID card, insert it into your card reader.',
  },
  RFA15B: {
    sv: 'Söker efter BankID. Kontrollera att du har ett giltigt BankID på den här enheten, eller använd BankID på en annan enhet.',
    en: 'Searching for BankID. Make sure that you have a valid BankID on this device, or use BankID on another device.',
  },
  RFA16: {
    sv: 'Ditt BankID är spärrat eller för gammalt. Använd ett annat BankID eller skaffa ett nytt hos din bank.',
    en: 'Your BankID is blocked or too old. Use another BankID or get a new one from your bank.',
  },
  RFA17A: {
    sv: 'Ingen BankID-app hittades på den här enheten. Installera appen och skaffa ett BankID hos din bank, eller använd BankID på en annan enhet.',
    en: 'No BankID app was found on this device. Install the app and get a BankID from your bank, or use BankID on another device.',
  },
  RFA17B: {
    sv: 'QR-koden lästes inte av. Starta BankID-appen och läs av QR-koden.',
    en: 'The QR code was not scanned. Start the BankID app and scan the QR code.',
  },
  RFA20: {
    sv: 'Vill du använda BankID på den här enheten eller på en annan enhet?',
    en: 'Do you want to use BankID on this device or on another device?',
  },
  RFA21: { sv: 'Underskriften pågår.', en: 'Signing in progress.' },
  RFA22: { sv: 'Något gick fel. Försök igen.', en: 'Something went wrong. Please try again.' },
  RFA23: {
    sv: 'Fotografera och läs av din ID-handling med BankID-appen.',
    en: 'Photograph and scan your ID document with the BankID app.',
  },
  RFA24: { sv: 'Utför ansiktsverifieringen i BankID-appen.', en: 'Complete the face recognition in the BankID app.' },
  RFA25: {
    sv: 'Välj i BankID-appen hur du vill bekräfta din identitet.',
    en: 'Choose in the BankID app how to confirm your identity.',
  },
  RFA26: {
    sv: 'ID-handlingen kunde inte kontrolleras. Försök igen.',
    en: 'Your ID document could not be verified. Please try again.',
  },
  RFA27: {
    sv: 'Ansiktsverifieringen misslyckades. Försök igen.',
    en: 'Face recognition failed. Please try again.',
  },
  RFA28: {
    sv: 'Den här enheten kan inte läsa av ID-handlingar. Använd en annan enhet.',
    en: 'This device cannot scan ID documents. Use another device.',
  },
  RFA29: {
    sv: 'Det finns flera BankID på enheten. Behåll ett av dem och försök igen.',
    en: 'There is more than one BankID on this device. Keep one of them and try again.',
  },
  RFA30: {
    sv: 'Din identitet kunde inte bekräftas. Försök igen.',
    en: 'Your identity could not be confirmed. Please try again.',
  },
} as const satisfies Readonly<Record<RfaCode, UserMessage>>;

/** What an identification is told otherwise than a signing. */
const identificationMessages: Readonly<Partial<Record<RfaCode, UserMessage>>> = {
  RFA3: { sv: 'Identifieringen avbröts. Försök igen.', en: 'The identification was cancelled. Please try again.' },
  RFA6: { sv: 'Du avbröt identifieringen.', en: 'You cancelled the identification.' },
  RFA9: {
    sv: 'Läs texten i BankID-appen. Om den stämmer: skriv in din säkerhetskod och välj Identifiera.',
    en: 'Read the text in the BankID app. If it is correct, enter your security code and select Identify.',
  },
  RFA21: { sv: 'Identifieringen pågår.', en: 'Identification in progress.' },
};

/** Hint codes with a message of their own. */
const messagesByHint: ReadonlyMap<string, UserMessage> = new Map([
  [
    // A document is never the only way: the next order asks for something else.
    'userMrtd',
    {
      sv: 'Fotografera och läs av din ID-handling med BankID-appen. Om du inte kan: avbryt i appen och försök igen, så får du bekräfta på ett annat sätt.',
      en: 'Photograph and scan your ID document with the BankID app. If you cannot: cancel in the app and try again, and you will be asked to confirm in another way.',
    },
  ],
  [
    'userCallConfirm',
    {
      sv: 'BankID-appen frågar om du är i ett telefonsamtal. Svara ja bara om du själv talar med den som appen nämner.',
      en: 'The BankID app asks whether you are in a phone call. Answer yes only if you are speaking with the party that the app names.',
    },
  ],
  [
    'userDeclinedCall',
    {
      sv: 'Du svarade i BankID-appen att du inte är i ett sådant telefonsamtal.',
      en: 'You answered in the BankID app that you are not in such a phone call.',
    },
  ],
  [
    'notSupportedByUserApp',
    {
      sv: 'Din BankID-app är för gammal. Uppdatera BankID-appen och försök igen.',
      en: 'Your BankID app is too old. Update the BankID app and try again.',
    },
  ],
  [
    'transactionRiskBlocked',
    {
      sv: 'BankID avbröt av säkerhetsskäl. Kontakta din bank om du vill veta varför.',
      en: 'BankID stopped this for security reasons. Contact your bank if you want to know why.',
    },
  ],
]);

/** The message for a situation; a hint code's own message comes before that of its RFA code. */
export function userMessage(
  code: RfaCode,
  language: MessageLanguage,
  hintCode?: string,
  kind: OrderKind = 'sign',
): string {
  const own = hintCode === undefined ? undefined : messagesByHint.get(hintCode);
  const ofKind = kind === 'auth' ? identificationMessages[code] : undefined;
  return (own ?? ofKind ?? userMessages[code])[language];
}

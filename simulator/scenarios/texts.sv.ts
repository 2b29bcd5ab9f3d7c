import type { ScenarioId, ScenarioTexts } from './scenario.ts';

const NO_MONEY = 'och att inget betalas; en länk leder tillbaka till TPP:n.';
const REFUSED = '`access_denied` med `not-completed`; samtycket är `rejected`.';
const UNDECIDED = 'Webbläsare: ingenting ännu, samtycket är fortfarande `awaiting-authorisation`.';
const DECLINED = '`access_denied` med `declined`; samtycket är `rejected`.';

export const scenariosSv: Readonly<Record<ScenarioId, ScenarioTexts>> = {
  'someone-else': {
    title: 'Någon annan skriver under',
    happens: 'Underskriften är Cecilia Dahls, också om en annan person skulle skriva under.',
    tpp: `Om den angav betalaren: ${REFUSED} Om den inte angav någon: en token, för en betalning som Cecilia Dahl har skrivit under.`,
    payer: `Om en annan betalare var angiven säger sidan att underskriften inte kunde godkännas ${NO_MONEY}`,
  },
  'high-risk': {
    title: 'Hög risk',
    happens: 'BankID bedömer risken som hög.',
    tpp: REFUSED,
    payer: `Sidan säger att betalningen stoppades för betalarens säkerhet ${NO_MONEY}`,
  },
  'moderate-risk': {
    title: 'Måttlig risk',
    happens: 'BankID bedömer risken som måttlig.',
    tpp: `En token, utom när BankID öppnades med en länk och underskriften inte kan knytas till webbläsaren eller appen som frågade: då ${REFUSED}`,
    payer: 'Sidan säger att betalningen är godkänd.',
  },
  'bankid-issued-today': {
    title: 'BankID utfärdat i dag',
    happens:
      'BankID säger att betalarens BankID är utfärdat i dag. Av sandlådans banker godtar Provbanken inget så nytt.',
    tpp: `Hos Provbanken: ${REFUSED} Hos Exempelbanken, som inte har någon regel om det: en token.`,
    payer: `Hos Provbanken säger sidan att banken inte godtar den här underskriften ${NO_MONEY}`,
  },
  revoked: {
    title: 'Spärrat certifikat',
    happens: 'OCSP-svaret säger att betalarens certifikat är spärrat.',
    tpp: REFUSED,
    payer: `Sidan säger att underskriften inte kunde godkännas ${NO_MONEY}`,
  },
  'ocsp-unknown': {
    title: 'Okänt för OCSP',
    happens: 'OCSP-svaret säger att betalarens certifikat inte är känt.',
    tpp: REFUSED,
    payer: `Sidan säger att underskriften inte kunde godkännas ${NO_MONEY}`,
  },
  'slow-answer': {
    title: 'Långsamt svar',
    happens: 'Betalaren har skrivit under, och i tio sekunder svarar BankID att det fortfarande arbetar.',
    tpp: 'En token, tio sekunder senare.',
    payer: 'Sidan väntar, och säger sedan att betalningen är godkänd.',
  },
  'call-declined': {
    title: 'Nej till telefonsamtalet',
    happens: 'På frågan om de är i ett samtal svarar personen nej. Ett ärende utan samtal ändras inte.',
    tpp: DECLINED,
    payer: 'I ett samtal finns ingen sida; appen säger att det inte är något sådant samtal.',
  },
  expired: {
    title: 'Inte besvarad i tid',
    happens: 'Knappen för att skriva under gör bara att ärendets tid är slut, som om tre minuter hade gått.',
    tpp: `${UNDECIDED} Backchannel: ${REFUSED}`,
    payer: 'Sidan säger att BankID-appen inte svarar, och erbjuder ett nytt försök.',
  },
  cancelled: {
    title: 'Avbruten i appen',
    happens: 'Knappen för att skriva under gör detsamma som Avbryt.',
    tpp: `${UNDECIDED} Backchannel: ${DECLINED}`,
    payer: 'Sidan säger att underskriften avbröts, och erbjuder ett nytt försök.',
  },
  maintenance: {
    title: 'BankID har underhåll',
    happens: 'BankID tar inte emot något ärende: nästa besvaras med 503.',
    tpp: `${UNDECIDED} Backchannel: 503 med Retry-After, och ingenting har skapats.`,
    payer: 'Sidan säger att något gick fel hos BankID, och erbjuder ett nytt försök.',
  },
};

import type { ScenarioId, ScenarioTexts } from './scenario.ts';

const NO_MONEY = 'and that nothing will be paid; a link leads back to the TPP.';
const REFUSED = '`access_denied` with `not-completed`; the consent is `rejected`.';
const UNDECIDED = 'Browser: nothing yet, the consent is still `awaiting-authorisation`.';
const DECLINED = '`access_denied` with `declined`; the consent is `rejected`.';

export const scenariosEn: Readonly<Record<ScenarioId, ScenarioTexts>> = {
  'someone-else': {
    title: 'Someone else signs',
    happens: 'The signature is that of Cecilia Dahl, also where another person was asked for.',
    tpp: `If it named the payer: ${REFUSED} If it named no one: a token, for a payment that Cecilia Dahl has signed.`,
    payer: `Where another payer was named, the page says that the signature could not be accepted ${NO_MONEY}`,
  },
  'high-risk': {
    title: 'High risk',
    happens: 'BankID judges the risk to be high.',
    tpp: REFUSED,
    payer: `The page says that the payment was stopped for the payer’s safety ${NO_MONEY}`,
  },
  'moderate-risk': {
    title: 'Moderate risk',
    happens: 'BankID judges the risk to be moderate.',
    tpp: `A token, unless BankID was opened by a link and the signature cannot be tied to the browser or app that asked: then ${REFUSED}`,
    payer: 'The page says that the payment is approved.',
  },
  'bankid-issued-today': {
    title: 'BankID issued today',
    happens:
      'BankID says that the payer’s BankID was issued today. Of the sandbox’s banks, Provbanken accepts none that new.',
    tpp: `At Provbanken: ${REFUSED} At Exempelbanken, which has no rule about it: a token.`,
    payer: `At Provbanken the page says that the bank does not accept this signature ${NO_MONEY}`,
  },
  revoked: {
    title: 'Certificate revoked',
    happens: 'The OCSP response says that the payer’s certificate is revoked.',
    tpp: REFUSED,
    payer: `The page says that the signature could not be accepted ${NO_MONEY}`,
  },
  'ocsp-unknown': {
    title: 'OCSP unknown',
    happens: 'The OCSP response says that the payer’s certificate is not known.',
    tpp: REFUSED,
    payer: `The page says that the signature could not be accepted ${NO_MONEY}`,
  },
  'slow-answer': {
    title: 'Slow answer',
    happens: 'The payer has signed, and for ten seconds BankID still answers that it is at work.',
    tpp: 'A token, ten seconds later.',
    payer: 'The page waits, and then says that the payment is approved.',
  },
  'call-declined': {
    title: 'Phone call declined',
    happens: 'Asked whether they are in a call, the person answers no. An order without a call is not changed.',
    tpp: DECLINED,
    payer: 'There is no page in a call; the app says that there is no such call.',
  },
  expired: {
    title: 'Not answered in time',
    happens:
      'Pressing the button to sign has no effect but that the order’s time is over, as if three minutes had passed.',
    tpp: `${UNDECIDED} Backchannel: ${REFUSED}`,
    payer: 'The page says that the BankID app does not respond, and offers to try again.',
  },
  cancelled: {
    title: 'Cancelled in the app',
    happens: 'Pressing the button to sign has the effect of pressing Cancel.',
    tpp: `${UNDECIDED} Backchannel: ${DECLINED}`,
    payer: 'The page says that the signing was cancelled, and offers to try again.',
  },
  maintenance: {
    title: 'BankID in maintenance',
    happens: 'BankID takes no order: it answers 503 to the next one.',
    tpp: `${UNDECIDED} Backchannel: 503 with Retry-After, and nothing was created.`,
    payer: 'The page says that something went wrong with BankID, and offers to try again.',
  },
};

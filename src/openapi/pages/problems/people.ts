import type { Explanation } from './explanation.ts';

/** Problems of logins, of the payer's browser and of BankID. */
export const people = {
  'login.not-awaiting': {
    meaning: 'The person has already logged in or declined, or the login has ended.',
    causes: ['The person was faster.', 'The time of the login is over.'],
    remedy: 'Nothing can be taken back any more; ask for a new login if it is needed.',
  },
  'login.attempts-exhausted': {
    meaning: 'The person has used all attempts to log in.',
    causes: ['The login failed five times, or the button was pressed ten times.'],
    remedy: 'Push a new login if the person wants to try again.',
  },
  'login.too-many-orders': {
    meaning: 'Too many BankID orders were started for logins of this person in a short time.',
    causes: ['The person pressed the button again and again.'],
    remedy: 'Wait for as many seconds as Retry-After says.',
  },
  'login.not-found': {
    meaning: 'The login does not exist any more, or what is stored of it cannot be relied on.',
    causes: ['What is kept of it was erased.', 'A row of the database was changed behind the service.'],
    remedy: 'Ask for a new login. If it happens again, tell the operator the request id.',
  },
  'browser.too-late': {
    meaning: 'The time for opening the payment has ended.',
    causes: ['The payer opened the link more than 300 seconds after the push.'],
    remedy: 'The payer goes back to the TPP, which pushes again.',
  },
  'browser.not-bound': {
    meaning: 'The page is shown only in the browser in which the payment began.',
    causes: ['The link was opened in a second browser.', 'Cookies are blocked or were deleted.'],
    remedy: 'Go on in the browser in which it began, or begin again at the TPP.',
  },
  'person.busy': {
    meaning: 'The person cannot be asked at present. Why is not said, because it would say what else the person does.',
    causes: ['Another request waits for the same person.', 'The person was asked too often in a short time.'],
    remedy:
      'Ask the person to finish or cancel what waits in the BankID app, and send a new request after some minutes.',
  },
  'order.not-found': {
    meaning: 'The BankID order does not exist or has ended.',
    causes: ['The payer signed or cancelled meanwhile.'],
    remedy: 'Load the page again: it shows what became of the payment.',
  },
  'order.already-open': {
    meaning: 'A BankID order is open for this payment, or its signature is still being verified.',
    causes: ['The button was pressed twice.'],
    remedy: 'Go on in the BankID app, or wait some seconds.',
  },
  'bankid.unavailable': {
    meaning: 'BankID cannot be reached, does not answer, or did not take the order.',
    causes: ['BankID is being maintained, or the connection to it is broken.'],
    remedy: 'Send the request again after Retry-After; nothing was created.',
  },
  'bankid.refused': {
    meaning: 'BankID refused the order.',
    causes: ['BankID does not accept a parameter of the order.'],
    remedy: 'Try again later. If it happens again, tell the operator the request id.',
  },
  'bankid.already-in-progress': {
    meaning: 'Another BankID order was in progress for the same person, so BankID cancelled both.',
    causes: ['The person began a payment or a login elsewhere at the same time.'],
    remedy: 'Try again, and finish one before the next is begun.',
  },
} as const satisfies Readonly<Record<string, Explanation>>;

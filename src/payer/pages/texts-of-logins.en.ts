import { en } from './texts.en.ts';
import type { Texts } from './texts.ts';

/** What a page of a login says otherwise than one of a payment. */
export const loginEn: Texts = {
  ...en,
  testBanner: 'Test environment – no real logins.',
  footer: 'Sigill lets you log in with BankID. Nothing is paid and nothing is signed for you here.',
  summary: { ...en.summary, asks: 'You log in to' },
  warning: {
    title: 'Did someone call or write and ask you to do this? Stop here.',
    body: (clientName) =>
      `Log in only if you yourself went to ${clientName}. Your bank, the police or an authority will never ask you to log in, ` +
      'open a link or scan a QR code for someone else.',
    qr: en.warning.qr,
  },
  start: {
    ...en.start,
    title: 'Log in with BankID',
    lead: (clientName) => `${clientName} asks you to identify yourself. You log in and approve nothing else.`,
    hint: 'You will see the same name in the BankID app before you identify yourself.',
    decline: 'I do not want to log in',
    declineExplained: (clientName) => `The login ends and ${clientName} is told that you did not log in.`,
    declineConfirm: 'Do not log in',
  },
  qr: {
    ...en.qr,
    title: 'Log in with another device',
    steps: [
      'Open the BankID app on your phone or tablet.',
      'Tap Scan QR code and point the camera here.',
      'Check in the app to whom you log in, and identify yourself.',
    ],
  },
  launch: {
    ...en.launch,
    comeBack: 'Come back here when you have identified yourself. This page continues by itself.',
    preparing: 'We are preparing the login …',
  },
  unopened: {
    ...en.unopened,
    body: 'You are not logged in, and you have lost no attempt. Continue when you are ready.',
  },
  cancelled: {
    title: en.cancelled.title,
    body: (clientName) =>
      `You are not logged in. Choose below if you want to try again, or end the login and go back to ${clientName}.`,
  },
  wait: {
    ...en.wait,
    checkText: 'Check that the app shows the same name as here. If it does not: cancel.',
  },
  checking: { title: 'We are checking your identification', body: en.checking.body },
  back: {
    title: en.back.title,
    body: 'BankID opened a different browser from the one you started in. Go back to the page where you began to log in: it continues by itself. You can close this page.',
  },
  failed: { ...en.failed, title: 'You are not logged in', unchanged: 'Nothing has happened.' },
  paused: {
    title: en.paused.title,
    body: (when) => `There have been too many attempts in a short time. You can try again ${when}.`,
    outlastsRequest: (clientName) => `This login ends before then. You can end it below and go back to ${clientName}.`,
  },
  cancel: 'Cancel the login',
  authorised: { title: 'You have identified yourself', body: 'Go back to continue.' },
  declined: { title: 'You did not log in', body: 'The login has ended.' },
  attempts: {
    title: en.attempts.title,
    body: 'The login ended after too many attempts that did not succeed. To log in, start again from the beginning.',
  },
  risk: {
    title: 'The login was stopped for your safety',
    body: 'BankID judged the risk to be too high, so you are not logged in. If someone asked you to log in: contact your bank.',
  },
  device: {
    title: 'We could not tie the login to this browser',
    body: 'For your safety you are not logged in. Start again and stay in the same browser. If someone asked you to log in: contact your bank.',
  },
  signature: {
    title: 'The login could not be accepted',
    body: 'A check of your identification did not succeed. To log in, start again from the beginning.',
  },
  expired: { title: 'The login has expired', body: 'The time to log in has run out. To log in, start again.' },
  revoked: { title: 'The login has been withdrawn', body: 'It can no longer be used.' },
  done: { title: 'This login is complete', body: 'You can close this page.' },
  notBound: {
    title: en.notBound.title,
    body: 'The login does not exist, has ended, or is under way in another browser. For your safety it is shown only where it began.',
    advice:
      'Go back to the browser where you started. That page continues by itself. If someone sent you here and you did not want to log in: close this page.',
  },
  crossSite: {
    title: en.crossSite.title,
    body: 'For your safety nothing was done. Reload the page with the login and try again.',
  },
  bankidUnavailable: { title: en.bankidUnavailable.title, body: 'You are not logged in. Wait a moment and try again.' },
  tooMany: {
    title: en.tooMany.title,
    body: 'Wait a moment and try again.',
    wait: (when) => `You can try again ${when}.`,
  },
  startOver: 'Back to the login',
};

import type { Texts } from './texts.ts';

export const en: Texts = {
  testBanner: 'Test environment – no real money moves.',
  footer: 'Sigill lets you approve exactly one payment. Nothing is paid until you have signed in BankID.',
  privacyNotice: 'The bank’s privacy notice',
  support: 'The bank’s customer service',
  summary: {
    asks: 'Requested by',
    bank: 'Your bank',
    authorisationNumber: 'Authorisation',
    amount: 'Amount',
    payee: 'To',
    toAccount: 'Payee’s account',
    fromAccount: 'From your account',
    ocr: 'OCR reference',
    rf: 'RF reference',
    message: 'Message',
    reference: 'Reference',
    told: 'Will be told',
    names: 'your name and date of birth',
    number: 'your personal number',
    pseudonym: 'only that it is you again',
    validUntil: (time) => `This request is valid until ${time}.`,
    accountKinds: { iban: 'IBAN', bban: 'Bank account', bankgiro: 'Bankgiro', plusgiro: 'Plusgiro' },
  },
  warning: {
    title: 'Did someone call or write and ask you to do this? Stop here.',
    body: (tppName) =>
      `Sign only if you yourself started to pay with ${tppName}. Your bank, the police or an authority will never ask you ` +
      'to sign, open a link or scan a QR code for someone else.',
    qr: 'Scan the code only if you are sitting at this screen yourself. Do not show it to anyone, and do not scan a code that someone else shows or sends you.',
  },
  start: {
    title: 'Approve a payment',
    lead: (tppName) => `${tppName} asks for your approval of this payment and nothing else.`,
    thisDevice: 'BankID on this device',
    otherDevice: 'BankID on another device',
    chooseDevice: 'Where is your BankID?',
    hint: 'You will see the same amount and payee in the BankID app before you sign.',
    decline: 'I do not want to approve',
    declineExplained: (tppName) =>
      `The request ends and ${tppName} is told that you did not approve. Nothing will be paid.`,
    declineConfirm: 'Decline the payment',
  },
  qr: {
    title: 'Sign on another device',
    alt: 'QR code to scan with the BankID app',
    steps: [
      'Open the BankID app on your phone or tablet.',
      'Tap Scan QR code and point the camera here.',
      'Check the amount and the payee in the app, and sign.',
    ],
    useThisDevice: 'Use BankID on this device instead',
    timeLeft: 'Time left for the QR code:',
    moreTime: 'I need more time',
  },
  launch: {
    title: 'Open BankID',
    open: 'Open BankID',
    comeBack: 'Come back here when you have signed. This page continues by itself.',
    useOtherDevice: 'Use BankID on another device instead',
    preparing: 'We are preparing the signature …',
    notOpened: 'Did nothing happen when you pressed?',
    install:
      'Check that the BankID app is installed on this device. If it is not: install it, and get a BankID from your bank.',
    elsewhere: 'Is your BankID on another device? Choose that below.',
  },
  unopened: {
    title: 'BankID was not opened',
    body: 'Nothing has been signed, and you have lost no attempt. Continue when you are ready.',
    again: 'Continue to BankID',
  },
  cancelled: {
    title: 'You have cancelled',
    body: (tppName) =>
      `Nothing has been signed and nothing has been paid. Choose below if you want to try again, or decline and go back to ${tppName}.`,
  },
  wait: {
    title: 'Continue in the BankID app',
    checkText: 'Check that the app shows the same amount and payee as here. If it does not: cancel.',
  },
  checking: { title: 'We are checking your signature', body: 'This takes a few seconds. Do not close the page.' },
  back: {
    title: 'You can go back now',
    body: 'BankID opened a different browser from the one you started in. Go back to the page where you began to pay: it continues by itself. You can close this page.',
  },
  failed: {
    title: 'Nothing was signed',
    unchanged: 'Nothing has been approved and nothing has been paid.',
    attemptsLeft: (left) => (left === 1 ? 'You can try once more.' : `You can try ${left} more times.`),
  },
  renew: {
    title: 'The QR code is no longer valid',
    body: 'The code was not scanned in time. Show a new one when you have the BankID app ready.',
    again: 'Show a new QR code',
  },
  paused: {
    title: 'Wait before you try again',
    body: (when) =>
      `There have been too many attempts in a short time. You can try again ${when}. Nothing has been approved and nothing has been paid.`,
    outlastsRequest: (tppName) => `This request ends before then. You can decline it below and go back to ${tppName}.`,
  },
  expiresSoon: 'Less than a minute is left. After that the request ends, and you can start again.',
  cancel: 'Cancel the signing',
  offline: 'We cannot reach the server right now. We keep trying.',
  supportCode: 'Code for support:',
  returnTo: (tppName) => `Back to ${tppName}`,
  returning: (tppName) => `You are being sent back to ${tppName}.`,
  returned: (tppName) => `${tppName} has your answer. Press the button if you did not get back.`,
  authorised: {
    title: 'The payment is approved',
    body: 'Your signature has been checked. Go back to complete the payment.',
  },
  declined: { title: 'You declined the payment', body: 'Nothing has been approved and nothing will be paid.' },
  attempts: {
    title: 'Too many attempts',
    body: 'The request ended after too many attempts that did not succeed. Nothing will be paid. To pay, start again from the beginning.',
  },
  risk: {
    title: 'The payment was stopped for your safety',
    body: 'BankID judged the risk to be too high, and the signature was not accepted. Nothing will be paid. If someone asked you to sign: contact your bank.',
  },
  device: {
    title: 'We could not tie the signature to this browser',
    body: 'For your safety it was not accepted, and nothing will be paid. To pay, start again and stay in the same browser. If someone asked you to sign: contact your bank.',
  },
  policy: {
    title: 'The bank does not accept this signature',
    body: 'The signature is genuine, but it does not meet the bank’s rules for this payment. Your BankID may be too new, or your identity may need to be confirmed in another way. Nothing will be paid. Contact your bank. If someone asked you to sign: tell the bank.',
  },
  signature: {
    title: 'The signature could not be accepted',
    body: 'A check of the signature did not succeed. Nothing will be paid. To pay, start again from the beginning.',
  },
  expired: {
    title: 'The request has expired',
    body: 'The time to approve has run out. Nothing will be paid. To pay, start again from the beginning.',
  },
  revoked: { title: 'The request has been withdrawn', body: 'It can no longer be used, and nothing will be paid.' },
  done: { title: 'This payment is complete', body: 'The approval has been used.' },
  notBound: {
    title: 'This page cannot be shown here',
    body: 'The payment does not exist, has ended, or is under way in another browser. For your safety it is shown only where it began.',
    advice:
      'Go back to the browser where you started. That page continues by itself. If someone sent you here and you did not start to pay yourself: close this page.',
  },
  crossSite: {
    title: 'The request did not come from here',
    body: 'For your safety nothing was done. Reload the page with the payment and try again.',
  },
  broken: { title: 'Something went wrong on our side', body: 'Nothing has changed. Wait a moment and try again.' },
  bankidUnavailable: {
    title: 'BankID is not working right now',
    body: 'Nothing has been paid. Wait a moment and try again.',
  },
  tooMany: {
    title: 'Wait before you try again',
    body: 'Wait a moment and try again. Nothing has been paid.',
    wait: (when) => `You can try again ${when}. Nothing has been paid.`,
  },
  startOver: 'Back to the payment',
};

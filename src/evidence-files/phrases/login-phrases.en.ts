import type { LoginPhrases } from '../report-phrases.ts';

export const englishLogin: LoginPhrases = {
  summary: {
    'TOTAL-PASSED':
      'Every check passed. This is an identification: nothing was signed, and no payment is authorised by it.',
    'TOTAL-FAILED':
      'This is not a genuine BankID identification, or its certificate was revoked or not valid when it was made.',
    INDETERMINATE:
      'Nothing shows that the identification is forged, but what is here does not prove it to be genuine and meant for this.',
    'no-match': 'What came with the identification is NOT what it was made for; what the person saw is at the end.',
    'not-meant':
      'The identification is NOT the one expected: it was made for another service, by another person or for another purpose.',
  },
  signer: 'identified',
  signedAt: 'identified at',
  match: { yes: 'yes', no: 'no', 'not-compared': 'not compared: only the identification was checked' },
  forClient: (name, id) => `${name} (${id})`,
  scopes: 'scopes',
  code: 'code',
  channelOf: (channel) => {
    switch (channel.way) {
      case 'browser':
        return 'in a browser';
      case 'app':
        return 'in an app of the client';
      case 'qr':
        return 'by a QR code that the client showed';
      case 'phone':
        return channel.callInitiator === 'user'
          ? 'in a phone call that the person made'
          : 'in a phone call that the client made';
    }
  },
  statedAddressOf: (address) => `${address}, stated by the client`,
  statedAddressIsSame: 'BankID had the network address that the client stated',
  payer: 'person',
  payerKinds: {
    bound: 'named when the login was requested',
    unbound: 'whoever identified: no person was named when the login was requested',
    'not-compared': 'not compared',
  },
  check: {
    'signature-value': "the identification was made with the person's key",
    certid: "the statement is about the person's certificate",
    nonce: 'the statement was made for this very identification',
    'order-start': 'it was made after the identification was requested',
    receipt: 'it was made before it was received',
    content: 'text and data are those of the login',
    'relying-party': 'it was made for the service expected',
    signer: 'a person identified (and signed nothing)',
  },
  text: 'What the person saw',
  limit: [
    "who held the phone: the identification shows that someone used this person's BankID and code",
    'that the person agreed to anything: an identification is no signature, and authorises no payment',
    'whether what else was recorded is true (circumstances.json): that is the word of the service',
  ],
};

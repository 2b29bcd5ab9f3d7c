const edited =
  (from: string | RegExp, to: string) =>
  (consent: string): string =>
    consent.replace(from, to);
const initiationOf = (consent: string): string => /"initiation":(\{.*\}),"payer"/.exec(consent)?.[1] ?? '';
const otherInitiation = (consent: string): string => initiationOf(consent).replace('1250.00', '9250.00');
const appended =
  (member: (consent: string) => string) =>
  (consent: string): string =>
    `${consent.slice(0, -1)},${member(consent)}}`;

/**
 * Files that some reader or program would take for another consent than the one that was signed. Each still holds the signed
 * initiation and consent id somewhere, word for word, or differs by as little as a spelling.
 */
export const consentVariants: readonly (readonly [what: string, change: (consent: string) => string])[] = [
  ['a second initiation of another amount behind all others', appended((c) => `"initiation":${otherInitiation(c)}`)],
  [
    'a second initiation of another amount before the signed one',
    (c) => c.replace('"initiation":', () => `"initiation":${otherInitiation(c)},"initiation":`),
  ],
  [
    'the signed initiation kept one level down',
    (c) =>
      c.replace(
        /"initiation":\{.*\},"payer"/,
        () => `"initiation":${otherInitiation(c)},"old":{"initiation":${initiationOf(c)}},"payer"`,
      ),
  ],
  [
    'the signed initiation kept inside a text',
    (c) =>
      c.replace(
        /"initiation":\{.*\},"payer"/,
        () => `"initiation":${otherInitiation(c)},"note":${JSON.stringify(`"initiation":${initiationOf(c)}}`)},"payer"`,
      ),
  ],
  [
    'a member of the initiation twice',
    edited('"instructedAmount":', '"instructedAmount":{"amount":"9250.00","currency":"SEK"},"instructedAmount":'),
  ],
  [
    'an amount more inside the initiation',
    edited('"type":"payment_initiation"', '"totalAmount":"9250.00","type":"payment_initiation"'),
  ],
  ['another bank', edited(/"bank":"[^"]*"/, '"bank":"bank-z"')],
  ['another client', edited(/"clientId":"[^"]*"/, '"clientId":"other-tpp"')],
  ['another name of the third party', edited(/"name":"[^"]*"/, '"name":"Annan AB"')],
  ['another authorisation number', edited(/"authorisationNumber":"[^"]*"/, '"authorisationNumber":"SE-FINA-00000"')],
  ['another environment', edited(/"environment":"[^"]*"/, '"environment":"production"')],
  [
    'another binding of the payer',
    (c) => (c.includes('"unbound"') ? c.replace('"unbound"', '"bound"') : c.replace('"bound"', '"unbound"')),
  ],
  [
    'another consent id, the signed one elsewhere',
    (c) => c.replace(/"consentId":("[^"]*")/, '"consentId":"0b4f7d0e-0000-4c51-9d3e-3a1f0a9c2b11","signedId":$1'),
  ],
  ['another version', edited(/"v":[12]/, '"v":3')],
  ['a member that was not signed', appended(() => '"debtorName":"Anna"')],
  ['a member left out', edited(/"payer":"[^"]*",/, '')],
  ['a byte order mark', (c) => `\ufeff${c}`],
  ['a line end', (c) => `${c}\n`],
  ['white space', edited('"bank":', '"bank": ')],
  ['members in another order', (c) => c.replace(/^\{("bank":"[^"]*"),(.*)\}$/s, '{$2,$1}')],
  ['a letter spelled as an escape', edited('"v":', '"\\u0076":')],
  ['a number spelled otherwise', edited(/"v":([12])/, '"v":$1.0')],
  ['an array around it', (c) => `[${c}]`],
  ['two consents', (c) => c + c.replace('1250.00', '9250.00')],
  ['no consent', () => ''],
];

/** The same for what only consents of version 2 have. */
export const consentVariants2: typeof consentVariants = [
  ...consentVariants,
  ['another name of the bank', edited(/"bankName":"[^"]*"/, '"bankName":"Annan bank"')],
  ['no name of the bank', edited(/"bankName":"[^"]*",/, '')],
  ['another channel', edited(/"channel":\{[^}]*\}/, '"channel":{"callInitiator":"user","way":"phone"}')],
  ['a member more in the channel', edited('"way":"browser"', '"number":"+46","way":"browser"')],
  ['no channel', edited(/"channel":\{[^}]*\},/, '')],
  ['the version of another template', edited('"v":2', '"v":1')],
  [
    'what version 1 would have',
    (c) => edited('"v":2', '"v":1')(c).replace(/"bankName":"[^"]*","channel":\{[^}]*\},/, ''),
  ],
];

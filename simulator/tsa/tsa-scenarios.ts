/** What the timestamping authority plays, and how it differs from an honest one. */
export const tsaScenarios = {
  good: 'answers as it should',
  down: 'HTTP 503',
  dropped: 'breaks the connection',
  slow: 'does not answer',
  redirect: 'HTTP 302 to another address',
  'too-large': 'an answer of 1 MiB',
  'not-der': 'text in place of an answer',
  rejected: 'status rejection, systemFailure',
  imprint: 'stamps another digest',
  nonce: 'another nonce',
  'no-nonce': 'no nonce',
  policy: 'another policy',
  'eku-not-critical': 'its extended key usage is not critical',
  'eku-not-sole': 'its extended key usage has a second purpose',
  'time-ahead': 'a day ahead',
  'time-behind': 'a day behind',
  foreign: 'a certificate of another CA with the same name',
  revoked: 'a certificate that its CRL revokes',
  expired: 'a certificate that has expired',
  'no-certificate': 'no certificate',
  'sha1-certificate-id': 'names its certificate by SHA-1 alone',
  'broken-signature': 'a signature that does not verify',
} as const;

export type TsaScenario = keyof typeof tsaScenarios;

export const isTsaScenario = (word: string): word is TsaScenario => Object.hasOwn(tsaScenarios, word);

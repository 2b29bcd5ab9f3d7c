/** Why we refuse what an oracle accepts, by the title of the attack. The same table stands in docs/spec/verification.md. */
const reasons = {
  oneEncoding: 'DER has one encoding of each value: what was signed in another was not made by BankID (X.690 §8–11)',
  nothingAfter: 'bytes that no structure accounts for are refused, not dropped (X.690 §10)',
  serial: 'a serial number is positive and has at most 20 octets (RFC 5280 §4.1.2.2)',
  twice: 'an extension stands once (RFC 5280 §4.2)',
  rightToIssue:
    'a CA says that it may sign certificates (RFC 5280 §4.2.1.3); the root is held to what it says of itself',
  criticalUnread: 'what we do not act upon and is critical makes a certificate unusable (RFC 5280 §4.2)',
  delegated:
    "BankID's answers come from a responder of the leaf's own CA, with nocheck and a key for signing (RFC 6960 §4.2.2.2)",
  oneAnswer: 'one response, one answer: with two, the reader would have to choose',
} as const;

export const strictPaths: Readonly<Record<string, string>> = {
  'a serial number of zero': reasons.serial,
  'a negative serial number': reasons.serial,
  'a serial number of 21 octets': reasons.serial,
  'a serial number not minimal': reasons.oneEncoding,
  'an extension twice': reasons.twice,
  'bytes after a CA certificate': reasons.nothingAfter,
  'bytes after the certificate': reasons.nothingAfter,
  'bytes inside a CA certificate': reasons.nothingAfter,
  'an extension with bytes after its value': reasons.nothingAfter,
  'basicConstraints with bytes after its value': reasons.nothingAfter,
  'an indefinite length': reasons.oneEncoding,
  'a length in more octets than needed': reasons.oneEncoding,
  'a critical flag that is neither true nor false': reasons.oneEncoding,
  'a critical flag written out where it is the default': reasons.oneEncoding,
  'key usage with stray bits': reasons.oneEncoding,
  'key usage with a trailing zero octet': reasons.oneEncoding,
  'a path length not minimal': reasons.oneEncoding,
  'a bank CA without key usage': reasons.rightToIssue,
  'a root of path length 0': reasons.rightToIssue,
  'a root that is no CA': reasons.rightToIssue,
  'name constraints that no check reads': reasons.criticalUnread,
};

export const strictResponses: Readonly<Record<string, string>> = {
  'two answers': reasons.oneAnswer,
  'a responder without nocheck': reasons.delegated,
  'the CA itself as responder': reasons.delegated,
  'a responder whose key signs certificates only': reasons.delegated,
  'a responder that is a CA': reasons.delegated,
  'a responder with an extension twice': reasons.twice,
  'an unknown critical response extension': reasons.criticalUnread,
  'an unknown critical extension of the answer': reasons.criticalUnread,
  "the nonce's OID changed before signing": reasons.criticalUnread,
  'bytes after the response': reasons.nothingAfter,
  'a version written out where it is the default': reasons.oneEncoding,
  'producedAt with fractions of a second': reasons.oneEncoding,
  'thisUpdate after producedAt': 'thisUpdate ≤ producedAt ≤ thisUpdate + 5 min, by our policy',
  'thisUpdate too long before producedAt': 'thisUpdate ≤ producedAt ≤ thisUpdate + 5 min, by our policy',
  'nextUpdate before producedAt': 'an answer is not used beyond nextUpdate; the tool only warns',
  'producedAt years before': 'the tool does not look at the period of the certificate asked about',
  'a leaf not yet valid': 'the tool does not look at the period of the certificate asked about',
  'a leaf expired before the order': 'the tool does not look at the period of the certificate asked about',
  'a leaf that expired during the order': 'the tool does not look at the period of the certificate asked about',
};

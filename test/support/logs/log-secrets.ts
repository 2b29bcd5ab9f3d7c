// Read by the global teardown too, which runs without jest's transforms: only what Node can strip.
import { findPersonalNumber } from '../../../src/kernel/personal-number.ts';
import { withoutRandomHex } from '../random-hex.ts';

interface Suspect {
  readonly what: string;
  readonly pattern: RegExp;
  /** Whether a match is what it looks like. */
  readonly isOne?: (match: string) => boolean;
}

/** Looked for where no UUID or digest stands: their digits are a personal number now and then. */
const numbers: readonly Suspect[] = [
  { what: 'a personal number', pattern: /(?<![\d.])(?:18|19|20)\d{6}[-+ ]?\d{4}(?!\d)/g, isOne: isPersonalNumber },
  {
    what: 'a personal number',
    pattern: /(?<![\d.])\d{6}[-+]\d{4}(?!\d)/g,
    isOne: (match) => isPersonalNumber(`19${match}`),
  },
];

const suspects: readonly Suspect[] = [
  { what: 'a JWT', pattern: /eyJ[\w-]{8,}\.[\w-]*/g },
  // Tokens, codes, cookies, nonces, verifiers and hashes: 32 bytes in base64url.
  { what: 'a token', pattern: /(?<![\w/.-])[\w-]{43}(?![\w/.-])/g, isOne: isRandom },
  { what: 'a bearer or DPoP credential', pattern: /\b(?:Bearer|DPoP|Basic) [\w.+/=-]{16,}/gi },
  { what: 'base64 of XML', pattern: /PD94bWwg|PFNpZ25hdHVyZ/g },
  { what: 'XML', pattern: /<\?xml|<\/?Signature\b|bankIdSignedData/g },
  { what: 'DER in base64', pattern: /\bMI[IHGE][A-Za-z0-9+/]{40,}/g },
  { what: 'long base64', pattern: /[A-Za-z0-9+/]{100,}={0,2}/g, isOne: isRandom },
  { what: 'PEM', pattern: /-----BEGIN/g },
  { what: 'a private JWK', pattern: /\\?"d\\?":\s*\\?"[\w-]{20,}/g },
  { what: 'a QR frame', pattern: /bankid\.[0-9a-f-]{36}\.\d+\./g },
  { what: 'an autostart token', pattern: /autostarttoken=/gi },
  { what: 'a request_uri', pattern: /urn:ietf:params:oauth:request_uri:/g },
  { what: 'an interaction', pattern: /\/(?:pay|authorize)\/[\w-]{22}\b/g },
  { what: 'a password in a URL', pattern: /:\/\/[^\s:/@"]+:[^\s:/@"]+@/g },
  {
    what: 'a header',
    pattern: /"(?:authorization|dpop|cookie|set-cookie|client_assertion)"\s*:\s*\[?"(?!\[redacted\])/gi,
  },
];

/** What in a log no log may hold, as `what: match`; empty when it is clean. */
export function findLogSecrets(text: string): readonly string[] {
  return [...find(numbers, withoutRandomHex(text)), ...find(suspects, text)];
}

function find(among: readonly Suspect[], text: string): readonly string[] {
  return among.flatMap(({ what, pattern, isOne = () => true }) =>
    [...text.matchAll(pattern)].filter(([match]) => isOne(match)).map(([match]) => `${what}: ${match}`),
  );
}

function isPersonalNumber(match: string): boolean {
  return findPersonalNumber(match.replaceAll(/\D/g, '')) !== undefined;
}

/** Words joined by hyphens are no token: random bytes have digits and letters of both cases. */
function isRandom(match: string): boolean {
  return /\d/.test(match) && /[a-z]/.test(match) && /[A-Z]/.test(match);
}

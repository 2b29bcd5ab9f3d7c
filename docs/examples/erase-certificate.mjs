// Verifies a certificate of erasure with jose alone, and prints what it says. Run it with the Node of node_modules/.bin.
import { readFileSync } from 'node:fs';
import { createLocalJWKSet, jwtVerify } from 'jose';

const [certificate, jwks, issuer] = process.argv.slice(2);
if (!issuer) throw new Error('usage: node docs/examples/erase-certificate.mjs <file> <JWK set of /jwks> <issuer>');

// The JWK set is one that you kept, or fetch today: keys that no longer sign stay in it.
const keys = createLocalJWKSet(JSON.parse(readFileSync(jwks, 'utf8')));
const { payload } = await jwtVerify(readFileSync(certificate, 'utf8').trim(), keys, {
  issuer,
  typ: 'sigill-erasure+jwt',
});
console.log(JSON.stringify(payload, undefined, 2));

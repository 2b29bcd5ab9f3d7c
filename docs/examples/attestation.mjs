// A bank signs what its verification of the payee said, for the TPP to push. Run it with the Node of node_modules/.bin.
import { readFileSync } from 'node:fs';
import { importJWK, SignJWT } from 'jose';

const [folder, result = 'match', matchedName] = process.argv.slice(2);
if (!folder) {
  throw new Error('usage: node docs/examples/attestation.mjs <folder that npm start prints> [result] [matched name]');
}
const jwk = JSON.parse(readFileSync(`${folder}/service/exempelbanken.jwk.json`, 'utf8'));
const said = { result, ...(matchedName && { matchedName }), checkedAt: new Date().toISOString() };

// Exactly these members: of this payee and account, and nothing more. There is no `iss`, `iat` or `exp`.
const attestation = await new SignJWT({
  ...said,
  creditorName: 'Exempelbutiken AB',
  account: { iban: 'SE4550000000058398257466' },
})
  .setProtectedHeader({ alg: 'ES256', typ: 'creditor-name-verification+jws', kid: jwk.kid })
  .sign(await importJWK(jwk, 'ES256'));

// What the TPP pushes as the member creditorNameVerification of its payment.
console.log(JSON.stringify({ ...said, attestation }));

// A TPP in one file, on openid-client. Needs the sandbox running; run it with the Node of node_modules/.bin.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { importJWK } from 'jose';
import * as oauth from 'openid-client';

const folder = process.argv[2];
if (!folder) {
  throw new Error('usage: node docs/examples/first-consent.mjs <folder that npm start prints> [issuer] [redirect URI]');
}
const issuer = process.argv[3] ?? 'http://localhost:3000';
const redirectUri = process.argv[4] ?? 'http://localhost:8080/callback';

const jwk = JSON.parse(readFileSync(`${folder}/service/exempelbetal.jwk.json`, 'utf8'));
const key = { key: await importJWK(jwk, 'ES256'), kid: jwk.kid };
const config = await oauth.discovery(new URL(issuer), 'exempelbetal', undefined, oauth.PrivateKeyJwt(key), {
  algorithm: 'oauth2',
  execute: [oauth.allowInsecureRequests], // the sandbox is http on this machine
});
const DPoP = oauth.getDPoPHandle(config, await oauth.randomDPoPKeyPair('ES256'));

const pkceCodeVerifier = oauth.randomPKCECodeVerifier();
const expectedState = oauth.randomState();
const payment = {
  type: 'payment_initiation',
  instructedAmount: { currency: 'SEK', amount: '1250.00' },
  creditorName: 'Exempelbutiken AB',
  creditorAccount: { bankgiro: '5050-1055' },
  remittanceInformationStructured: { reference: '12345674', referenceType: 'OCR' },
};
const url = await oauth.buildAuthorizationUrlWithPAR(
  config,
  {
    redirect_uri: redirectUri,
    code_challenge: await oauth.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: 'S256',
    state: expectedState,
    resource: 'https://api.exempelbanken.example/payments',
    authorization_details: JSON.stringify([payment]),
  },
  { DPoP },
);
console.log(`Open this in a browser and sign:\n${url.href}`);

const server = createServer(async (request, response) => {
  const returned = new URL(request.url, redirectUri);
  if (returned.pathname !== '/callback') return response.writeHead(404).end();
  try {
    const checks = { pkceCodeVerifier, expectedState };
    const token = await oauth.authorizationCodeGrant(config, returned, checks, undefined, { DPoP });
    console.log(JSON.stringify(token.authorization_details, null, 2));
    response.end('You may close this page.');
  } catch (error) {
    console.error(`refused: ${error.error ?? error.message}`);
    response.end('The payment was not approved.');
  }
  server.close();
}).listen(Number(new URL(redirectUri).port), '127.0.0.1');

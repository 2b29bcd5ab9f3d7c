/**
 * A TPP pushes a payment with `jose` and `fetch` alone, and handles what can go wrong. Runs with Node 24:
 *
 *   node docs/examples/push.ts <file with the client's private JWK>
 *
 * Prints the answer, and the address to which the payer's browser is sent.
 */
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { exportJWK, generateKeyPair, importJWK, SignJWT } from 'jose';

const [file = '', clientId = 'exempelbetal', issuer = 'http://localhost:3000'] = process.argv.slice(2);
const resource = 'https://api.exempelbanken.example/payments';
const redirectUri = 'http://localhost:3003/callback';
const endpoint = `${issuer}/par`;

const jwk = JSON.parse(readFileSync(file, 'utf8'));
const key = await importJWK(jwk, 'ES256');
// Keep it until the bank has been paid: code and token are bound to it.
const dpop = await generateKeyPair('ES256');

const codeVerifier = randomBytes(32).toString('base64url');
const parameters = {
  client_id: clientId,
  response_type: 'code',
  redirect_uri: redirectUri,
  state: randomUUID(),
  code_challenge: createHash('sha256').update(codeVerifier).digest('base64url'),
  code_challenge_method: 'S256',
  resource,
  authorization_details: JSON.stringify([
    {
      type: 'payment_initiation',
      instructedAmount: { currency: 'SEK', amount: '1250.00' },
      creditorName: 'Exempelbutiken AB',
      creditorAccount: { bankgiro: '5050-1055' },
      remittanceInformationStructured: { reference: '12345674', referenceType: 'OCR' },
    },
  ]),
};

/** RFC 7523: who we are. A new one for each request. */
const assertion = (): Promise<string> =>
  new SignJWT({ jti: randomUUID() })
    .setProtectedHeader({ alg: 'ES256', kid: jwk.kid })
    .setIssuer(clientId)
    .setSubject(clientId)
    .setAudience(issuer)
    .setIssuedAt()
    .setExpirationTime('1 minute')
    .sign(key);

/** RFC 9449: which key we hold. A new one for each request. */
const proof = async (nonce: string | null): Promise<string> =>
  new SignJWT({ jti: randomUUID(), htm: 'POST', htu: endpoint, ...(nonce !== null && { nonce }) })
    .setProtectedHeader({ typ: 'dpop+jwt', alg: 'ES256', jwk: await exportJWK(dpop.publicKey) })
    .setIssuedAt()
    .sign(dpop.privateKey);

async function push(idempotencyKey: string): Promise<Record<string, unknown>> {
  let nonce: string | null = null;
  for (let tries = 0; tries < 3; tries += 1) {
    const response = await fetch(endpoint, {
      method: 'POST',
      headers: { DPoP: await proof(nonce), 'Idempotency-Key': idempotencyKey },
      body: new URLSearchParams({
        ...parameters,
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: await assertion(),
      }),
    });
    const answer = (await response.json()) as Record<string, unknown>;
    if (response.ok) return answer;
    const isForLater = response.status === 429 || response.status === 503;
    if (isForLater) await wait(1000 * Number(response.headers.get('retry-after') ?? 5));
    else if (answer['error'] !== 'use_dpop_nonce')
      throw new Error(`${answer['error']}: ${answer['error_description']}, ${answer['error_uri']}`);
    nonce = response.headers.get('dpop-nonce');
  }
  throw new Error('the service could not take the push');
}

const pushed = await push(randomUUID());
const query = new URLSearchParams({ client_id: clientId, request_uri: String(pushed['request_uri']) });
console.log(JSON.stringify({ ...pushed, open: `${issuer}/authorize?${query}` }));

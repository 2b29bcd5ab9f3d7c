import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { Clients } from '../../../src/clients/clients.ts';
import { parseClients } from '../../../src/clients/parse-clients.ts';
import { DomainError } from '../../../src/kernel/errors.ts';
import { acceptedAudiences, type AudienceRule } from '../../../src/clients/assertion-audiences.ts';
import { ASSERTION_TYPE, checkClientAssertion } from '../../../src/client-auth/client-assertion.ts';

const issuer = 'https://sigill.example';
const mtls = { url: 'https://mtls.sigill.example', port: undefined, clientCas: [] };
const now = new Date('2026-11-22T12:00:00Z');

const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
const registration = {
  name: 'Exempelbetal AB',
  authorisationNumber: 'PSDSE-FINA-00001',
  role: 'tpp',
  jwks: { keys: [{ ...(await exportJWK(publicKey)), kid: 'one' }] },
  redirectUris: ['https://butik.example/'],
};
const clients = new Clients(
  parseClients(
    [
      { ...registration, id: 'polls', backchannel: { ways: ['qr'], delivery: 'poll' } },
      { ...registration, id: 'pushes' },
    ],
    'production',
  ),
);

interface Call {
  readonly aud: unknown;
  readonly rule: AudienceRule;
  readonly client?: string;
  readonly withMtls?: boolean;
}

async function check({ aud, rule, client = 'polls', withMtls = true }: Call): Promise<string> {
  const exp = now.getTime() / 1000 + 60;
  const assertion = await new SignJWT({ iss: client, sub: client, jti: 'a', exp, aud: aud as string })
    .setProtectedHeader({ alg: 'ES256' })
    .sign(privateKey);
  const config = { issuer, mtls: withMtls ? mtls : undefined };
  try {
    checkClientAssertion(
      { clientId: client, assertionType: ASSERTION_TYPE, assertion },
      clients,
      (known) => acceptedAudiences(rule, known, config),
      now,
    );
    return 'accepted';
  } catch (error) {
    if (error instanceof DomainError) return error.code;
    throw error;
  }
}

const endpoints = [
  `${issuer}/token`,
  `${issuer}/backchannel`,
  'https://mtls.sigill.example/token',
  'https://mtls.sigill.example/backchannel',
];

describe('the audience of a client assertion', () => {
  it.each([issuer, ...endpoints])('may be %s in the backchannel', async (aud) => {
    expect(await check({ aud, rule: 'backchannel' })).toBe('accepted');
  });

  it.each(endpoints)(
    'may not be %s elsewhere, nor of a client that is not registered for the backchannel',
    async (aud) => {
      expect(await check({ aud, rule: 'issuer' })).toBe('client.assertion-invalid');
      expect(await check({ aud, rule: 'backchannel', client: 'pushes' })).toBe('client.assertion-invalid');
    },
  );

  it('may always be the issuer', async () => {
    expect(await check({ aud: issuer, rule: 'issuer' })).toBe('accepted');
    expect(await check({ aud: issuer, rule: 'backchannel', client: 'pushes' })).toBe('accepted');
  });

  it.each<[string, unknown]>([
    ['an array with the issuer', [issuer]],
    ['an array with an endpoint', [`${issuer}/token`]],
    ['several', [issuer, `${issuer}/token`]],
    ['another endpoint', `${issuer}/par`],
    ['an endpoint with a slash', `${issuer}/token/`],
    ['the origin for certificates alone', mtls.url],
    ['an endpoint of another server', 'https://as.example/token'],
    ['nothing', undefined],
  ])('may not be %s', async (_what, aud) => {
    expect(await check({ aud, rule: 'backchannel' })).toBe('client.assertion-invalid');
  });

  it('may not be an alias where there are none', async () => {
    expect(await check({ aud: endpoints[2], rule: 'backchannel', withMtls: false })).toBe('client.assertion-invalid');
  });
});

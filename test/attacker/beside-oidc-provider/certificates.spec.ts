import { createHash, X509Certificate } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import type { KeyedCertificate } from '../../../sandbox/tls.ts';
import type { Fields } from '../../support/parties/raw-client.ts';
import { CertifiedContest } from '../../support/beside-oidc-provider/certified-contest.ts';
import { redirect } from '../../support/beside-oidc-provider/contest.ts';
import { verdict, type Case, type Side } from '../../support/beside-oidc-provider/verdict.ts';

const SERVER = '1.3.6.1.5.5.7.3.1';
const machine = { grant_type: 'client_credentials' };

let certified: CertifiedContest;
beforeAll(async () => {
  certified = await CertifiedContest.open();
}, 60_000);
afterAll(() => certified.close());

describe('a TPP that is known by its certificate is', () => {
  const denied = 'invalid_client';
  const shown: readonly (Case & { readonly make: () => Promise<KeyedCertificate | undefined> })[] = [
    { name: 'let in with its certificate', ours: 'accepted', make: () => Promise.resolve(certified.own) },
    {
      name: 'let in with another certificate of its subject: the subject is what was registered',
      ours: 'accepted',
      make: () => certified.tls.newClientCertificate(certified.subject),
    },
    { name: 'not a caller that shows no certificate', ours: denied, make: () => Promise.resolve(undefined) },
    {
      name: 'not a caller that shows the certificate of another client',
      ours: denied,
      make: () => certified.tls.clientCertificate('provbetal'),
    },
    {
      name: 'not a caller with its name from an authority that is not configured',
      ours: denied,
      make: () => certified.foreignTls.newClientCertificate(certified.subject),
    },
    { name: 'not a caller that signed its name itself', ours: denied, make: selfSigned },
    {
      name: 'not a caller that shows an expired certificate',
      ours: denied,
      make: () => certified.tls.newClientCertificate(certified.subject, { notAfter: new Date('2026-02-01') }),
    },
    {
      name: 'not a caller that shows a certificate for servers',
      ours: denied,
      make: () => certified.tls.newClientCertificate(certified.subject, { usage: SERVER }),
    },
    {
      name: 'not a caller with its name and one attribute more',
      ours: denied,
      make: () => certified.tls.newClientCertificate(`OU=Provbetal,${certified.subject}`),
    },
    {
      name: 'not a caller with its name in another case',
      ours: denied,
      make: () => certified.tls.newClientCertificate(certified.subject.replace('intygsbetal', 'Intygsbetal')),
    },
    {
      name: 'not a caller that writes its whole name into one attribute',
      ours: denied,
      make: () => certified.tls.newClientCertificate(`CN=${certified.subject.replaceAll(',', String.raw`\,`)}`),
    },
  ];
  describe.each(['token', 'push'] as const)('at the %s endpoint:', (at) => {
    it.each(shown)('$name', async (one) => {
      const certificate = await one.make();
      await certified.contest.compare(one, (side) => {
        const fields = at === 'token' ? machine : { ...side.certified.pushFields(), ...redirect };
        return certified.post(side, at === 'token' ? '/token' : side.par, { certificate, fields });
      });
    });
  });

  async function selfSigned(): Promise<KeyedCertificate> {
    const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
    const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
    const name = certified.subject.split(',').reverse().join(',');
    const made = await x509.X509CertificateGenerator.createSelfSigned({
      name,
      keys,
      signingAlgorithm: algorithm,
      notAfter: new Date('2036-01-01'),
    });
    const pkcs8 = await crypto.subtle.exportKey('pkcs8', keys.privateKey);
    return { certificate: made.toString('pem'), key: x509.PemConverter.encode(pkcs8, 'PRIVATE KEY') };
  }

  const claimed: readonly (Case & { readonly fields: Fields })[] = [
    { name: 'not another TPP, which is known by its assertions', ours: denied, fields: { client_id: 'provbetal' } },
    { name: 'not a client that is not registered', ours: denied, fields: { client_id: 'nobody' } },
    {
      name: 'not a caller that leaves out its name',
      ours: denied,
      theirs: 'invalid_request',
      fields: { client_id: undefined },
    },
    {
      name: 'not a caller that sends a secret besides',
      ours: denied,
      theirs: 'accepted',
      fields: { client_secret: 'secret' },
    },
    {
      name: 'not a caller that names itself twice',
      ours: 'invalid_request',
      fields: { client_id: ['intygsbetal', 'provbetal'] },
    },
  ];
  it.each(claimed)('$name', async (one) => {
    await certified.contest.compare(one, (side) =>
      certified.post(side, '/token', { certificate: certified.own, fields: { ...machine, ...one.fields } }),
    );
  });

  it('not a caller that sends an assertion besides: it is not registered for one', async () => {
    await certified.contest.compare({ name: '', ours: denied }, async (side) => {
      const client = await certified.connect(side, certified.own);
      return client.post('/token', { ...machine, ...client.credentials(await client.assertion()) });
    });
  });
});

describe('a token that is bound to a certificate', () => {
  function thumbprint({ certificate }: KeyedCertificate): string {
    return createHash('sha256').update(new X509Certificate(certificate).raw).digest('base64url');
  }

  async function introspected(side: Side, token: unknown): Promise<unknown> {
    const { body } = await side.bank.postAs(side.introspect, { token: String(token) });
    return { active: body['active'], token_type: body['token_type'], cnf: body['cnf'] };
  }

  it('says at introspection to which, and to nothing else', async () => {
    const facts = { active: true, token_type: 'Bearer', cnf: { 'x5t#S256': thumbprint(certified.own) } };
    await certified.contest.agree(facts, async (side) => {
      const { body } = await certified.redeem(side, await certified.coded(side), certified.own);
      return introspected(side, body['access_token']);
    });
  });

  it('is bound to the one that it was redeemed with, where its TPP renewed its certificate in between', async () => {
    const renewed = await certified.tls.newClientCertificate(certified.subject);
    const facts = { active: true, token_type: 'Bearer', cnf: { 'x5t#S256': thumbprint(renewed) } };
    await certified.contest.agree(facts, async (side) => {
      const { body } = await certified.redeem(side, await certified.coded(side), renewed);
      return introspected(side, body['access_token']);
    });
  });

  it.each(['without a certificate', 'with the certificate of another client', 'with one from elsewhere'])(
    'is not given %s',
    async (how) => {
      const certificates: Record<string, KeyedCertificate> = {
        'with the certificate of another client': await certified.tls.clientCertificate('provbetal'),
        'with one from elsewhere': await certified.foreignTls.newClientCertificate(certified.subject),
      };
      await certified.contest.compare({ name: '', ours: 'invalid_client' }, async (side) =>
        certified.redeem(side, await certified.coded(side), certificates[how]),
      );
    },
  );

  it('is not given for the code of a key that its sender does not show', async () => {
    await certified.contest.compare({ name: '', ours: 'invalid_grant' }, async (side) =>
      certified.redeem(side, await certified.coded(side, { dpop_jkt: 'A'.repeat(43) }), certified.own),
    );
  });

  it('is not given to another client, with a key of its own', async () => {
    await certified.contest.compare({ name: '', ours: 'invalid_grant' }, async (side) =>
      side.tpp.postAs('/token', await certified.coded(side)),
    );
  });

  it('is dead, for every certificate, when its code comes again', async () => {
    await certified.contest.agree(['invalid_grant', { active: false }], async (side) => {
      const code = await certified.coded(side);
      const { body } = await certified.redeem(side, code, certified.own);
      const again = await certified.redeem(side, code, certified.own);
      return [verdict(again), await introspected(side, body['access_token'])];
    });
  });
});

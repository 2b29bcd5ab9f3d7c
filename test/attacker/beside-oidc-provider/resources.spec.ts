import type { KeyedCertificate } from '../../../sandbox/tls.ts';
import type { RawAnswer } from '../../support/parties/exchange.ts';
import { foreignKey, sha256, type Fields, type Spoilt } from '../../support/parties/raw-client.ts';
import { CertifiedContest } from '../../support/beside-oidc-provider/certified-contest.ts';
import type { Case, Side } from '../../support/beside-oidc-provider/verdict.ts';

/** What tokens open: the consent here, the claims about the payer there. */
const opened = (side: Side): string => (side === certified.contest.ours ? '/consent' : '/me');

let certified: CertifiedContest;
beforeAll(async () => {
  certified = await CertifiedContest.open();
}, 60_000);
afterAll(() => certified.close());

/** For the other server's own resource a token must be for no other. */
function asking(side: Side): Fields {
  return side === certified.contest.ours
    ? {}
    : { scope: 'openid', resource: undefined, authorization_details: undefined };
}

/** `accepted`, or the error of the challenge. */
function access({ status, headers }: RawAnswer): string {
  if (status === 200) return 'accepted';
  return /error="(\w+)"/.exec(headers.get('www-authenticate') ?? '')?.[1] ?? `refused with ${status}`;
}

function compare(one: Case, call: (side: Side) => Promise<RawAnswer>): Promise<void> {
  return certified.contest.compare(one, call, access);
}

describe('a token that is bound to a certificate opens', () => {
  async function token(side: Side): Promise<string> {
    const { status, body } = await certified.redeem(side, await certified.coded(side, asking(side)), certified.own);
    if (status !== 200) throw new Error(`no token: ${status}`);
    return String(body['access_token']);
  }

  async function read(side: Side, certificate: KeyedCertificate | undefined, headers: Record<string, string>) {
    return (await certified.connect(side, certificate)).send('GET', opened(side), { headers });
  }

  const shown: readonly (Case & { readonly make: () => Promise<KeyedCertificate | undefined> })[] = [
    { name: 'its resource to its certificate', ours: 'accepted', make: () => Promise.resolve(certified.own) },
    { name: 'nothing without certificate', ours: 'invalid_token', make: () => Promise.resolve(undefined) },
    {
      name: 'nothing to the certificate of another client',
      ours: 'invalid_token',
      make: () => certified.tls.clientCertificate('provbetal'),
    },
    {
      name: 'nothing to another certificate of its own client',
      ours: 'invalid_token',
      make: () => certified.tls.newClientCertificate(certified.subject),
    },
    {
      name: 'nothing to a certificate of its client’s name from elsewhere',
      ours: 'invalid_token',
      make: () => certified.foreignTls.newClientCertificate(certified.subject),
    },
  ];
  it.each(shown)('$name', async (one) => {
    const certificate = await one.make();
    await compare(one, async (side) => read(side, certificate, { authorization: `Bearer ${await token(side)}` }));
  });

  it('nothing as a token of a DPoP key', async () => {
    await compare({ name: '', ours: 'invalid_token' }, async (side) => {
      const bound = await token(side);
      const client = await certified.connect(side, certified.own);
      const origin = certified.originOf(side);
      const dpop = await client.proof('GET', opened(side), bound, { claims: { htu: `${origin}${opened(side)}` } });
      return read(side, certified.own, { authorization: `DPoP ${bound}`, dpop });
    });
  });

  it('nothing when its last letter is another', async () => {
    await compare({ name: '', ours: 'invalid_token' }, async (side) => {
      const bound = await token(side);
      const forged = `${bound.slice(0, -1)}${bound.endsWith('A') ? 'B' : 'A'}`;
      return read(side, certified.own, { authorization: `Bearer ${forged}` });
    });
  });
});

describe('a token that is bound to a key opens', () => {
  async function token(side: Side): Promise<string> {
    return String((await certified.contest.redeemed(side, asking(side)))['access_token']);
  }

  const proven: readonly (Case & { readonly make: (side: Side, token: string) => Promise<Spoilt> | Spoilt })[] = [
    { name: 'its resource to its key', ours: 'accepted', make: () => ({}) },
    { name: 'nothing to another key', ours: 'invalid_dpop_proof', make: async () => ({ key: await foreignKey() }) },
    { name: 'nothing for another method', ours: 'invalid_dpop_proof', make: () => ({ claims: { htm: 'POST' } }) },
    {
      name: 'nothing for another address',
      ours: 'invalid_dpop_proof',
      make: ({ tpp }) => ({ claims: { htu: `${tpp.issuer}/token` } }),
    },
    {
      name: 'nothing with the hash of another token',
      ours: 'invalid_dpop_proof',
      make: () => ({ claims: { ath: sha256('another') } }),
    },
    { name: 'nothing without a hash', ours: 'invalid_dpop_proof', make: () => ({ claims: { ath: undefined } }) },
    {
      name: 'nothing with a proof of ten minutes ago',
      ours: 'invalid_dpop_proof',
      make: ({ tpp }) => ({ claims: { iat: tpp.now - 600 } }),
    },
  ];
  it.each(proven)('$name', async (one) => {
    await compare(one, async (side) => {
      const bound = await token(side);
      const dpop = await side.tpp.proof('GET', opened(side), bound, await one.make(side, bound));
      return side.tpp.send('GET', opened(side), { headers: { authorization: `DPoP ${bound}`, dpop } });
    });
  });

  it('nothing to another key that proves itself', async () => {
    await compare({ name: '', ours: 'invalid_token' }, async (side) =>
      side.otherTpp.call(await token(side), 'GET', opened(side)),
    );
  });

  it('nothing as a token that is bound to nothing', async () => {
    await compare({ name: '', ours: 'invalid_token' }, async (side) => {
      const authorization = `Bearer ${await token(side)}`;
      return side.tpp.send('GET', opened(side), { headers: { authorization } });
    });
  });

  it('nothing as a token of the certificate that it comes with', async () => {
    await compare({ name: '', ours: 'invalid_token' }, async (side) => {
      const authorization = `Bearer ${await token(side)}`;
      return (await certified.connect(side, certified.own)).send('GET', opened(side), { headers: { authorization } });
    });
  });

  it('nothing in the address', async () => {
    await compare({ name: '', ours: 'refused with 401', theirs: 'invalid_request' }, async (side) => {
      const bound = await token(side);
      const dpop = await side.tpp.proof('GET', opened(side), bound);
      return side.tpp.send('GET', `${opened(side)}?access_token=${bound}`, { headers: { dpop } });
    });
  });

  it('nothing by a proof that was shown before', async () => {
    await compare({ name: '', ours: 'invalid_dpop_proof', theirs: 'invalid_request' }, async (side) => {
      const bound = await token(side);
      const dpop = await side.tpp.proof('GET', opened(side), bound);
      const headers = { authorization: `DPoP ${bound}`, dpop };
      expect((await side.tpp.send('GET', opened(side), { headers })).status).toBe(200);
      return side.tpp.send('GET', opened(side), { headers });
    });
  });

  it('nothing once it is revoked', async () => {
    await compare({ name: '', ours: 'invalid_token' }, async (side) => {
      const bound = await token(side);
      expect((await side.tpp.postAs(side.revoke, { token: bound })).status).toBe(200);
      return side.tpp.call(bound, 'GET', opened(side));
    });
  });
});

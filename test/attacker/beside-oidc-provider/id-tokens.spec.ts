import { decodeProtectedHeader, type JWTPayload } from 'jose';
import { anna } from '../../support/parties/payment.ts';
import { newVerifier, type Fields } from '../../support/parties/raw-client.ts';
import { Contest, redirect } from '../../support/beside-oidc-provider/contest.ts';
import { verifiedBy, wrongClaim } from '../../support/beside-oidc-provider/jwks.ts';
import { verdict, type Case, type Side } from '../../support/beside-oidc-provider/verdict.ts';

let contest: Contest;
beforeAll(async () => {
  contest = await Contest.open();
}, 60_000);
afterAll(() => contest.close());

async function idToken(side: Side, changes: Record<string, string>): Promise<string> {
  const { id_token: token } = await contest.redeemed(side, { scope: 'openid', ...changes });
  if (typeof token !== 'string') throw new Error('no id_token');
  return token;
}

function verified(side: Side, token: string): Promise<JWTPayload> {
  return verifiedBy(side, token, { audience: side.tpp.id });
}

describe('an id_token', () => {
  it('is for the TPP that asked, by the server that it asked, short-lived, and carries its nonce', async () => {
    const nonce = newVerifier();
    const facts = { aud: 'exempelbetal', nonce, hasSubject: true, isShortLived: true, isAboutNow: true };
    await contest.agree(facts, async (side) => {
      const { aud, nonce: echoed, sub, exp = 0, iat = 0 } = await verified(side, await idToken(side, { nonce }));
      return {
        aud,
        nonce: echoed,
        hasSubject: typeof sub === 'string' && sub !== '',
        isShortLived: exp > iat && exp - iat <= 3600,
        isAboutNow: Math.abs(iat - side.tpp.now) < 60,
      };
    });
  });

  it('holds no claim that was not agreed on; ours says besides how and when the payer signed', async () => {
    const common = ['aud', 'exp', 'iat', 'iss', 'nonce', 'sub'];
    await contest.observe({ ours: ['acr', 'auth_time', ...common].sort(), theirs: common }, async (side) =>
      Object.keys(await verified(side, await idToken(side, { nonce: 'n' }))).sort(),
    );
  });

  it('names the payer nowhere', async () => {
    await contest.agree(false, async (side) => {
      const hint = side === contest.ours ? { login_hint: `personnummer:${anna}` } : {};
      return JSON.stringify(await verified(side, await idToken(side, hint))).includes(anna);
    });
  });

  it('is signed by ES256, with a key that the server publishes under its kid', async () => {
    await contest.agree({ alg: 'ES256', isNamed: true }, async (side) => {
      const { alg, kid } = decodeProtectedHeader(await idToken(side, {}));
      return { alg, isNamed: typeof kid === 'string' };
    });
  });

  it('carries no nonce where none was sent', async () => {
    await contest.agree(false, async (side) => 'nonce' in (await verified(side, await idToken(side, {}))));
  });

  it('is not for another TPP', async () => {
    await contest.agree('aud', async (side) =>
      wrongClaim(verifiedBy(side, await idToken(side, {}), { audience: side.otherTpp.id })),
    );
  });

  it('is not given to a TPP that did not ask for it', async () => {
    await contest.agree(false, async (side) => 'id_token' in (await contest.redeemed(side)));
  });

  it('is not given twice for one code', async () => {
    await contest.agree([true, 'invalid_grant', false], async (side) => {
      const { client, form } = await contest.redeemable(side, { scope: 'openid' });
      const first = await client.postAs('/token', form);
      const second = await client.postAs('/token', form);
      return ['id_token' in first.body, verdict(second), 'id_token' in second.body];
    });
  });
});

describe('an id_token', () => {
  it('is not accepted as a client assertion', async () => {
    await contest.compare({ name: '', ours: 'invalid_client', theirs: 'invalid_request' }, async (side) => {
      const credentials = side.tpp.credentials(await idToken(side, {}));
      return side.tpp.post(side.par, { ...side.tpp.pushFields(), ...redirect, ...credentials });
    });
  });

  it('is not accepted as a request object', async () => {
    await contest.compare({ name: '', ours: 'invalid_request_object' }, async (side) =>
      side.tpp.postAs(side.par, { request: await idToken(side, {}) }),
    );
  });

  it('is not accepted as a token that a bank could ask about', async () => {
    await contest.observe({ ours: { active: false }, theirs: 'unsupported_token_type' }, async (side) => {
      const { body } = await side.bank.postAs(side.introspect, { token: await idToken(side, {}) });
      return body['error'] ?? body;
    });
  });

  it('is not accepted as a code', async () => {
    await contest.compare({ name: '', ours: 'invalid_grant' }, async (side) => {
      const { client, form } = await contest.redeemable(side);
      return client.postAs('/token', { ...form, code: await idToken(side, {}) });
    });
  });

  it('is not accepted as a key to a resource', async () => {
    await contest.agree([401, 'invalid_token'], async (side) => {
      const path = side === contest.ours ? '/consent' : '/me';
      const { status, headers } = await side.tpp.call(await idToken(side, {}), 'GET', path);
      return [status, /error="(\w+)"/.exec(headers.get('www-authenticate') ?? '')?.[1]];
    });
  });
});

describe('an id_token is asked for', () => {
  const refused = 'invalid_request';
  const cases: readonly (Case & { readonly changes: Fields })[] = [
    { name: 'by openid', ours: 'accepted', changes: { scope: 'openid', nonce: 'n' } },
    { name: 'by openid, twice', ours: 'accepted', changes: { scope: 'openid openid' } },
    { name: 'with a long nonce', ours: 'accepted', changes: { scope: 'openid', nonce: 'n'.repeat(1000) } },
    { name: 'not with two nonces', ours: refused, changes: { scope: 'openid', nonce: ['a', 'b'] } },
    {
      name: 'not with a nonce that is no ASCII',
      ours: refused,
      theirs: 'accepted',
      changes: { scope: 'openid', nonce: 'å' },
    },
    {
      name: 'not by a nonce alone, which then does nothing',
      ours: 'accepted',
      theirs: refused,
      isLaxer: true,
      changes: { nonce: 'n' },
    },
    {
      name: 'not with the payer’s profile',
      ours: 'invalid_scope',
      theirs: 'accepted',
      changes: { scope: 'openid profile' },
    },
    { name: 'not for later', ours: 'invalid_scope', theirs: 'accepted', changes: { scope: 'openid offline_access' } },
    { name: 'not by OPENID', ours: 'invalid_scope', theirs: 'accepted', changes: { scope: 'OPENID' } },
    { name: 'not in words that no scope is made of', ours: 'invalid_scope', changes: { scope: 'openid "a"' } },
    {
      name: 'with a login, and a consent, of its own: each is asked for anyway',
      ours: 'accepted',
      changes: { scope: 'openid', prompt: 'login consent' },
    },
    {
      name: 'not without asking the payer',
      ours: refused,
      theirs: 'accepted',
      changes: { scope: 'openid', prompt: 'none' },
    },
    { name: 'not both without asking and with', ours: refused, changes: { scope: 'openid', prompt: 'none login' } },
    {
      name: 'not by an unknown parameter value',
      ours: refused,
      changes: { scope: 'openid', prompt: 'whisper' },
    },
    { name: 'not with a choice of accounts', ours: refused, changes: { scope: 'openid', prompt: 'select_account' } },
    {
      name: 'of a signature that is no older than a minute',
      ours: 'accepted',
      changes: { scope: 'openid', max_age: '60' },
    },
    { name: 'of a signature made now', ours: 'accepted', changes: { scope: 'openid', max_age: '0' } },
    { name: 'not of a signature that is yet to come', ours: refused, changes: { scope: 'openid', max_age: '-1' } },
    { name: 'not of a signature of an age in words', ours: refused, changes: { scope: 'openid', max_age: 'young' } },
    { name: 'not of a signature of half an age', ours: refused, changes: { scope: 'openid', max_age: '1.5' } },
    {
      name: 'not for the payer of a forged id_token',
      ours: refused,
      changes: { scope: 'openid', id_token_hint: 'e30.e30.' },
    },
  ];
  it.each(cases)('$name', async (one) => {
    await contest.compare(one, ({ tpp, par }) => tpp.postAs(par, { ...tpp.pushFields(), ...redirect, ...one.changes }));
  });

  it('not for the payer of an earlier id_token: we promise no payer by it, and do not pretend to', async () => {
    await contest.compare({ name: '', ours: refused, theirs: 'accepted' }, async (side) => {
      const changes = { scope: 'openid', id_token_hint: await idToken(side, {}) };
      return side.tpp.postAs(side.par, { ...side.tpp.pushFields(), ...redirect, ...changes });
    });
  });
});

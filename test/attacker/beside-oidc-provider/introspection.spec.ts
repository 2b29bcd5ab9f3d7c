import { compactDecrypt, decodeProtectedHeader, importJWK, type JWTPayload } from 'jose';
import type { RawAnswer } from '../../support/parties/exchange.ts';
import { newVerifier, type RawClient } from '../../support/parties/raw-client.ts';
import { Contest } from '../../support/beside-oidc-provider/contest.ts';
import { verifiedBy, wrongClaim } from '../../support/beside-oidc-provider/jwks.ts';
import type { Case, Side } from '../../support/beside-oidc-provider/verdict.ts';

const JWT = 'application/token-introspection+jwt';
const JSON_TYPE = 'application/json';
/** Of the bank that has no key for encrypted answers. */
const resource = 'https://api.provbanken.example/payments';

let contest: Contest;
beforeAll(async () => {
  contest = await Contest.open({ encrypts: true });
}, 60_000);
afterAll(() => contest.close());

async function token(side: Side, changes: Record<string, string> = { resource }): Promise<string> {
  return String((await contest.redeemed(side, changes))['access_token']);
}

async function ask(side: Side, party: RawClient, about: string, accept = JWT): Promise<RawAnswer> {
  const fields = { ...party.credentials(await party.assertion()), token: about };
  return party.post(side.introspect, fields, { accept });
}

function typeOf({ headers }: RawAnswer): string | undefined {
  return headers.get('content-type')?.split(';')[0];
}

/** The claims of an answer that this server signed, for this bank, as what it is. */
function verified(side: Side, jws: string, audience: string): Promise<JWTPayload> {
  return verifiedBy(side, jws, { audience, typ: 'token-introspection+jwt' });
}

async function factsAbout(side: Side, about: string): Promise<unknown> {
  const { text } = await ask(side, side.otherBank, about);
  return (await verified(side, text, side.otherBank.id))['token_introspection'];
}

describe('a bank gets a signed answer', () => {
  it.each([
    [JWT, JWT],
    [`${JWT}, application/json;q=0.5`, JWT],
    [`application/json, ${JWT};q=0.5`, JSON_TYPE],
    [`${JWT};q=0, application/json`, JSON_TYPE],
    ['application/json', JSON_TYPE],
    ['application/*', JSON_TYPE],
    ['*/*', JSON_TYPE],
    ['text/html', JSON_TYPE],
    ['application/jwt', JSON_TYPE],
  ])('when it prefers one: %s', async (accept, type) => {
    await contest.agree([200, type], async (side) => {
      const answer = await ask(side, side.otherBank, await token(side), accept);
      return [answer.status, typeOf(answer)];
    });
  });

  it('that is for it, by the server that it asked, and says what the plain one says', async () => {
    await contest.agree(['aud', 'iat', 'iss', 'token_introspection'], async (side) => {
      const about = await token(side);
      const claims = await verified(side, (await ask(side, side.otherBank, about)).text, side.otherBank.id);
      const plain = (await ask(side, side.otherBank, about, JSON_TYPE)).body;
      // An answer that is not encrypted says only what every reader may know.
      const expected = Object.entries(plain).filter(([name]) => name !== 'payer');
      expect(claims['token_introspection']).toEqual(Object.fromEntries(expected));
      expect(plain).toMatchObject({ active: true, aud: resource, client_id: side.tpp.id });
      expect(Math.abs((claims.iat ?? 0) - side.tpp.now)).toBeLessThan(60);
      return Object.keys(claims).sort();
    });
  });

  it('that another bank cannot be shown as its own', async () => {
    await contest.agree('aud', async (side) => {
      const { text } = await ask(side, side.otherBank, await token(side));
      return wrongClaim(verified(side, text, side.bank.id));
    });
  });

  it('that says inactive, and nothing else, of an unknown token, of what is not for it, and of what was revoked', async () => {
    await contest.agree([{ active: false }, { active: false }, { active: false }], async (side) => {
      const revoked = await token(side);
      expect(await factsAbout(side, revoked)).toMatchObject({ active: true });
      await side.tpp.postAs(side.revoke, { token: revoked });
      return [
        await factsAbout(side, newVerifier()),
        await factsAbout(side, await token(side, {})),
        await factsAbout(side, revoked),
      ];
    });
  });

  it('that is encrypted where it registered a key, and readable to no other', async () => {
    const { bank, otherBank } = contest.steps.clients;
    await contest.agree({ alg: 'ECDH-ES', enc: 'A256GCM', cty: 'JWT', active: true }, async (side) => {
      const { text } = await ask(side, side.bank, await token(side, {}));
      const { plaintext } = await compactDecrypt(text, await importJWK(bank.decryptionJwk ?? {}));
      await expect(compactDecrypt(text, await importJWK(otherBank.privateJwk, 'ECDH-ES'))).rejects.toThrow();
      const claims = await verified(side, new TextDecoder().decode(plaintext), side.bank.id);
      const { active } = claims['token_introspection'] as { readonly active: boolean };
      const { alg, enc, cty } = decodeProtectedHeader(text);
      return { alg, enc, cty, active };
    });
  });
});

describe('a caller who asks about a token', () => {
  const asked: readonly (Case & { readonly ask: (side: Side) => Promise<RawAnswer> })[] = [
    {
      name: 'is answered plainly where it asks plainly, though it has a key',
      ours: 'accepted',
      theirs: 'invalid_request',
      isLaxer: true,
      ask: async (side) => ask(side, side.bank, await token(side, {}), JSON_TYPE),
    },
    {
      name: 'must say who it is',
      ours: 'invalid_client',
      theirs: 'invalid_request',
      ask: async (side) => side.bank.post(side.introspect, { token: await token(side) }, { accept: JWT }),
    },
    {
      name: 'must prove it',
      ours: 'invalid_client',
      ask: async (side) =>
        side.bank.post(side.introspect, { client_id: side.bank.id, token: await token(side) }, { accept: JWT }),
    },
    {
      name: 'must prove it to us, and not to another server',
      ours: 'invalid_client',
      ask: async (side) => {
        const assertion = await side.bank.assertion({ claims: { aud: 'https://as.example' } });
        const fields = { ...side.bank.credentials(assertion), token: await token(side) };
        return side.bank.post(side.introspect, fields, { accept: JWT });
      },
    },
    {
      name: 'must be a bank',
      ours: 'unauthorized_client',
      theirs: 'accepted',
      ask: async (side) => ask(side, side.tpp, await token(side)),
    },
    {
      name: 'must say about which',
      ours: 'invalid_request',
      ask: ({ bank, introspect }) => bank.postAs(introspect, {}, { accept: JWT }),
    },
    {
      name: 'must not ask about two at once',
      ours: 'invalid_request',
      ask: ({ bank, introspect }) => bank.postAs(introspect, { token: ['a', 'b'] }, { accept: JWT }),
    },
  ];
  it.each(asked)('$name', async (one) => {
    await contest.compare(one, one.ask);
  });

  it('is answered though it is wrong about what kind of token it is', async () => {
    await contest.agree(true, async (side) => {
      const fields = { token: await token(side), token_type_hint: 'refresh_token' };
      return (await side.otherBank.postAs(side.introspect, fields)).body['active'];
    });
  });

  it('and is a TPP learns nothing, also of its own token', async () => {
    await contest.observe({ ours: '', theirs: { active: false } }, async (side) => {
      const { text, status } = await ask(side, side.tpp, await token(side));
      return status === 200 ? (await verified(side, text, side.tpp.id))['token_introspection'] : '';
    });
  });
});

describe('a signed answer', () => {
  const answered = async (side: Side): Promise<string> => (await ask(side, side.otherBank, await token(side))).text;

  it('is not accepted as a client assertion', async () => {
    await contest.compare({ name: '', ours: 'invalid_client' }, async (side) => {
      const credentials = side.otherBank.credentials(await answered(side));
      return side.otherBank.post(side.introspect, { ...credentials, token: newVerifier() });
    });
  });

  it('is not accepted as a request object', async () => {
    await contest.compare({ name: '', ours: 'invalid_request_object' }, async (side) =>
      side.signer.postAs(side.par, { request: await answered(side) }),
    );
  });

  it('is not accepted as a token that one could ask about', async () => {
    const inactive = { active: false };
    await contest.observe({ ours: inactive, theirs: 'unsupported_token_type' }, async (side) => {
      const { body } = await ask(side, side.otherBank, await answered(side), JSON_TYPE);
      return body['error'] ?? body;
    });
  });
});

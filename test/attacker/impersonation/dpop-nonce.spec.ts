import type { RawAnswer } from '../../support/parties/exchange.ts';
import type { Spoilt } from '../../support/parties/raw-client.ts';
import { TokenSteps } from '../../support/token/token-steps.ts';

let steps: TokenSteps;
beforeAll(async () => {
  steps = await TokenSteps.start({ env: { DPOP_NONCE: 'required' } });
}, 60_000);
afterAll(() => steps.stop());

const machine = { grant_type: 'client_credentials', scope: 'consents' };

async function ask(spoilt: Spoilt): Promise<RawAnswer> {
  const dpop = await steps.tpp.proof('POST', '/token', undefined, spoilt);
  return steps.tpp.postAs('/token', machine, { dpop });
}

/** As the server gives it with every answer to a proof. */
async function nonce(): Promise<string> {
  return (await ask({})).headers.get('dpop-nonce') ?? '';
}

async function token(): Promise<string> {
  return String((await ask({ claims: { nonce: await nonce() } })).body['access_token']);
}

describe('where nonces are required, a proof that was made ahead of its time is worth nothing:', () => {
  const stale: readonly (readonly [string, unknown])[] = [
    ['no nonce', undefined],
    ['an empty one', ''],
    ['one of our invention', 'A'.repeat(43)],
    ['a list of them', ['A'.repeat(43)]],
    ['a number', 1],
  ];
  it.each(stale)('%s, at the token endpoint', async (_name, value) => {
    const answer = await steps.refused(() => ask({ claims: { nonce: value } }));
    expect([answer.status, answer.body['error']]).toEqual([400, 'use_dpop_nonce']);
    expect(answer.headers.get('dpop-nonce')).toMatch(/^[\w-]{40,}$/);
  });

  it.each(stale)('%s, at a resource', async (_name, value) => {
    const own = await token();
    const dpop = await steps.tpp.proof('GET', '/consent', own, { claims: { nonce: value } });
    const answer = await steps.tpp.send('GET', '/consent', { headers: { authorization: `DPoP ${own}`, dpop } });
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toMatch(/^DPoP error="use_dpop_nonce"/);
    expect(answer.headers.get('dpop-nonce')).toMatch(/^[\w-]{40,}$/);
  });

  it('at the push, where a proof is sent', async () => {
    const answer = await steps.refused(() => steps.tpp.postAs('/par', steps.tpp.pushFields()));
    expect([answer.status, answer.body['error']]).toEqual([400, 'use_dpop_nonce']);
    const dpop = await steps.tpp.proof('POST', '/par', undefined, { claims: { nonce: await nonce() } });
    expect((await steps.tpp.postAs('/par', steps.tpp.pushFields(), { dpop })).status).toBe(201);
  });

  it('a good nonce does not make up for a wrong method, address, key or time', async () => {
    const good = await nonce();
    const wrong = [
      { htm: 'GET' },
      { htu: `${steps.tpp.issuer}/par` },
      { iat: steps.tpp.now - 600 },
      { iat: steps.tpp.now + 600 },
      { jti: undefined },
    ];
    for (const claims of wrong) {
      const answer = await steps.refused(() => ask({ claims: { ...claims, nonce: good } }));
      expect([claims, answer.body['error']]).toEqual([claims, 'invalid_dpop_proof']);
    }
  });

  it('a nonce may serve many proofs, a proof one request', async () => {
    const good = await nonce();
    expect((await ask({ claims: { nonce: good } })).status).toBe(200);
    expect((await ask({ claims: { nonce: good } })).status).toBe(200);
    const dpop = await steps.tpp.proof('POST', '/token', undefined, { claims: { nonce: good } });
    expect((await steps.tpp.postAs('/token', machine, { dpop })).status).toBe(200);
    const again = await steps.refused(() => steps.tpp.postAs('/token', machine, { dpop }));
    expect(again.body['error']).toBe('invalid_dpop_proof');
  });
});

// Last: the clock does not go back.
it('a nonce is dead after six minutes', async () => {
  const old = await nonce();
  steps.advance(6 * 60_000);
  const answer = await steps.refused(() => ask({ claims: { nonce: old } }));
  expect(answer.body['error']).toBe('use_dpop_nonce');
});

import { newVerifier, sha256 } from '../../support/parties/raw-client.ts';
import { payment } from '../../support/parties/payment.ts';
import { TokenSteps } from '../../support/token/token-steps.ts';

let steps: TokenSteps;
beforeAll(async () => {
  steps = await TokenSteps.start();
}, 60_000);
afterAll(() => steps.stop());

describe('a request for a payment is let in', () => {
  const odd: readonly (readonly [string, Record<string, string | undefined>])[] = [
    ['without state', { state: undefined }],
    ['with a state of a thousand characters', { state: 's'.repeat(1000) }],
    ['with a nonce of a thousand characters, which means nothing here', { nonce: 'n'.repeat(1000) }],
    [
      'with an https redirect URI that was not registered, because it is pushed',
      { redirect_uri: 'https://ny.tpp.example/cb' },
    ],
    ['with a scope that says what the token does anyway', { scope: 'consents' }],
    ['with two scopes in this order', { scope: 'openid consents' }],
    ['with two scopes in the other order', { scope: 'consents openid' }],
    ['with unknown parameters', { ui_theme: 'dark', prompt: 'none', max_age: '0' }],
  ];
  it.each(odd)('%s', async (_name, changes) => {
    expect((await steps.tpp.postAs('/par', { ...steps.tpp.pushFields(), ...changes })).status).toBe(201);
  });
});

describe('a payment that cannot be executed is refused at the push:', () => {
  const spoilt: readonly (readonly [string, unknown])[] = [
    ['no amount', { ...payment, instructedAmount: { currency: 'SEK' } }],
    ['no currency', { ...payment, instructedAmount: { amount: '1.00' } }],
    ['a currency in lower case', { ...payment, instructedAmount: { currency: 'sek', amount: '1.00' } }],
    ['a currency that is none', { ...payment, instructedAmount: { currency: 'ABC', amount: '1.00' } }],
    ['a negative amount', { ...payment, instructedAmount: { currency: 'SEK', amount: '-1.00' } }],
    ['an amount in scientific notation', { ...payment, instructedAmount: { currency: 'SEK', amount: '1e3' } }],
    ['an amount in other digits', { ...payment, instructedAmount: { currency: 'SEK', amount: '١٢' } }],
    ['an amount with a comma', { ...payment, instructedAmount: { currency: 'SEK', amount: '1,00' } }],
    ['an amount with a leading zero', { ...payment, instructedAmount: { currency: 'SEK', amount: '01.00' } }],
    ['more decimals than the currency has', { ...payment, instructedAmount: { currency: 'SEK', amount: '1.001' } }],
    ['an unknown member', { ...payment, instructedAmount: { currency: 'SEK', amount: '1.00', per: 'day' } }],
    ['a list for an account', { ...payment, creditorAccount: [{ bankgiro: '5050-1055' }] }],
    ['two accounts', { ...payment, creditorAccount: { bankgiro: '5050-1055', plusgiro: '4-2' } }],
    ['a member of the prototype', JSON.parse(`{"__proto__":{"type":"payment_initiation"},"constructor":1}`)],
  ];
  it.each(spoilt)('%s', async (_name, detail) => {
    const fields = { ...steps.tpp.pushFields(), authorization_details: JSON.stringify([detail]) };
    const answer = await steps.refused(() => steps.tpp.postAs('/par', fields));
    expect([answer.status, answer.body['error']]).toEqual([400, 'invalid_authorization_details']);
  });

  it.each(['{}', 'null', '[]', '""', '[null]', '[[]]', '1', '', ' '])('no list of one object: %j', async (details) => {
    const fields = { ...steps.tpp.pushFields(), authorization_details: details };
    const answer = await steps.refused(() => steps.tpp.postAs('/par', fields));
    expect(answer.status).toBe(400);
    expect(['invalid_request', 'invalid_authorization_details']).toContain(answer.body['error']);
  });
});

describe('a link to the payer', () => {
  it('opens again and again before the payer answers: previews do not use the request', async () => {
    const pushed = await steps.tpp.push();
    const pages = [await steps.visit(pushed), await steps.visit(pushed), await steps.visit(pushed)];
    expect(pages.map(({ status }) => status)).toEqual([303, 303, 303]);
    expect(new Set(pages.map(({ headers }) => headers.get('location'))).size).toBe(1);
  });

  it('opens nothing once the payer was sent back to the TPP', async () => {
    const pushed = await steps.coded();
    const answer = await steps.refused(() => steps.visit(pushed));
    expect([answer.status, answer.headers.get('location')]).toEqual([400, null]);
  });

  it('takes no parameter of the browser: what was pushed stays', async () => {
    const pushed = await steps.tpp.push();
    const evil = {
      redirect_uri: 'https://evil.example',
      state: 'evil',
      scope: 'openid',
      response_type: 'token',
      request: 'e30.e30.',
    };
    const answer = await steps.visit(pushed, evil);
    expect(answer.status).toBe(303);
    expect(answer.headers.get('location')).toMatch(new RegExp(`^${steps.tpp.issuer}/pay/[\\w-]{22}$`));
  });

  it('is refused with a request object instead of a pushed request', async () => {
    const query = new URLSearchParams({ client_id: steps.tpp.id, request: 'e30.e30.', response_type: 'code' });
    const answer = await steps.refused(() => steps.tpp.get(`/authorize?${query.toString()}`));
    expect([answer.status, answer.headers.get('location')]).toEqual([400, null]);
  });

  it('is refused with a parameter twice', async () => {
    const { requestUri } = await steps.tpp.push();
    const one = new URLSearchParams({ client_id: steps.tpp.id, request_uri: requestUri }).toString();
    const answer = await steps.refused(() => steps.tpp.get(`/authorize?${one}&client_id=x`));
    expect(answer.status).toBe(400);
  });

  it('is not readable by scripts of other sites', async () => {
    const pushed = await steps.tpp.push();
    const query = new URLSearchParams({ client_id: steps.tpp.id, request_uri: pushed.requestUri }).toString();
    const answer = await steps.tpp.send('GET', `/authorize?${query}`, { headers: { origin: 'https://evil.example' } });
    expect([...answer.headers.keys()].filter((name) => name.startsWith('access-control-'))).toEqual([]);
  });
});

describe('a code', () => {
  it('goes to the pushed address with state and issuer, by 303', async () => {
    const { state, interaction, cookie } = await steps.coded();
    const answer = await steps.tpp.send('GET', `/authorize/${interaction}/return`, {
      headers: { cookie: `sigill=${cookie}` },
    });
    const location = new URL(answer.headers.get('location') ?? '');
    expect(answer.status).toBe(303);
    expect(Object.fromEntries(location.searchParams)).toEqual({
      code: expect.stringMatching(/^[\w-]{43}$/),
      state,
      iss: steps.tpp.issuer,
    });
  });

  it('is given to no other browser, nor to two cookies of one name', async () => {
    const { interaction, cookie } = await steps.coded();
    for (const header of ['', `sigill=${newVerifier()}`, `sigill=${cookie}; sigill=${cookie}`, `sigill=`]) {
      const answer = await steps.refused(() =>
        steps.tpp.send('GET', `/authorize/${interaction}/return`, { headers: { cookie: header } }),
      );
      expect(answer.headers.get('location')).toBeNull();
    }
  });

  it('that a reload replaced is dead; the latest is good', async () => {
    const first = await steps.coded();
    const latest = await steps.code(first);
    expect((await steps.refused(() => steps.redeem(first))).body['error']).toBe('invalid_grant');
    expect((await steps.redeem({ ...first, code: latest })).status).toBe(200);
  });

  it('that was pushed with a plain challenge, or redeemed by its challenge, is good for nothing', async () => {
    const coded = await steps.coded();
    const challenge = sha256(coded.codeVerifier);
    const answer = await steps.refused(() => steps.redeem(coded, { code_verifier: challenge }));
    expect(answer.body['error']).toBe('invalid_grant');
  });

  it('bound to a key at the push is not redeemed with another', async () => {
    const coded = await steps.coded({ dpop_jkt: 'A'.repeat(43) }).catch((error: unknown) => String(error));
    expect(coded).toContain('has another key');
  });

  it('is refused with the client_id of another TPP in the form', async () => {
    const coded = await steps.coded();
    const answer = await steps.refused(() => steps.redeem(coded, { client_id: steps.parties.otherTpp.id }));
    expect([answer.status, answer.body['error']]).toEqual([401, 'invalid_client']);
    expect((await steps.redeem(coded)).status).toBe(200);
  });

  it('shown again after it was redeemed ends the token and the consent', async () => {
    const redeemed = await steps.token();
    expect(await steps.isActive(redeemed.token)).toBe(true);
    expect((await steps.redeem(redeemed)).body['error']).toBe('invalid_grant');
    expect(await steps.isActive(redeemed.token)).toBe(false);
    expect((await steps.stateOf(redeemed.consentId)).state).toBe('revoked');
  });

  it('of a consent that was revoked gets no token', async () => {
    const coded = await steps.coded();
    const machine = await steps.tpp.machineToken('consents');
    expect((await steps.tpp.call(machine, 'DELETE', `/consents/${coded.consentId}`)).status).toBe(204);
    expect((await steps.refused(() => steps.redeem(coded))).body['error']).toBe('invalid_grant');
  });
});

describe('a token', () => {
  it('ends at once when its TPP, or its bank, revokes', async () => {
    const first = await steps.token();
    expect((await steps.tpp.postAs('/revoke', { token: first.token })).status).toBe(200);
    expect(await steps.isActive(first.token)).toBe(false);
    const second = await steps.token();
    const bank = await steps.bank.machineToken('consents');
    expect((await steps.bank.call(bank, 'DELETE', `/consents/${second.consentId}`)).status).toBe(204);
    expect(await steps.isActive(second.token)).toBe(false);
  });

  it('of another TPP cannot be revoked, and its existence is not shown', async () => {
    const { token } = await steps.token();
    expect((await steps.parties.otherTpp.postAs('/revoke', { token })).status).toBe(200);
    expect((await steps.bank.postAs('/revoke', { token })).status).toBe(200);
    expect(await steps.isActive(token)).toBe(true);
    expect((await steps.parties.otherBank.postAs('/introspect', { token })).body).toEqual({ active: false });
  });
});

// Last: the clock does not go back.
it('a code is dead after a minute', async () => {
  const coded = await steps.coded();
  steps.advance(61_000);
  expect((await steps.redeem(coded)).body['error']).toBe('invalid_grant');
});

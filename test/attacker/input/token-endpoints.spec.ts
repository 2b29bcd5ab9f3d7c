import { gzipSync } from 'node:zlib';
import type { RawAnswer } from '../../support/parties/exchange.ts';
import { newVerifier } from '../../support/parties/raw-client.ts';
import { payment } from '../../support/parties/payment.ts';
import { TokenSteps } from '../../support/token/token-steps.ts';

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
const endpoints = ['/par', '/token', '/introspect', '/revoke'] as const;

let steps: TokenSteps;
beforeAll(async () => {
  steps = await TokenSteps.start();
}, 60_000);
afterAll(() => steps.stop());

/** The standard's error, in the standard's form, and soon. */
async function refusedQuickly(request: () => Promise<RawAnswer>): Promise<RawAnswer> {
  const begun = performance.now();
  const answer = await steps.refused(request);
  expect(performance.now() - begun).toBeLessThan(5000);
  expect(typeof answer.body['error']).toBe('string');
  return answer;
}

describe.each(endpoints)('%s', (path) => {
  it('refuses a form of a megabyte', async () => {
    const body = `state=${'a'.repeat(1024 * 1024)}`;
    const answer = await refusedQuickly(() => steps.tpp.send('POST', path, { body, headers: FORM }));
    expect([answer.status, answer.body['error']]).toEqual([413, 'invalid_request']);
  });

  it('refuses a form that is a megabyte only when it is unpacked', async () => {
    const body = new Uint8Array(gzipSync(`state=${'a'.repeat(1024 * 1024)}`));
    const headers = { ...FORM, 'content-encoding': 'gzip' };
    const answer = await refusedQuickly(() => steps.tpp.send('POST', path, { body, headers }));
    expect([answer.status, answer.body['error']]).toEqual([413, 'invalid_request']);
  });

  it('refuses a form of ten thousand parameters', async () => {
    const body = Array.from({ length: 10_000 }, (_, n) => `p${n}`).join('&');
    expect((await refusedQuickly(() => steps.tpp.send('POST', path, { body, headers: FORM }))).status).toBeLessThan(
      500,
    );
  });

  it.each([
    '',
    'application/json',
    'text/plain',
    'multipart/form-data; boundary=x',
    'application/x-www-form-urlencoded; charset=utf-16',
  ])('refuses the content type %j', async (type) => {
    const body = new TextEncoder().encode('a=b');
    const answer = await refusedQuickly(() =>
      steps.tpp.send('POST', path, { body, headers: { 'content-type': type } }),
    );
    expect([415, 400]).toContain(answer.status);
    expect(answer.body['error']).toBe('invalid_request');
  });

  it('refuses JSON that is not even JSON in the form of this endpoint', async () => {
    const headers = { 'content-type': 'application/json' };
    expect((await refusedQuickly(() => steps.tpp.send('POST', path, { body: '{"a":', headers }))).body['error']).toBe(
      'invalid_request',
    );
  });

  it('refuses a body in an unknown encoding', async () => {
    const headers = { ...FORM, 'content-encoding': 'zstd-of-the-future' };
    expect((await refusedQuickly(() => steps.tpp.send('POST', path, { body: 'a=b', headers }))).status).toBe(415);
  });

  it('refuses a parameter that comes twice, whichever it is', async () => {
    for (const name of ['client_assertion', 'client_id', 'grant_type', 'token', 'code', 'response_type', 'unknown']) {
      const answer = await refusedQuickly(() => steps.tpp.postAs(path, { [name]: ['a', 'b'] }));
      expect([answer.status, answer.body['error']]).toEqual([400, 'invalid_request']);
    }
  });

  it('refuses an empty form, a broken escape and text that is not UTF-8', async () => {
    for (const body of ['', '&&&', '%', '%zz=%', '%ff=%fe', '=']) {
      const answer = await refusedQuickly(() => steps.tpp.send('POST', path, { body, headers: FORM }));
      expect([400, 401]).toContain(answer.status);
    }
  });

  it.each(['GET', 'PUT', 'PATCH', 'DELETE'])('refuses %s', async (method) => {
    const answer = await refusedQuickly(() => steps.tpp.send(method, path, { headers: {} }));
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'POST']);
  });
});

describe('text that no database keeps is refused', () => {
  it.each(['redirect_uri', 'state', 'nonce', 'dpop_jkt', 'login_hint', 'code_challenge', 'response_mode'])(
    'in a push, as %s',
    async (name) => {
      for (const text of ['\0', `${steps.tpp.pushFields()['redirect_uri'] ?? ''}\0`]) {
        const fields = { ...steps.tpp.pushFields(), scope: 'openid', [name]: text };
        const answer = await refusedQuickly(() => steps.tpp.postAs('/par', fields));
        expect([answer.status, answer.body['error']]).toEqual([400, 'invalid_request']);
      }
    },
  );

  it('in a redemption', async () => {
    const redemption = {
      ...steps.tpp.redemption('a'.repeat(43), { codeVerifier: newVerifier() }),
      redirect_uri: 'x\0',
    };
    const answer = await refusedQuickly(() => steps.tpp.postAs('/token', redemption));
    expect([answer.status, answer.body['error']]).toEqual([400, 'invalid_request']);
  });

  it('in a link to the payer', async () => {
    const pushed = await steps.tpp.push();
    const answer = await steps.refused(() => steps.visit(pushed, { client_id: `${steps.tpp.id}\0` }));
    expect([answer.status, answer.headers.get('location')]).toEqual([400, null]);
    expect((await steps.visit(pushed)).status).toBe(303);
  });
});

describe('details that are a bomb are refused:', () => {
  const bombs: readonly (readonly [string, string])[] = [
    ['ten thousand lists in each other', `${'['.repeat(10_000)}${']'.repeat(10_000)}`],
    ['three thousand objects in each other', `[${'{"a":'.repeat(3000)}1${'}'.repeat(3000)}]`],
    [
      'a payment with a deep member',
      `[{"type":"payment_initiation","creditorAccount":${'[['.repeat(4000)}${']]'.repeat(4000)}}]`,
    ],
    ['a hundred payments', JSON.stringify(Array.from({ length: 100 }, () => payment))],
    [
      'a payment of a thousand members',
      JSON.stringify([{ ...payment, ...Object.fromEntries(Array.from({ length: 1000 }, (_, n) => [`m${n}`, n])) }]),
    ],
    [
      'an amount of fifty thousand digits',
      JSON.stringify([{ ...payment, instructedAmount: { currency: 'SEK', amount: '9'.repeat(50_000) } }]),
    ],
    ['a name of fifty thousand characters', JSON.stringify([{ ...payment, creditorName: 'a'.repeat(50_000) }])],
    [
      'an account of fifty thousand digits',
      JSON.stringify([{ ...payment, creditorAccount: { bankgiro: '5'.repeat(50_000) } }]),
    ],
    ['half a surrogate pair', `[{"type":"payment_initiation","creditorName":"\\ud800"}]`],
    ['a character that no database keeps', `[{"type":"payment_initiation","creditorName":"\\u0000"}]`],
    ['a number that is not finite', '[{"type":"payment_initiation","instructedAmount":1e999}]'],
  ];
  it.each(bombs)('%s', async (_name, details) => {
    const fields = { ...steps.tpp.pushFields(), authorization_details: details };
    const answer = await refusedQuickly(() => steps.tpp.postAs('/par', fields));
    expect([answer.status, answer.body['error']]).toEqual([400, 'invalid_authorization_details']);
    expect(String(answer.body['error_description']).length).toBeLessThan(300);
  });
});

describe('a header that is too much', () => {
  it('is refused before anything is read', async () => {
    const answer = await steps.tpp.send('POST', '/par', {
      body: 'a=b',
      headers: { ...FORM, dpop: 'A'.repeat(20_000) },
    });
    expect(answer.status).toBe(431);
  });

  it('is not a proof with four hundred claims', async () => {
    const many = Object.fromEntries(Array.from({ length: 400 }, (_, n) => [`c${n}`, n]));
    const dpop = await steps.tpp.proof('POST', '/token', undefined, { claims: many });
    const machine = { grant_type: 'client_credentials', scope: 'consents' };
    expect((await steps.tpp.postAs('/token', machine, { dpop })).status).toBe(200);
  });
});

import { MINUTE_MS, SECOND_MS } from '../../../src/kernel/clock.ts';
import { TokenSteps } from '../../support/token/token-steps.ts';
import { atRest, payment } from '../../support/system/system.ts';

let steps: TokenSteps;
beforeAll(async () => {
  steps = await TokenSteps.start(atRest);
});
afterAll(() => steps.stop());

const authorize = (requestUri: string, clientId = steps.tpp.id, besides: Readonly<Record<string, string>> = {}) => {
  const query = new URLSearchParams({ client_id: clientId, request_uri: requestUri, ...besides });
  return steps.tpp.get(`/authorize?${query.toString()}`);
};

describe('the link to the payer', () => {
  it('leads to our page by the interaction, however often it is opened, and changes nothing', async () => {
    const { requestUri, consentId } = await steps.tpp.push();
    const visits = [await authorize(requestUri), await authorize(requestUri), await authorize(requestUri)];
    for (const visit of visits) {
      expect(visit.status).toBe(303);
      expect(visit.headers.get('location')).toMatch(new RegExp(`^${steps.tpp.issuer}/pay/[\\w-]{22}$`));
      expect(visit.headers.get('location')).not.toContain(consentId);
    }
    expect((await steps.stateOf(consentId)).state).toBe('awaiting-authorisation');
  });

  it('may be sent as a form, which is answered as the link is, and followed by GET', async () => {
    const { requestUri, consentId } = await steps.tpp.push();
    const { otherTpp } = steps.parties;
    const send = (fields: Record<string, string>) => steps.tpp.post('/authorize', fields);
    const json = { body: JSON.stringify({ client_id: steps.tpp.id, request_uri: requestUri }) };
    const sent = await send({ client_id: steps.tpp.id, request_uri: requestUri });
    expect([sent.status, sent.headers.get('location')]).toEqual([
      303,
      (await authorize(requestUri)).headers.get('location'),
    ]);
    expect((await steps.stateOf(consentId)).state).toBe('awaiting-authorisation');
    const broken = [
      await send({ client_id: otherTpp.id, request_uri: requestUri }),
      await send({ client_id: steps.tpp.id }),
      await steps.tpp.send('POST', '/authorize', {
        ...json,
        headers: { 'content-type': 'application/json' },
      }),
      await send({ client_id: steps.tpp.id, request_uri: 'r'.repeat(1_048_576) }),
    ];
    expect(broken.map(({ status }) => status)).toEqual([400, 400, 415, 413]);
    for (const { text, headers } of broken) {
      expect(text).toContain('Länken gäller inte längre');
      expect(headers.get('location')).toBeNull();
    }
  });

  it('is broken for another client, an unknown reference, none, or two', async () => {
    const { id } = steps.tpp;
    const { requestUri } = await steps.tpp.push();
    expect((await authorize(requestUri, steps.parties.otherTpp.id)).status).toBe(400);
    expect((await authorize('urn:ietf:params:oauth:request_uri:unknown')).status).toBe(400);
    expect((await steps.tpp.get(`/authorize?client_id=${id}`)).status).toBe(400);
    const twice = await steps.tpp.get(`/authorize?client_id=${id}&client_id=${id}&request_uri=${requestUri}`);
    expect(twice.status).toBe(400);
    expect(twice.headers.get('location')).toBeNull();
    expect(twice.text).toContain('Länken gäller inte längre');
  });

  it('is not an open redirector: parameters that were not pushed are ignored', async () => {
    const { requestUri } = await steps.tpp.push();
    const { headers } = await authorize(requestUri, undefined, {
      redirect_uri: 'https://evil.example',
      response_type: 'token',
    });
    expect(headers.get('location')).toMatch(new RegExp(`^${steps.tpp.issuer}/pay/`));
  });

  it('is dead once the code is made', async () => {
    const signed = await steps.signed();
    expect((await authorize(signed.requestUri)).status).toBe(303);
    await steps.code(signed);
    expect((await authorize(signed.requestUri)).status).toBe(400);
  });

  it('is broken after 300 seconds, and then leads back to the TPP that pushed it', async () => {
    const { requestUri } = await steps.tpp.push(payment, way);
    steps.advance(301 * SECOND_MS);
    const { status, text } = await authorize(requestUri);
    expect(status).toBe(400);
    expect(text).toContain('Gå tillbaka till Exempelbetal AB och börja om där.');
    expect(text).toContain('href="https://butik.example/"');
    expect(text).not.toContain('st&amp;te');
  });

  it('names no TPP to a browser whose link names no request of that TPP', async () => {
    const { requestUri } = await steps.tpp.push();
    steps.advance(301 * SECOND_MS);
    for (const answer of [
      await authorize(requestUri, steps.parties.otherTpp.id),
      await authorize('urn:ietf:params:oauth:request_uri:unknown'),
    ]) {
      expect(answer.text).not.toContain('Exempelbetal');
      expect(answer.text).toContain('Gå tillbaka till sidan som du kom ifrån');
    }
  });

  it('is refused by a page in the language of the browser, which has the other one at hand', async () => {
    const { id } = steps.tpp;
    const inEnglish = await steps.tpp.send('GET', `/authorize?client_id=${id}&x="><script>`, {
      headers: { 'accept-language': 'en' },
    });
    expect(inEnglish.text).toContain('<html lang="en">');
    expect(inEnglish.text).toContain('<h1>This link is no longer valid</h1>');
    expect(inEnglish.text).toContain(`href="?client_id=${id}&amp;lang=sv"`);
    expect(inEnglish.text).not.toContain('<script>');
    expect((await steps.tpp.get(`/authorize?client_id=${id}&lang=sv`)).text).toContain('Länken gäller inte längre');
  });
});

/** A way back whose address and state must be encoded with care. */
const way = { redirect_uri: 'https://butik.example/tillbaka?order=7', state: 'st&te' };

describe('the way back', () => {
  it('carries code, state and issuer, after the query that the redirect URI has of its own', async () => {
    const { status, headers } = await steps.goBack(await steps.signed(way));
    const location = new URL(headers.get('location') ?? '');
    expect(status).toBe(303);
    expect(location.origin + location.pathname).toBe('https://butik.example/tillbaka');
    expect(Object.fromEntries(location.searchParams)).toEqual({
      order: '7',
      code: expect.stringMatching(/^[\w-]{43}$/),
      state: way.state,
      iss: steps.tpp.issuer,
    });
  });

  it('is closed to a browser without the cookie and to another browser', async () => {
    const signed = await steps.signed(way);
    const other = await steps.signed(way);
    for (const cookie of ['', other.cookie]) {
      const answer = await steps.goBack({ interaction: signed.interaction, cookie });
      expect(answer.status).toBe(404);
      expect(answer.headers.get('location')).toBeNull();
    }
    expect((await steps.goBack({ interaction: 'x', cookie: signed.cookie })).status).toBe(404);
  });

  it('leads back to our page while the payer has not answered', async () => {
    const signed = await steps.signed(way);
    const waiting = await steps.tpp.push();
    const [row] = await steps.database.asOwner(
      `update consent set browser_cookie_hash = (select browser_cookie_hash from consent where id = $2)
        where id = $1 returning interaction_id`,
      [waiting.consentId, signed.consentId],
    );
    const interaction = String(row?.['interaction_id']);
    const { headers } = await steps.goBack({ interaction, cookie: signed.cookie });
    expect(headers.get('location')).toBe(`${steps.tpp.issuer}/pay/${interaction}`);
  });

  it.each([
    ['revoked', 'tpp', 'revoked'],
    ['expired', 'no-return', 'expired'],
  ])('of a consent that was %s carries access_denied, a neutral reason and the issuer', async (state, reason, told) => {
    const signed = await steps.signed(way);
    await steps.database.asOwner('update consent set state = $2, reason = $3, ended_at = now() where id = $1', [
      signed.consentId,
      state,
      reason,
    ]);
    const { status, headers } = await steps.goBack(signed);
    expect(status).toBe(303);
    expect(Object.fromEntries(new URL(headers.get('location') ?? '').searchParams)).toEqual({
      order: '7',
      error: 'access_denied',
      error_description: told,
      state: way.state,
      iss: steps.tpp.issuer,
    });
  });

  it('never says which factor failed', async () => {
    const { consentId } = await steps.tpp.push();
    const { cookie, consentId: other } = await steps.signed(way);
    const [row] = await steps.database.asOwner(
      `update consent set state = 'rejected', reason = 'signature', ended_at = now(),
              browser_cookie_hash = (select browser_cookie_hash from consent where id = $2)
        where id = $1 returning interaction_id`,
      [consentId, other],
    );
    const { headers } = await steps.goBack({ interaction: String(row?.['interaction_id']), cookie });
    expect(new URL(headers.get('location') ?? '').searchParams.get('error_description')).toBe('not-completed');
  });

  it('ends with a refusal when the payer came back too late', async () => {
    const signed = await steps.signed(way);
    steps.advance(5 * MINUTE_MS + SECOND_MS);
    const { headers } = await steps.goBack(signed);
    expect(new URL(headers.get('location') ?? '').searchParams.get('error')).toBe('access_denied');
  });

  it('gives a new code on a reload, and the former is dead', async () => {
    const signed = await steps.signed(way);
    const former = await steps.code(signed);
    const latter = await steps.code(signed);
    expect((await steps.redeem({ ...signed, code: former }, { redirect_uri: way.redirect_uri })).body).toMatchObject({
      error: 'invalid_grant',
    });
    expect((await steps.redeem({ ...signed, code: latter }, { redirect_uri: way.redirect_uri })).status).toBe(200);
  });

  it('leads on to the TPP without a second code once the first was redeemed', async () => {
    const signed = await steps.signed(way);
    expect(
      (await steps.redeem({ ...signed, code: await steps.code(signed) }, { redirect_uri: way.redirect_uri })).status,
    ).toBe(200);
    const again = await steps.goBack(signed);
    expect([again.status, again.headers.get('location')]).toEqual([303, 'https://butik.example/']);
    expect((await steps.stateOf(signed.consentId)).state).toBe('authorised');
  });
});

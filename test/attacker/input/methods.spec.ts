import { PayerSteps } from '../../support/parties/payer-steps.ts';

describe('a request by a method that its path does not take', () => {
  let steps: PayerSteps;
  beforeAll(async () => {
    steps = await PayerSteps.start();
  }, 120_000);
  afterAll(() => steps.stop());

  const knock = (method: string, path: string): Promise<Response> =>
    fetch(new URL(path, steps.parties.tpp.issuer), { method, redirect: 'manual' });

  it('mints no code by HEAD: the payer who comes by GET afterwards gets it', async () => {
    const inHand = await steps.open();
    await steps.sign(inHand);
    const { browser } = inHand;
    const path = `/authorize/${browser.interactionPath.slice('/pay/'.length)}/return`;
    expect((await browser.head(path)).status).toBe(405);
    expect(await steps.token(inHand)).toHaveLength(43);
  });

  it.each([
    ['DELETE', '/docs', 'GET, HEAD'],
    ['PUT', '/health/live', 'GET, HEAD'],
    ['POST', '/jwks', 'GET, HEAD'],
    ['PATCH', '/consents/a8ea9a52-2ba4-4a1c-8a3d-0dd7eda0cb1e', 'GET, DELETE'],
    ['GET', '/consents/a8ea9a52-2ba4-4a1c-8a3d-0dd7eda0cb1e/consume', 'POST'],
    ['OPTIONS', '/consents/a8ea9a52-2ba4-4a1c-8a3d-0dd7eda0cb1e/consume/', 'POST'],
    ['HEAD', '/evidence/a8ea9a52-2ba4-4a1c-8a3d-0dd7eda0cb1e', 'GET'],
  ])('learns which there are: %s %s', async (method, path, allow) => {
    const answer = await knock(method, path);
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, allow]);
    const body = await answer.text();
    expect(method === 'HEAD' ? '' : (JSON.parse(body) as { code: string }).code).toBe(
      method === 'HEAD' ? '' : 'request.method-not-allowed',
    );
  });

  it.each(['/docs', '/docs/openapi.json', '/jwks', '/health/live', '/.well-known/openid-configuration'])(
    'gets by HEAD what GET shows, where GET changes nothing: %s',
    async (path) => {
      const [head, get] = [await knock('HEAD', path), await knock('GET', path)];
      expect([head.status, await head.text()]).toEqual([200, '']);
      expect(head.headers.get('content-type')).toBe(get.headers.get('content-type'));
      expect(head.headers.get('content-length')).toBe(String((await get.arrayBuffer()).byteLength));
    },
  );

  it('gets 404 without a list of methods where there is no route', async () => {
    for (const method of ['GET', 'HEAD', 'POST']) {
      const answer = await knock(method, '/nowhere');
      expect([answer.status, answer.headers.get('allow')]).toEqual([404, null]);
    }
  });
});

describe('a request that is refused before its route is found', () => {
  let steps: PayerSteps;
  beforeAll(async () => {
    steps = await PayerSteps.start();
  }, 120_000);
  afterAll(() => steps.stop());

  const knock = (path: string, options: RequestInit = {}): Promise<Response> =>
    fetch(new URL(path, steps.parties.tpp.issuer), options);

  it.each(['/par', '/token', '/introspect', '/revoke'])('gets the error of RFC 6749 at %s', async (path) => {
    const forged = await knock(path, { method: 'POST', headers: { 'client-cert': ':AA==:' } });
    expect([forged.status, await forged.json()]).toEqual([
      400,
      {
        error: 'invalid_request',
        error_description: 'A client certificate in a header is accepted only from configured proxies.',
        error_uri: `${steps.parties.tpp.issuer}/problems/request.forged-certificate`,
      },
    ]);
    const read = await knock(path);
    expect([read.status, read.headers.get('allow')]).toEqual([405, 'POST']);
    expect(await read.json()).toMatchObject({ error: 'invalid_request' });
  });

  it.each([
    '/pay/%ff',
    '/pay/%ff/status',
    '/authorize/%ff/return',
    '/pay/x/start/this',
    '/pay/x/none',
    '/authorize/x/y',
  ])('gets a page where people come: %s', async (path) => {
    const answer = await knock(path);
    expect([400, 404, 405]).toContain(answer.status);
    expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(answer.headers.get('content-security-policy')).toMatch(/^default-src 'none'/);
  });

  it('gets a problem document elsewhere', async () => {
    const answer = await knock('/consents/%ff');
    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      400,
      'application/problem+json; charset=utf-8',
    ]);
  });
});

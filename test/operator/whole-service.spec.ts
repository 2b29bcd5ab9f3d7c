import { TestSystem } from '../support/system/system.ts';

let system: TestSystem;

beforeAll(async () => {
  system = await TestSystem.start();
});

afterAll(() => system.stop());

const get = (path: string): Promise<Response> => fetch(new URL(path, system.system.issuer));

describe('the whole service', () => {
  it('describes all its routes, each with a sentence, as OpenAPI 3.1', async () => {
    const document = (await (await get('/docs/openapi.json')).json()) as {
      openapi: string;
      paths: Record<string, Record<string, { summary?: string }>>;
    };
    expect(document.openapi).toBe('3.1.0');
    const routes = [
      '/par',
      '/token',
      '/introspect',
      '/revoke',
      '/authorize',
      '/consents/{id}',
      '/consents/{id}/consume',
    ];
    expect(Object.keys(document.paths)).toEqual(expect.arrayContaining(routes));
    for (const path of routes) {
      for (const { summary } of Object.values(document.paths[path] ?? {}))
        expect([path, summary]).toEqual([path, expect.stringMatching(/\w/)]);
    }
    const page = await get('/docs');
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('/consents/{id}/consume');
  });

  it('is ready against the simulator', async () => {
    const response = await get('/health/ready');
    expect({ status: response.status, body: await response.json() }).toMatchObject({
      status: 200,
      body: { details: { database: { status: 'up' }, bankid: { status: 'up' }, clock: { status: 'up' } } },
    });
  });

  it('keeps metrics on their own port', async () => {
    expect((await get('/metrics')).status).toBe(404);
    expect(await (await fetch(system.system.metricsUrl)).text()).toContain(
      'sigill_clock_offset_seconds{against="database"}',
    );
  });
});

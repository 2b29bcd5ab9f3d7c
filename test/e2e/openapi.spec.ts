import { Validator } from '@seriousme/openapi-schema-validator';
import { TestSystem } from '../support/system.ts';

let world: TestSystem;

beforeAll(async () => {
  world = await TestSystem.start();
}, 60_000);
afterAll(() => world.stop());

describe('the description of the API', () => {
  it('is valid OpenAPI 3.1', async () => {
    const response = await fetch(`${world.system.issuer}/docs/openapi.json`);
    const description = (await response.json()) as Record<string, unknown>;
    const { valid, errors } = await new Validator().validate(description);
    expect(errors ?? []).toEqual([]);
    expect(valid).toBe(true);
    expect(description).toMatchObject({ openapi: expect.stringMatching(/^3\.1\./) });
  });
});

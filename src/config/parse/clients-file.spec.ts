import { ConfigFixture, faultsOf } from '../../../test/support/config/config-fixture.ts';
import { readFileWithMode } from '../load-config.ts';
import { parseConfig } from '../parse-config.ts';

let fixture: ConfigFixture;
beforeAll(async () => {
  fixture = await ConfigFixture.create();
});
afterAll(() => fixture.remove());

it('has the clients of a file that names its schema, and brands the banks among them', () => {
  const entries = [{ id: 'banken', role: 'bank' }];
  const env = {
    ...fixture.sandbox,
    CLIENTS_FILE: fixture.file('with-schema.json', JSON.stringify({ $schema: './x.json', clients: entries })),
    BRANDING_FILE: fixture.file('brands.json', JSON.stringify({ banken: {} })),
  };
  const config = parseConfig(env, readFileWithMode, () => undefined);
  expect(config.clients).toEqual(entries);
  expect(faultsOf({ ...env, CLIENTS_FILE: fixture.file('none.json', '{"clients":7}') })).toEqual([
    'CLIENTS_FILE has no array of clients.',
  ]);
});

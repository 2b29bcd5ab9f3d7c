import { ConfigFixture, faultsOf } from '../../test/support/config/config-fixture.ts';
import { isNothingConfigured } from './environment-rule.ts';
import { readFileWithMode } from './load-config.ts';
import { parseConfig } from './parse-config.ts';
import { settings, type Setting } from './settings.ts';
import { Variables } from './parse/variables.ts';

const table = Object.entries<Setting>(settings);
const ofTheService = table.filter(([, { readBy }]) => readBy[0] === 'service');

let fixture: ConfigFixture;
beforeAll(async () => {
  fixture = await ConfigFixture.create();
});
afterAll(() => fixture.remove());

describe('the table of settings', () => {
  it('requires what the service does not start without, and nothing else', () => {
    const missing = faultsOf({}).join('\n');
    const isNamed = (name: string): boolean => new RegExp(`\\b${name}\\b`).test(missing);
    for (const [name, { required }] of ofTheService) {
      if (name.startsWith('BANKID_P12') || /^BANKID_(CERTIFICATE|KEY)_FILE$/.test(name)) continue;
      expect([name, isNamed(name)]).toEqual([name, required === true]);
    }
  });

  it.each(ofTheService.filter(([, setting]) => setting.default !== undefined))(
    'has the default of %s that the service has',
    (name, setting) => {
      const parse = (env: Record<string, string>): unknown =>
        parseConfig({ ...fixture.sandbox, ...env }, readFileWithMode, () => undefined);
      expect(parse({ [name]: setting.default ?? '' })).toEqual(parse({}));
    },
  );

  it.each(ofTheService.flatMap(([name, { form }]) => outsideOf(form).map((value) => [name, value] as const)))(
    'has the range of %s: %s is refused',
    (name, value) => {
      expect(faultsOf({ ...fixture.sandbox, [name]: value })).toContainEqual(expect.stringContaining(`${name} is n`));
    },
  );

  it.each(table.filter(([, { environments }]) => environments))('says where %s is allowed', (name) => {
    expect(fixture.productionFaults({ [name]: 'x' })).toEqual([
      `${name} is not allowed in production, only in sandbox.`,
    ]);
  });

  it('says what a process must not have to count as not configured', () => {
    for (const [name, { decisive, secret }] of table) {
      expect([name, isNothingConfigured({ [name]: 'x' })]).toEqual([name, decisive === undefined]);
      if (secret) expect([name, isNothingConfigured({ [`${name}_FILE`]: 'x' })]).toEqual([name, !decisive]);
    }
  });

  it('has all names that can be read', () => {
    const variables = new Variables({ NO_SETTING: 'x' }, readFileWithMode, 'sandbox');
    // @ts-expect-error a name that the table does not have
    expect(variables.find('NO_SETTING')).toBe('x');
    // @ts-expect-error a setting that is no secret has no file of its own
    expect(variables.find('MAX_RISK_FILE')).toBeUndefined();
  });
});

describe('a misspelt setting', () => {
  it.each([
    ['MAX_RISKS', 'MAX_RISK'],
    ['MAXRISK', 'MAX_RISK'],
    ['max_risk', 'MAX_RISK'],
    ['REQUIRE_DEVICE_BNIDING', 'REQUIRE_DEVICE_BINDING'],
    ['TRUSTED_PROXYES', 'TRUSTED_PROXIES'],
    ['EVIDENCE_KEYS_FILE', 'EVIDENCE_KEY_FILE'],
    ['DATABASE_URL_FIEL', 'DATABASE_URL_FILE'],
    ['BANKID_URI', 'BANKID_URL'],
  ])('is refused by name, with what it is called: %s', (name, meant) => {
    expect(faultsOf({ ...fixture.sandbox, [name]: 'low' })).toEqual([
      `${name} is unknown; the setting is called ${meant}.`,
    ]);
  });

  it('is not seen in what other programs read, nor in what is empty', () => {
    const others = { POST: '1', HOSTS: 'a', PORTS: '1', HOSTNAME: 'h', NODE_ENV: 'x', PGHOST: 'x', TLS_FILE: 'x' };
    expect(faultsOf({ ...fixture.sandbox, ...others, MAX_RISKS: ' ' })).toEqual([]);
    expect(faultsOf({ ...fixture.sandbox, BANKID_ROOT: 'x' })).toEqual(['BANKID_ROOT is unknown.']);
  });
});

/** Values just outside of what the form allows. */
function outsideOf(form: Setting['form']): readonly string[] {
  if (form.kind === 'port') return ['65536', '-1', '1.5', 'http'];
  if (form.kind === 'number') return [String(form.min - 1), String(form.max + 1), `${form.min}.5`];
  return form.kind === 'word' ? ['other', 'TRUE'] : [];
}

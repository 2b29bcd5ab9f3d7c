import { ConfigFixture, faultsOf } from '../../test/support/config/config-fixture.ts';
import { ConfigError, type AppConfig, type FileReader } from './config.ts';
import { isNothingConfigured } from './environment-rule.ts';
import { readFileWithMode } from './load-config.ts';
import { parseConfig, parseMigrationConfig } from './parse-config.ts';

let fixture: ConfigFixture;

beforeAll(async () => {
  fixture = await ConfigFixture.create();
});
afterAll(() => fixture.remove());

describe('nothing configured', () => {
  it('is the sandbox', () => {
    expect(isNothingConfigured({})).toBe(true);
    expect(isNothingConfigured({ PATH: '/bin', PORT: '4000', HOST: '127.0.0.1', LOG_LEVEL: 'debug' })).toBe(true);
    expect(isNothingConfigured({ SIGILL_ENV: 'sandbox', DATABASE_URL: ' ' })).toBe(true);
  });

  it.each([
    ['DATABASE_URL', 'postgres://x/y'],
    ['DATABASE_URL_FILE', '/run/secrets/db'],
    ['ISSUER', 'https://sigill.example'],
    ['BANKID_URL', 'https://appapi2.bankid.com/rp/v6.0/'],
    ['BANKID_P12_FILE', 'rp.p12'],
    ['HOST', '0.0.0.0'],
    ['HOST', '::'],
    ['SIGILL_ENV', 'production'],
    ['SIGILL_ENV', 'bankid-test'],
    ['SIGILL_ENV', 'prod'],
  ])('ends with %s=%s: a half-configured service never comes up as a sandbox', (name, value) => {
    expect(isNothingConfigured({ [name]: value })).toBe(false);
  });

  it('lists all that is missing at once when the service itself is started so', () => {
    const faults = faultsOf({}).join('\n');
    const required = ['SIGILL_ENV', 'ISSUER', 'DATABASE_URL', 'BANKID_URL', 'BANKID_TLS_ROOT_FILE', 'CLIENTS_FILE'];
    for (const name of [...required, 'BANKID_SIGNATURE_ROOT_FILE', 'BANKID_CERTIFICATE_FILE', 'BANKID_P12_FILE']) {
      expect(faults).toContain(name);
    }
    for (const name of ['EVIDENCE_KEY_FILE', 'LOOKUP_KEY_FILE', 'SUBJECT_KEY_FILE', 'SIGNING_KEYS_FILE'])
      expect(faults).toContain(name);
    for (const name of ['PORT', 'HOST ', 'TRUSTED_PROXIES', 'LOG_LEVEL', 'MIGRATION'])
      expect(faults).not.toContain(name);
  });
});

describe('the sandbox, by name', () => {
  it('accepts loopback addresses and generated keys', () => {
    const config = parseConfig(fixture.sandbox, readFileWithMode, () => undefined);
    expect(config).toMatchObject({
      environment: 'sandbox',
      host: '127.0.0.1',
      port: 3000,
      maxRisk: 'moderate',
      loginAcr: {
        phone: 'urn:sigill:acr:bankid-identification-phone',
        other: 'urn:sigill:acr:bankid-identification',
      },
      workers: true,
    });
    expect(config.evidenceKeys.keys.get('k1')?.reveal()).toHaveLength(32);
    expect(config.signingKeys.map((key) => [key.purpose, key.alg])).toEqual([
      ['tokens', 'ES256'],
      ['verdicts', 'ES256'],
      ['ledger', 'EdDSA'],
    ]);
  });

  it.each([
    ['HOST', '0.0.0.0'],
    ['HOST', '192.168.1.2'],
    ['ISSUER', 'https://sigill.example'],
    ['ISSUER', 'https://127.0.0.1.sigill.example'],
    ['DATABASE_URL', 'postgres://app:x@db.internal/sigill_sandbox'],
    ['DATABASE_URL', 'postgres:///sigill_sandbox?host=/var/run/postgresql'],
    ['DATABASE_URL', 'postgres://app:x@127.0.0.1/sigill_sandbox?host=db.internal'],
    ['BANKID_URL', 'https://appapi2.test.bankid.com/rp/v6.0/'],
    ['BANKID_URL', 'https://localhost.bankid.example/rp/v6.0/'],
    ['BANKID_APP_URL', 'https://app.bankid.example/'],
  ])('refuses %s=%s', (name, value) => {
    expect(faultsOf({ ...fixture.sandbox, [name]: value })).toHaveLength(1);
  });
});

describe('the retention of identifications', () => {
  const daysOf = (text?: string): number =>
    parseConfig({ ...fixture.sandbox, IDENTIFICATION_RETENTION_DAYS: text }, readFileWithMode, () => undefined)
      .identificationRetentionDays;

  it('is 90 days, or as many as the operator says, from 1 to 400', () => {
    expect([daysOf(), daysOf('1'), daysOf('400')]).toEqual([90, 1, 400]);
    for (const text of ['0', '401', '-1', '1.5', '090', '90 days', '1000'])
      expect(() => daysOf(text)).toThrow('IDENTIFICATION_RETENTION_DAYS');
  });
});

describe.each(['bankid-test', 'production'])('%s', (environment) => {
  const url =
    environment === 'production' ? 'https://appapi2.bankid.com/rp/v6.0/' : 'https://appapi2.test.bankid.com/rp/v6.0/';
  const faults = (changes: Record<string, string | undefined> = {}, readFile?: FileReader): readonly string[] =>
    fixture.productionFaults({ SIGILL_ENV: environment, BANKID_URL: url, ...changes }, readFile);

  it('accepts a complete configuration', () => {
    expect(faults()).toEqual([]);
  });

  it('refuses the simulator, whatever NODE_ENV says', () => {
    for (const NODE_ENV of ['development', 'test', undefined]) {
      expect(faults({ BANKID_URL: 'https://127.0.0.1:3001/rp/v6.0/', NODE_ENV })).toEqual([
        expect.stringContaining('BANKID_URL must name'),
      ]);
    }
  });

  it('refuses the pretend app', () => {
    expect(faults({ BANKID_APP_URL: 'http://localhost:3002/' })).toHaveLength(1);
  });

  it("refuses the other environment's BankID", () => {
    const other = environment === 'production' ? 'appapi2.test.bankid.com' : 'appapi2.bankid.com';
    expect(faults({ BANKID_URL: `https://${other}/rp/v6.0/` })).toHaveLength(1);
  });

  it.each(['EVIDENCE_KEY_FILE', 'LOOKUP_KEY_FILE', 'SUBJECT_KEY_FILE', 'SIGNING_KEYS_FILE'])(
    'refuses generated keys in %s',
    (name) => {
      expect(faults({ [name]: fixture.sandbox[name] })).toEqual([expect.stringContaining('generated for the sandbox')]);
    },
  );

  it('refuses a file with a duplicate member', () => {
    const twice = fixture.file('twice.json', '[{"id":"one","role":"tpp","id":"two"}]');
    expect(faults({ CLIENTS_FILE: twice })).toEqual([
      'CLIENTS_FILE, line 1, column 27: the member "id" occurs twice in its object.',
    ]);
  });

  it('says where a file stops being JSON', () => {
    const broken = fixture.file('broken.json', '[\n  {"id": "one",}\n]');
    expect(faults({ CLIENTS_FILE: broken })).toEqual([
      'CLIENTS_FILE, line 2, column 16: expected the name of a member in double quotes.',
    ]);
  });

  it("refuses the sandbox's embedded database", () => {
    expect(faults({ DATABASE_URL: fixture.sandbox['DATABASE_URL'] })).toHaveLength(1);
  });

  it.each(['EVIDENCE_KEY_FILE', 'LOOKUP_KEY_FILE', 'SUBJECT_KEY_FILE', 'SIGNING_KEYS_FILE', 'BANKID_KEY_FILE'])(
    'refuses %s when others may read it',
    (name) => {
      const path = fixture.production()[name];
      const opened: FileReader = (asked) => {
        const { bytes } = readFileWithMode(asked);
        return { bytes, mode: asked === path ? 0o100644 : 0o100600 };
      };
      expect(faults({}, opened)).toEqual([expect.stringMatching(new RegExp(`^${name}: others can read`))]);
    },
  );

  it('refuses roots that are not those of BankID', () => {
    const all = faultsOf(fixture.production({ SIGILL_ENV: environment, BANKID_URL: url }));
    expect(all.filter((text) => text.includes("not BankID's"))).toHaveLength(2);
  });
});

describe('the acr of logins', () => {
  const acrs = (changes: Record<string, string>): AppConfig['loginAcr'] =>
    parseConfig({ ...fixture.sandbox, ...changes }, readFileWithMode, () => undefined).loginAcr;

  it('is what the operator says, in a phone call and otherwise', () => {
    const loa3 = 'http://id.elegnamnden.se/loa/1.0/loa3';
    expect(acrs({ LOGIN_ACR: loa3 })).toEqual({ phone: 'urn:sigill:acr:bankid-identification-phone', other: loa3 });
    expect(acrs({ LOGIN_PHONE_ACR: loa3 })).toEqual({ phone: loa3, other: 'urn:sigill:acr:bankid-identification' });
  });

  it.each(['loa3', 'urn:', 'urn:two words', 'urn:sigill:acr:bankid-signature', `urn:${'a'.repeat(201)}`])(
    'is a URI, and not that of payments: %j',
    (acr) => {
      expect(() => acrs({ LOGIN_ACR: acr })).toThrow('LOGIN_ACR');
      expect(() => acrs({ LOGIN_PHONE_ACR: acr })).toThrow('LOGIN_PHONE_ACR');
    },
  );
});

describe('production', () => {
  it('refuses an http issuer, on this machine too', () => {
    expect(fixture.productionFaults({ ISSUER: 'http://sigill.example' })).toHaveLength(1);
    expect(fixture.productionFaults({ ISSUER: 'http://localhost:3000' })).toEqual([
      'ISSUER must be https in production.',
    ]);
  });

  it('lists faults of every kind together', () => {
    const faults = fixture.productionFaults({
      ISSUER: 'http://sigill.example',
      BANKID_URL: 'https://127.0.0.1:3001/',
      DATABASE_URL: undefined,
      EVIDENCE_KEY_FILE: fixture.sandbox['EVIDENCE_KEY_FILE'],
      LOG_LEVEL: 'loud',
      TRUSTED_PROXIES: '10.0.0.0/8, 0.0.0.0/0',
      BANKID_ROOT: 'x',
    });
    expect(faults).toHaveLength(7);
  });
});

describe('the database, outside the sandbox', () => {
  const server = 'postgresql://app:hemligt@db.internal:5432/sigill';
  const socket = 'postgresql://app:hemligt@%2Fvar%2Frun%2Fpostgresql/sigill';
  const faultsWith = (url: string, changes: Record<string, string> = {}): readonly string[] =>
    fixture.productionFaults({ DATABASE_URL: url, ...changes });
  const weaker = [
    '',
    '?sslmode=disable',
    '?sslmode=allow',
    '?sslmode=prefer',
    '?sslmode=require',
    '?sslmode=verify-ca',
  ];

  it.each([...weaker, '?sslmode=no-verify', '?sslmode=VERIFY-FULL', '?sslmode='])(
    'is not reached over a network with less than verify-full: %s',
    (query) => {
      expect(faultsWith(`${server}${query}`)).toEqual([
        'DATABASE_URL needs sslmode=verify-full, unless it names a Unix socket or loopback.',
      ]);
      const migration = { SIGILL_ENV: 'bankid-test', MIGRATION_DATABASE_URL: `${server}${query}` };
      expect(() => parseMigrationConfig(migration, readFileWithMode)).toThrow(/needs sslmode=verify-full/);
    },
  );

  it.each(weaker)('is reached on this machine or by a socket as the operator likes: %s', (query) => {
    for (const url of [socket, server.replace('db.internal', '127.0.0.1'), server.replace('db.internal', '[::1]')]) {
      expect(faultsWith(`${url}${query}`)).toEqual([]);
    }
  });

  it('is not verified by something else than what the address says', () => {
    const queries = [
      'ssl=0',
      'ssl=no-verify',
      'uselibpqcompat=true',
      'sslrootcert=/etc/ca.pem',
      'sslnegotiation=direct',
    ];
    for (const query of queries) {
      expect(faultsWith(`${server}?sslmode=verify-full&${query}`)).toHaveLength(1);
    }
    expect(faultsWith(`${server}?sslmode=verify-full&sslmode=disable`)).toEqual([
      'DATABASE_URL has two sslmodes; only one of them can be meant.',
    ]);
    expect(faultsWith('postgresql:///sigill?sslmode=verify-full')).toEqual(['DATABASE_URL names no host.']);
    expect(faultsWith(`${server}?sslmode=verify-full`, { NODE_TLS_REJECT_UNAUTHORIZED: '0' })).toHaveLength(1);
  });

  it('has its authority in DATABASE_CA_FILE, which every connection then asks for', () => {
    const file = fixture.sandbox['BANKID_TLS_ROOT_FILE'] ?? '';
    const migration = (url: string): URLSearchParams => {
      const env = { SIGILL_ENV: 'production', MIGRATION_DATABASE_URL: url, DATABASE_CA_FILE: file };
      return new URL(parseMigrationConfig(env, readFileWithMode).databaseUrl.reveal()).searchParams;
    };
    for (const url of [server, `${server}?sslmode=verify-full`, server.replace('db.internal', 'localhost')]) {
      expect([migration(url).get('sslmode'), migration(url).get('sslrootcert')]).toEqual(['verify-full', file]);
    }
    expect(() => migration(`${server}?sslmode=require`)).toThrow(/needs sslmode=verify-full/);
    expect(() => migration(socket)).toThrow(/Unix socket/);
    expect(faultsWith(server, { DATABASE_CA_FILE: fixture.file('no.pem', 'x') })).toEqual([
      'DATABASE_CA_FILE holds no certificate in PEM.',
    ]);
  });
});

describe('migrate', () => {
  it("reads the owner's address and the environment, and nothing else", () => {
    const env = {
      SIGILL_ENV: 'production',
      MIGRATION_DATABASE_URL: 'postgres://owner:x@db.internal/sigill?sslmode=verify-full',
    };
    expect(parseMigrationConfig(env, readFileWithMode).environment).toBe('production');
    expect(() => parseMigrationConfig({ DATABASE_URL: 'postgres://x@y/z' }, readFileWithMode)).toThrow(ConfigError);
  });
});

it('passes the clients on to their own parser, and lists their faults with the others', () => {
  const refuse = (): never => {
    throw new ConfigError(['CLIENTS_FILE: a', 'CLIENTS_FILE: b']);
  };
  expect(() => parseConfig(fixture.sandbox, readFileWithMode, refuse)).toThrow('CLIENTS_FILE: b');
});

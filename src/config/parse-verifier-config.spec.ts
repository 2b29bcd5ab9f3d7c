import { ConfigFixture, signingJwks } from '../../test/support/config/config-fixture.ts';
import { ConfigError } from './config.ts';
import { readFileWithMode } from './load-config.ts';
import { parseVerifierConfig } from './parse-verifier-config.ts';

describe('the configuration of a verifier that stands alone', () => {
  let fixture: ConfigFixture;
  let env: Readonly<Record<string, string>>;
  beforeAll(async () => {
    fixture = await ConfigFixture.create();
    const { BANKID_SIGNATURE_ROOT_FILE: root = '', BANKID_CERTIFICATE_FILE: cert = '' } = fixture.sandbox;
    const { BANKID_KEY_FILE: key = '' } = fixture.sandbox;
    env = {
      SIGILL_ENV: 'sandbox',
      BANKID_SIGNATURE_ROOT_FILE: root,
      VERIFIER_CERTIFICATE_FILE: cert,
      VERIFIER_KEY_FILE: key,
      VERIFIER_CLIENT_CA_FILE: root,
    };
  });
  afterAll(() => fixture.remove());

  const parse = (changes: Record<string, string> = {}) => parseVerifierConfig({ ...env, ...changes }, readFileWithMode);
  const faults = (changes: Record<string, string>): readonly string[] => {
    try {
      parse(changes);
    } catch (error) {
      if (error instanceof ConfigError) return error.faults;
      throw error;
    }
    return [];
  };
  const signing = (purposes: readonly string[]): string => {
    const keys = signingJwks().filter(({ purpose }) => purposes.includes(String(purpose)));
    return fixture.file('verdicts.json', JSON.stringify({ keys }));
  };

  it('needs neither database nor clients nor issuer, and signs nothing unless it is given a key', () => {
    expect(parse()).toMatchObject({ environment: 'sandbox', host: '127.0.0.1', port: 3000, verdicts: undefined });
    const verdicts = { SIGNING_KEYS_FILE: signing(['verdicts']), ISSUER: 'http://localhost:3000' };
    expect(parse(verdicts).verdicts).toMatchObject({
      issuer: 'http://localhost:3000',
      keys: [{ purpose: 'verdicts' }],
    });
  });

  it('trusts no issuer of seals or timestamps and no ledger unless it is told, and takes no empty list of keys for none', () => {
    expect(parse().trust).toEqual({ seals: [], timestamps: [], ledgerKeys: [] });
    const keys = { VERIFIER_LEDGER_KEYS_FILE: fixture.file('vkeys', 'a+1+x\nb+2+y\n') };
    expect(parse(keys).trust.ledgerKeys).toEqual(['a+1+x', 'b+2+y']);
    const none = { VERIFIER_LEDGER_KEYS_FILE: fixture.file('none', '\n') };
    expect(faults(none).join()).toMatch(/VERIFIER_LEDGER_KEYS_FILE holds no key/);
  });

  it('may do without TLS in the sandbox, which only this machine reaches, and nowhere else', () => {
    const open = { VERIFIER_CERTIFICATE_FILE: '', VERIFIER_KEY_FILE: '', VERIFIER_CLIENT_CA_FILE: '' };
    expect(parse(open).tls).toBeUndefined();
    expect(faults({ ...open, HOST: '0.0.0.0' })).toHaveLength(1);
    expect(faults({ ...open, SIGILL_ENV: 'production' }).join()).toMatch(/VERIFIER_CLIENT_CA_FILE not set/);
    expect(faults({ VERIFIER_CLIENT_CA_FILE: '' }).join()).toMatch(/VERIFIER_CLIENT_CA_FILE not set/);
  });

  it('refuses keys that it has no use for, a key of another certificate, and a root that is not of its environment', () => {
    const all = signing(['tokens', 'verdicts', 'ledger']);
    expect(faults({ SIGNING_KEYS_FILE: all, ISSUER: 'http://localhost:3000' }).join()).toMatch(
      /for other purposes than verdicts/,
    );
    expect(faults({ VERIFIER_CERTIFICATE_FILE: env['BANKID_SIGNATURE_ROOT_FILE'] ?? '' }).join()).toMatch(
      /is not the key/,
    );
    expect(faults({ SIGILL_ENV: 'production' }).join()).toMatch(/BANKID_SIGNATURE_ROOT_FILE holds a root that is not/);
    expect(faults({ SIGILL_ENV: '' }).join()).toMatch(/SIGILL_ENV is not set/);
  });
});

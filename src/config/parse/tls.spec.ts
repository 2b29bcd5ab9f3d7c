import { ConfigFixture, faultsOf } from '../../../test/support/config/config-fixture.ts';
import { readFileWithMode } from '../load-config.ts';
import { parseConfig } from '../parse-config.ts';

let fixture: ConfigFixture;
beforeAll(async () => {
  fixture = await ConfigFixture.create();
});
afterAll(() => fixture.remove());

/** The relying party's certificate does for the service's: only its shape matters here. */
function withTls(changes: Record<string, string> = {}): Record<string, string> {
  const { BANKID_CERTIFICATE_FILE: certificate = '', BANKID_KEY_FILE: key = '' } = fixture.sandbox;
  const tls = { TLS_CERTIFICATE_FILE: certificate, TLS_KEY_FILE: key, ISSUER: 'https://sigill.test:3000' };
  return { ...fixture.sandbox, ...tls, ...changes };
}

describe('TLS of our own', () => {
  it('lets a sandbox have another name, and puts client certificates at a second port of that name', () => {
    const ca = fixture.sandbox['BANKID_TLS_ROOT_FILE'] ?? '';
    const config = parseConfig(withTls({ CLIENT_CA_FILE: ca, MTLS_PORT: '3443' }), readFileWithMode, () => undefined);
    expect(config.issuer).toBe('https://sigill.test:3000');
    expect(config.mtls).toMatchObject({ url: 'https://sigill.test:3443', port: 3443 });
  });

  it.each<readonly [string, Record<string, string>]>([
    ['a certificate without its key', { TLS_KEY_FILE: '' }],
    ['an http issuer', { ISSUER: 'http://localhost:3000' }],
    ['a port for client certificates without a CA', { MTLS_PORT: '3443' }],
    ['an http address for client certificates', { MTLS_URL: 'http://mtls.sigill.test' }],
  ])('is refused with %s', (_, changes) => {
    expect(faultsOf(withTls(changes)).length).toBeGreaterThan(0);
  });

  it('is refused with the key of another certificate', () => {
    const other = fixture.sandbox['BANKID_TLS_ROOT_FILE'] ?? '';
    expect(faultsOf(withTls({ TLS_CERTIFICATE_FILE: other }))).toEqual([
      'TLS_KEY_FILE is not the key of TLS_CERTIFICATE_FILE.',
    ]);
  });

  it('is needed for a port of our own, unless a proxy that we trust passes certificates on', () => {
    const ca = fixture.sandbox['BANKID_TLS_ROOT_FILE'] ?? '';
    expect(faultsOf({ ...fixture.sandbox, CLIENT_CA_FILE: ca })).toHaveLength(1);
    const behind = { CLIENT_CA_FILE: ca, TRUSTED_PROXIES: '10.0.0.1', MTLS_URL: 'https://mtls.sigill.example' };
    expect(faultsOf({ ...fixture.sandbox, ...behind })).toEqual([]);
  });
});

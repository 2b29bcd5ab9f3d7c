import { ConfigFixture } from '../../../test/support/config/config-fixture.ts';
import { ConfigError } from '../../config/config.ts';
import { readFileWithMode } from '../../config/load-config.ts';
import { parseConfig } from '../../config/parse-config.ts';
import { parseClients } from '../parse-clients.ts';

let fixture: ConfigFixture;
let ring: { readonly BANKID_CERTIFICATES_FILE: string };

beforeAll(async () => {
  fixture = await ConfigFixture.create();
  const shop = await fixture.certificate('shop', '2.5.4.41=Butiken, CN=Butiken i Åseda AB, O=En bank AB, C=SE');
  const agency = await fixture.certificate('agency', 'O=Verket, C=SE');
  ring = fixture.ring({ id: 'shop', ...shop }, { id: 'agency', ...agency });
});
afterAll(() => fixture.remove());

const shopClient = {
  id: 'butiken',
  name: 'Butiken i Åseda AB',
  role: 'rp',
  tlsClientAuth: { tls_client_auth_san_dns: 'butiken.example' },
  redirectUris: ['https://butiken.example/callback'],
  login: { scopes: ['https://id.oidc.se/scope/naturalPersonInfo'] },
  bankidCertificate: 'shop',
};

function faultsOf(client: object): readonly string[] {
  const clients = fixture.file('shop-clients.json', JSON.stringify([{ ...shopClient, ...client }]));
  try {
    parseConfig({ ...fixture.sandbox, ...ring, CLIENTS_FILE: clients }, readFileWithMode, parseClients);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
}

describe('the RP certificate that a client is registered with', () => {
  it.each(['Butiken i Åseda AB', 'BUTIKEN I ÅSEDA AB', 'Butiken'])('is that of its holder, %s', (name) => {
    expect(faultsOf({ name })).toEqual([]);
  });

  it.each([
    ['Butiken i Åseda', 'is of Butiken or Butiken i Åseda AB, not of Butiken i Åseda'],
    ['Verket', 'is of Butiken or Butiken i Åseda AB, not of Verket'],
    // Who issued the certificate is not who holds it.
    ['En bank AB', 'not of En bank AB'],
  ])('is not that of another: %s', (name, text) => {
    expect(faultsOf({ name })).toEqual([expect.stringContaining(text)]);
    expect(faultsOf({ name })[0]).toContain('CLIENTS_FILE /0/bankidCertificate');
  });

  it('is of the ring', () => {
    expect(faultsOf({ bankidCertificate: 'shop-2' })).toEqual([
      'CLIENTS_FILE /0/bankidCertificate is no certificate of BANKID_CERTIFICATES_FILE',
    ]);
  });

  it('names its holder', () => {
    expect(faultsOf({ name: 'Verket', bankidCertificate: 'agency' })).toEqual([
      expect.stringContaining('is of a holder without a name'),
    ]);
  });
});

import { execFileSync, spawnSync } from 'node:child_process';
import { createHash, X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CompletionData } from '../../../simulator/orders/order.ts';
import { Bench, base64, order } from '../../support/bankid/relying-party.ts';
import { itUnless, lackOf } from '../../support/skipping.ts';

const itXmlsec1 = itUnless(lackOf('xmlsec1', '--version'));
const itOpenssl = itUnless(lackOf('openssl', 'version'));

let bench: Bench;
let directory: string;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'simulator-signature-'));
  bench = await Bench.start();
  write('root.pem', bench.simulator.pki.signatureRootPem);
}, 60_000);

afterAll(async () => {
  await bench.stop();
  rmSync(directory, { recursive: true });
});

const path = (name: string): string => join(directory, name);
const write = (name: string, contents: string | Buffer): void => writeFileSync(path(name), contents);

function certificatesOf(xml: string): X509Certificate[] {
  return [...xml.matchAll(/<X509Certificate>([^<]*)/g)].map(
    (match) => new X509Certificate(Buffer.from(match[1]!, 'base64')),
  );
}

function openssl(...args: string[]): string {
  const { status, stdout, stderr } = spawnSync('openssl', args, { cwd: directory, encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr + stdout);
  return stdout + stderr;
}

/** Files that openssl and xmlsec1 want, of one completed order. */
async function signed(
  members: object = {},
  signer: object = {},
): Promise<{ xml: string; signature: string; ocsp: Buffer; at: string }> {
  const data = await bench.complete(members, signer);
  const xml = Buffer.from(data.signature, 'base64').toString('utf8');
  const [leaf, customerCa, bankCa] = certificatesOf(xml);
  write('signature.xml', xml);
  write('leaf.pem', leaf!.toString());
  write('customer-ca.pem', customerCa!.toString());
  write('bank-ca.pem', bankCa!.toString());
  write('chain.pem', `${customerCa!.toString()}${bankCa!.toString()}`);
  write('ocsp.der', Buffer.from(data.ocspResponse!, 'base64'));
  const at = String(Math.floor(bench.clock.now().getTime() / 1000));
  return { xml, signature: data.signature, ocsp: Buffer.from(data.ocspResponse!, 'base64'), at };
}

const xmlsec1 = (file: string): number | null =>
  spawnSync(
    'xmlsec1',
    [
      '--verify',
      '--enabled-key-data',
      'x509',
      '--trusted-pem',
      'root.pem',
      '--untrusted-pem',
      'customer-ca.pem',
      '--untrusted-pem',
      'bank-ca.pem',
      '--verification-time',
      bench.clock.now().toISOString().slice(0, 19).replace('T', ' '),
      '--id-attr:Id',
      'http://www.bankid.com/signature/v1.0.0/types:bankIdSignedData',
      '--id-attr:Id',
      'http://www.w3.org/2000/09/xmldsig#:KeyInfo',
      file,
    ],
    { cwd: directory },
  ).status;

describe('the signature, judged by other people’s programs', () => {
  itXmlsec1('is accepted by xmlsec1 up to the root, both references included', async () => {
    await signed();
    expect(xmlsec1('signature.xml')).toBe(0);
  });

  itXmlsec1('is refused by xmlsec1 when one letter of the signed data is changed', async () => {
    const { xml } = await signed();
    write('tampered.xml', xml.replace('<funcId>Signing', '<funcId>Sighing'));
    expect(xmlsec1('tampered.xml')).not.toBe(0);
  });

  itXmlsec1('is refused by xmlsec1 when the simulator was asked to break it', async () => {
    await bench.app.setFault({ next: 'order', brokenSignature: true });
    await signed();
    expect(xmlsec1('signature.xml')).not.toBe(0);
  });

  itOpenssl('has a certificate path that openssl verifies', async () => {
    const { at } = await signed();
    const said = openssl('verify', '-attime', at, '-CAfile', 'root.pem', '-untrusted', 'chain.pem', 'leaf.pem');
    expect(said).toContain('leaf.pem: OK');
  });

  itOpenssl('has an OCSP response that openssl verifies as good', async () => {
    const { at } = await signed();
    const said = ocspSays(at);
    expect(said).toContain('Response verify OK');
    expect(said).toContain('leaf.pem: good');
  });

  itOpenssl('has an OCSP response that says revoked when the person’s BankID is', async () => {
    await bench.app.revoke('198506152399');
    const { at } = await signed({}, { personalNumber: '198506152399' });
    await bench.app.restore('198506152399');
    expect(ocspSays(at)).toContain('leaf.pem: revoked');
  });

  itOpenssl('has an OCSP response that says unknown when the simulator was asked for it', async () => {
    await bench.app.setFault({ next: 'order', revocation: 'unknown' });
    const { at } = await signed();
    expect(ocspSays(at)).toContain('leaf.pem: unknown');
  });
});

const ocspSays = (at: string): string =>
  openssl(
    'ocsp',
    '-attime',
    at,
    '-respin',
    'ocsp.der',
    '-issuer',
    'customer-ca.pem',
    '-cert',
    'leaf.pem',
    '-CAfile',
    'root.pem',
    '-verify_other',
    'chain.pem',
    '-no_nonce',
    '-validity_period',
    '1000000000',
  );

describe('the OCSP response', () => {
  it('carries the nonce raw: SHA-1 of the signature text and twelve more bytes', async () => {
    const { signature, ocsp } = await signed();
    // Extension id-pkix-ocsp-nonce, critical, extnValue of 32 bytes with nothing inside but the nonce.
    const start = Buffer.from('06092b06010505073001020101ff0420', 'hex');
    const at = ocsp.indexOf(start);
    expect(at).toBeGreaterThan(0);
    const nonce = ocsp.subarray(at + start.length, at + start.length + 32);
    expect(nonce.subarray(0, 20)).toEqual(createHash('sha1').update(signature).digest());
  });

  it('carries the nonce of another signature when the simulator was asked for it', async () => {
    await bench.app.setFault({ next: 'order', nonce: 'another' });
    const { signature, ocsp } = await signed();
    expect(ocsp.includes(createHash('sha1').update(signature).digest())).toBe(false);
  });

  it('has the time of signing as producedAt and thisUpdate, and no nextUpdate', async () => {
    const { ocsp } = await signed();
    const time = Buffer.from(`${bench.clock.now().toISOString().slice(0, 19).replaceAll(/[-:T]/g, '')}Z`);
    expect(ocsp.toString('latin1').split(time.toString('latin1'))).toHaveLength(3);
  });
});

describe('the document', () => {
  it('is one line in canonical form, its visible data to the byte what was asked for, a final line feed too', async () => {
    const { xml } = await signed();
    expect(xml).toMatch(
      /^<\?xml version="1\.0" encoding="UTF-8" standalone="no"\?><Signature xmlns="[^"]+"><SignedInfo xmlns=/,
    );
    expect(xml).not.toMatch(/[\n\r]|\/>/);
    expect(xml).toContain(
      `<usrVisibleData charset="UTF-8" visible="wysiwys">${order.userVisibleData}</usrVisibleData>`,
    );
    expect(xml).toContain(`<usrNonVisibleData>${order.userNonVisibleData}</usrNonVisibleData>`);
    expect(xml).toContain('<funcId>Signing</funcId>');
  });

  it('leaves the non-visible data out when there was none, and names the markdown format', async () => {
    const { xml } = await signed({ userNonVisibleData: undefined, userVisibleDataFormat: 'simpleMarkdownV1' });
    expect(xml).not.toContain('usrNonVisibleData');
    expect(xml).toContain('<usrVisibleData charset="UTF-8" format="simpleMarkdownV1" visible="wysiwys">');
  });

  it('names the relying party by its certificate’s subject, last attribute first', async () => {
    const { xml } = await signed();
    const name = 'cn=Sigill Sandbox AB,name=Sigill Sandbox,serialNumber=5560000001,o=Simulatorbanken AB (publ),c=SE';
    expect(xml).toContain(`<name>${base64(name)}</name>`);
    expect(bench.simulator.pki.relyingPartyName).toBe(name);
  });

  it('gives signing and identification certificates different key usages', async () => {
    const usage = (xml: string): Buffer => certificatesOf(xml)[0]!.raw;
    expect(usage((await signed()).xml).includes(Buffer.from('0603551d0f0101ff040403020640', 'hex'))).toBe(true);
    await bench.app.setFault({ next: 'order', function: 'Identification' });
    const { xml } = await signed();
    expect(xml).toContain('<funcId>Identification</funcId>');
    expect(usage(xml).includes(Buffer.from('0603551d0f0101ff040403020780', 'hex'))).toBe(true);
  });

  it('has authorities of RSA-4096 with SHA-512 and a payer of RSA-2048 with SHA-256', async () => {
    const [leaf, customerCa, bankCa] = certificatesOf((await signed()).xml);
    const root = new X509Certificate(bench.simulator.pki.signatureRootPem);
    for (const ca of [customerCa!, bankCa!, root]) expect(ca.publicKey.asymmetricKeyDetails?.modulusLength).toBe(4096);
    expect(leaf!.publicKey.asymmetricKeyDetails?.modulusLength).toBe(2048);
    expect(
      leaf!.verify(customerCa!.publicKey) && customerCa!.verify(bankCa!.publicKey) && bankCa!.verify(root.publicKey),
    ).toBe(true);
    expect(leaf!.subject).toContain('serialNumber=199001012385');
  });
});

describe('a signature that the simulator was asked to spoil', () => {
  const xmlOf = async (fault: object): Promise<{ xml: string; data: CompletionData }> => {
    await bench.app.setFault({ next: 'order', ...fault });
    const data = await bench.complete({ returnRisk: true });
    return { xml: Buffer.from(data.signature, 'base64').toString('utf8'), data };
  };

  it('signs another text than the one asked for', async () => {
    const { xml } = await xmlOf({ visibleText: 'Något annat' });
    expect(xml).toContain(base64('Något annat'));
    expect(xml).not.toContain(order.userVisibleData);
  });

  it('names another relying party', async () => {
    const { xml } = await xmlOf({ relyingPartyName: 'cn=Other,c=SE' });
    expect(xml).toContain(base64('cn=Other,c=SE'));
  });

  it('is of another person than the answer says', async () => {
    const { xml, data } = await xmlOf({ reportedPersonalNumber: '191212121212' });
    expect(data.user.personalNumber).toBe('191212121212');
    expect(certificatesOf(xml)[0]!.subject).toContain('serialNumber=199001012385');
  });

  it('has a personal number that is none', async () => {
    expect((await xmlOf({ personalNumber: '12' })).data.user.personalNumber).toBe('12');
  });

  it.each(['high', 'moderate', 'low', 'purple'])('reports the risk %s', async (risk) => {
    expect((await xmlOf({ risk })).data.risk).toBe(risk);
  });

  it('reports no risk, no OCSP response, another device address', async () => {
    const { data } = await xmlOf({ risk: null, revocation: 'absent', deviceIp: '198.51.100.9' });
    expect(data).not.toHaveProperty('risk');
    expect(data).not.toHaveProperty('ocspResponse');
    expect(data.device.ipAddress).toBe('198.51.100.9');
  });
});

describe('the PKCS #12 file', () => {
  itOpenssl('is opened by openssl, and holds the RP certificate and its key', () => {
    write('rp.p12', bench.simulator.pki.rpP12);
    const said = execFileSync('openssl', ['pkcs12', '-in', path('rp.p12'), '-passin', 'pass:simulator', '-nodes'], {
      encoding: 'utf8',
    });
    expect(said).toContain(bench.simulator.pki.rpCertificatePem.trim());
    expect(said).toContain('PRIVATE KEY');
  });
});

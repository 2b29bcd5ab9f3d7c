import { createHash } from 'node:crypto';
import { PassThrough } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { compactVerify, createRemoteJWKSet } from 'jose';
import * as oauth from 'openid-client';
import yauzl from 'yauzl';
import { ZipFile } from 'yazl';
import { BUNDLE_TYPE } from '../../src/bundle/container.ts';
import type { EvidenceReport } from '../../src/bundle/findings.ts';
import { AuditTrail } from '../../src/audit/audit-trail.ts';
import { evidenceOf } from '../../src/evidence-files/evidence-folder.ts';
import { parseExportRequest } from '../../src/compliance/export-request.ts';
import { Exports } from '../../src/compliance/exports.ts';
import { eventually } from '../support/eventually.ts';
import { anna, payment, TestSystem } from '../support/system/system.ts';

const MEBIBYTE = 1_048_576;

describe('evidence that a bank sends to be verified', () => {
  let test: TestSystem;
  let folder: ReadonlyMap<string, Buffer>;

  beforeAll(async () => {
    test = await TestSystem.start();
    const { token } = await test.signedPayment(payment);
    folder = await exportedFolder(token.consentId);
  }, 120_000);
  afterAll(() => test.stop());

  it('gets the same report as by the command line, from a folder as from a bare completion', async () => {
    const zip = await send(await zipOf(folder));
    expect(zip.status).toBe(200);
    expect(zip.headers.get('cache-control')).toBe('no-store');
    expect(await zip.json()).toMatchObject({
      indication: 'TOTAL-PASSED',
      scope: 'consent',
      matches: 'yes',
      environment: 'unpinned',
      signer: { personalNumber: anna },
    });
    const bare = await (await send(completion())).json();
    expect(bare).toMatchObject({ indication: 'TOTAL-PASSED', scope: 'signature', matches: 'not-compared' });
    const consent = JSON.parse(text('consent.json')) as Record<string, unknown>;
    const same = await (await send({ ...completion(), consent })).json();
    expect(same).toMatchObject({ indication: 'TOTAL-PASSED', scope: 'consent', matches: 'yes' });
    const other = await (await send({ ...completion(), consent: { ...consent, bank: 'another' } })).json();
    expect(other).toMatchObject({ indication: 'INDETERMINATE', matches: 'no' });
  });

  it('is told of its own bundle that seal, ledger and time hold by what the installation itself trusts', async () => {
    const circumstances = JSON.parse(text('circumstances.json')) as { readonly evidenceId: string };
    const answer = await eventually(async () => {
      const given = await read(circumstances.evidenceId, BUNDLE_TYPE);
      return given.status === 503 ? undefined : given;
    });
    const bundle = Buffer.from(await answer.arrayBuffer());
    const report = (await (await send(bundle, { 'content-type': BUNDLE_TYPE })).json()) as EvidenceReport;
    expect(report).toMatchObject({
      ...{ indication: 'TOTAL-PASSED', matches: 'yes', container: 'bundle' },
      seal: { state: 'sound', timestamp: { state: 'sound' } },
      ledger: { state: 'exporters-word', number: 1, signedBy: [expect.stringContaining('/ledger/')] },
    });
    expect(report.trusted.ledgers).toEqual([`${new URL(test.system.issuer).host}/ledger/…`]);
    expect(await (await send(bundle, { accept: 'text/plain' })).text()).toContain("ledger: the exporter's own word");
  });

  it('gets the verdict signed, when it asks for that, by a key that signs nothing else', async () => {
    const body = await zipOf(folder);
    const answer = await send(body, { accept: 'application/jose' });
    expect(answer.headers.get('content-type')).toMatch(/^application\/jose/);
    const keys = createRemoteJWKSet(new URL(`${test.system.issuer}/jwks`));
    const { payload, protectedHeader } = await compactVerify(await answer.text(), keys);
    expect(protectedHeader).toMatchObject({
      typ: 'sigill-verdict+jwt',
      kid: expect.stringMatching(/^sandbox-verdicts-/),
    });
    const claims = JSON.parse(Buffer.from(payload).toString()) as Record<string, unknown>;
    expect(claims).toMatchObject({
      iss: test.system.issuer,
      environment: 'sandbox',
      policy: { name: 'bankid', minimumRsaBits: 2048 },
      uploadSha256: sha256(body),
      report: { indication: 'TOTAL-PASSED', matches: 'yes' },
    });
    expect(claims['trustAnchor']).toMatch(/SHA-256/);
  });

  it('is told nothing about what is stored: a signature of strangers gets the same checks', async () => {
    const changed = new Map(folder).set('visible-text.txt', Buffer.from('Betala 1 kr'));
    expect(await (await send(await zipOf(changed))).json()).toMatchObject({
      indication: 'INDETERMINATE',
      matches: 'no',
    });
  });

  it('cannot name what is trusted, when, or for whom', async () => {
    for (const member of ['trust', 'at', 'relyingParty', 'policy', 'environment']) {
      const refused = await send({ ...completion(), [member]: 'x' });
      expect(refused.status).toBe(400);
    }
    const own = new Map(folder).set('bankid-root.pem', Buffer.from('-----BEGIN CERTIFICATE-----'));
    expect(await (await send(await zipOf(own))).json()).toMatchObject({ matches: 'no' });
  });

  it('is written down in the chain of the caller: who, why, which bytes, what verdict; nothing else', async () => {
    const body = await zipOf(folder);
    await send(body, {}, 'dispute');
    const client = test.system.clients.bank.id;
    const events = await test.system.app.get(AuditTrail).listEvents(`caller:${client}`);
    expect(JSON.parse(events.at(-1)!.event)).toEqual({
      type: 'upload.verified',
      request: { id: expect.any(String) as string, client, address: '127.0.0.1' },
      at: expect.any(String) as string,
      actor: client,
      detail: { purpose: 'dispute', sha256: sha256(body), indication: 'TOTAL-PASSED', subIndication: null },
    });
  });

  it('is refused without a purpose, to a TPP, and without a token', async () => {
    expect((await send(completion(), {}, 'curiosity')).status).toBe(400);
    const tpp = await test.tpp.party.machineToken('consents');
    const url = new URL('/evidence/verify', test.system.issuer);
    const asTpp = oauth.fetchProtectedResource(
      test.tpp.party.config,
      tpp,
      url,
      'POST',
      JSON.stringify(completion()),
      new Headers({ 'content-type': 'application/json', 'sigill-purpose': 'audit' }),
      { DPoP: test.tpp.party.dpop },
    );
    await expect(
      asTpp.then(
        ({ status }) => status,
        () => 403,
      ),
    ).resolves.toBe(403);
    const bare = await fetch(url, { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } });
    expect(bare.status).toBe(401);
  });

  it.each([
    ['that is a letter', () => Buffer.from('hello'), 415],
    ['that only begins like one', () => Buffer.from('PK hello'), 422],
    ['with two folders', () => zipOf(twice(folder)), 422],
    ['without a signature', () => zipOf(new Map([['readme.txt', Buffer.from('x')]])), 422],
    ['cut in the middle', async () => (await zipOf(folder)).subarray(0, 9000), 422],
    ['with 65 members', () => zipOf(many(65)), 422],
    ['that inflates to more than 4 MiB', () => zipOf(new Map(folder).set('x', Buffer.alloc(5 * MEBIBYTE)), true), 422],
    ['whose members together inflate to more than 4 MiB', () => zipOf(bomb(), true), 422],
    ['that leads out of its folder', async () => traversal(await zipOf(folder)), 422],
    [
      'that lies about its sizes',
      async () => liar(await zipOf(new Map(folder).set('x', Buffer.alloc(99_999)), true)),
      422,
    ],
  ])('is refused as a ZIP %s, and nothing of it is said', async (_title, make, status) => {
    const answer = await send(await make());
    expect(answer.status).toBe(status);
    const code = status === 415 ? 'request.unsupported-media-type' : 'evidence.none';
    const problem = (await answer.json()) as Record<string, unknown>;
    expect(problem['code']).toBe(code);
    expect(problem).not.toHaveProperty('indication');
  });

  it('is refused by the name of a file that does not belong to the folder', async () => {
    const answer = await send(await zipOf(new Map(folder).set('consent-real.json', Buffer.from('{}'))));
    expect(answer.status).toBe(422);
    expect(await answer.json()).toMatchObject({ detail: expect.stringContaining('consent-real.json') });
  });

  it('is refused by a code, without a verdict, where what is sent as a signature is none', async () => {
    const letter = await send({ signature: 'Dear bank' });
    expect(letter.status).toBe(422);
    expect(await letter.json()).toMatchObject({ code: 'evidence.none', pointer: '/signature' });
    const broken = await send({ signature: '<Signature/>' });
    expect(await broken.json()).toMatchObject({ indication: 'TOTAL-FAILED', subIndication: 'FORMAT_FAILURE' });
  });

  it('may be what GET /evidence/{id} answers, as JSON and as the ZIP of the folder', async () => {
    const { evidenceId } = JSON.parse(text('circumstances.json')) as { evidenceId: string };
    const json = await read(evidenceId, 'application/json');
    expect(json.headers.get('content-type')).toMatch(/^application\/json/);
    const wrapped = (await json.json()) as object;
    expect(await (await send(wrapped)).json()).toMatchObject({ indication: 'TOTAL-PASSED', matches: 'yes' });
    const changed = { ...wrapped, visibleText: 'Betala 1 kr' };
    expect(await (await send(changed)).json()).toMatchObject({ matches: 'no' });
    const zip = await read(evidenceId, 'application/zip');
    expect(zip.headers.get('content-type')).toBe('application/zip');
    expect(zip.headers.get('cache-control')).toBe('no-store');
    const bytes = Buffer.from(await zip.arrayBuffer());
    expect(await (await send(bytes)).json()).toMatchObject({ indication: 'TOTAL-PASSED', matches: 'yes' });
    expect([...(await filesOf(bytes, `${evidenceId}/`))]).toEqual([...folder]);
    expect((await read(evidenceId, 'application/zip;q=0, */*')).headers.get('content-type')).toMatch(/json/);
  });

  it('is refused when larger than 1 MiB, whatever length it declares, and in another form', async () => {
    expect((await send(Buffer.alloc(MEBIBYTE + 1))).status).toBe(413);
    expect((await send(Buffer.from('x'), { 'content-type': 'text/xml' })).status).toBe(415);
    expect((await send(Buffer.from('x'), { 'content-encoding': 'gzip' })).status).toBe(415);
    expect((await send(Buffer.from('[]'), { 'content-type': 'application/json' })).status).toBe(400);
    // And the service goes on.
    expect((await send(completion())).status).toBe(200);
  });

  it('gets the largest body that is allowed read to its end', async () => {
    const answer = await send({ signature: `<Signature${'A'.repeat(MEBIBYTE - 30)}` });
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ indication: 'TOTAL-FAILED', subIndication: 'FORMAT_FAILURE' });
  });

  function text(name: string): string {
    return folder.get(name)!.toString();
  }

  function completion(): Record<string, unknown> {
    return { signature: text('signature.b64'), ocspResponse: text('ocsp.b64') };
  }

  async function send(
    body: Buffer | object,
    headers: Readonly<Record<string, string>> = {},
    purpose = 'audit',
  ): Promise<Response> {
    const { party } = test.bank;
    const isBytes = Buffer.isBuffer(body);
    const sent = new Headers({
      'content-type': isBytes ? 'application/zip' : 'application/json',
      'sigill-purpose': purpose,
      ...headers,
    });
    const bytes = isBytes ? body : Buffer.from(JSON.stringify(body));
    const url = new URL('/evidence/verify', test.system.issuer);
    const token = await party.machineToken('evidence');
    return oauth.fetchProtectedResource(party.config, token, url, 'POST', Uint8Array.from(bytes), sent, {
      DPoP: party.dpop,
    });
  }

  async function exportedFolder(consent: string): Promise<ReadonlyMap<string, Buffer>> {
    const out = new PassThrough();
    const request = parseExportRequest({ from: '2000-01-01', to: '2100-01-01', purpose: 'Revision' }, 'operator:eva');
    const [zip] = await Promise.all([buffer(out), test.system.app.get(Exports).writeExport(request, out)]);
    return filesOf(zip, `${consent}/`);
  }

  async function read(evidenceId: string, accept: string): Promise<Response> {
    const { party } = test.bank;
    const url = new URL(`/evidence/${evidenceId}`, test.system.issuer);
    const token = await party.machineToken('evidence');
    const headers = new Headers({ accept, 'sigill-purpose': 'dispute' });
    return oauth.fetchProtectedResource(party.config, token, url, 'GET', undefined, headers, { DPoP: party.dpop });
  }
});

async function filesOf(zip: Buffer, folder: string): Promise<ReadonlyMap<string, Buffer>> {
  const files = new Map<string, Buffer>();
  const file = await yauzl.fromBufferPromise(zip);
  for await (const entry of file.eachEntry()) {
    const [, name = ''] = entry.fileName.split(folder);
    if (name !== '') files.set(name, await buffer(await file.openReadStreamPromise(entry)));
  }
  return evidenceOf(files);
}
const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

async function zipOf(files: ReadonlyMap<string, Buffer>, compress = false): Promise<Buffer> {
  const zip = new ZipFile();
  for (const [name, bytes] of files) zip.addBuffer(bytes, name, { compress });
  zip.end();
  return buffer(zip.outputStream);
}

function twice(files: ReadonlyMap<string, Buffer>): ReadonlyMap<string, Buffer> {
  return new Map(['a', 'b'].flatMap((name) => [...files].map(([path, bytes]) => [`${name}/${path}`, bytes] as const)));
}

function many(count: number): ReadonlyMap<string, Buffer> {
  return new Map(Array.from({ length: count }, (_, n) => [`f${n}`, Buffer.from('x')] as const));
}

/** Each member is small enough; all of them are not. */
function bomb(): ReadonlyMap<string, Buffer> {
  const large = Array.from({ length: 3 }, (_, n) => [`f${n}`, Buffer.alloc(2 * MEBIBYTE)] as const);
  return new Map<string, Buffer>([...large, ['signature.b64', Buffer.from('x')]]);
}

function traversal(zip: Buffer): Buffer {
  return Buffer.from(zip.toString('latin1').replaceAll('report.json', '../port.txt'), 'latin1');
}

/** Both headers say that the large member is a thousand bytes long. */
function liar(zip: Buffer): Buffer {
  const changed = Buffer.from(zip);
  const declared = Buffer.alloc(4);
  declared.writeUInt32LE(99_999);
  for (let at = changed.indexOf(declared); at !== -1; at = changed.indexOf(declared, at + 1))
    changed.writeUInt32LE(1000, at);
  return changed;
}

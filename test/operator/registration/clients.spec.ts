import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { clientsSchema } from '../../../src/clients/clients-schema.ts';
import { members, type Member } from '../../../src/clients/members/members.ts';
import { readClients } from '../../../src/clients/parse-clients.ts';
import { runCli, type Ended } from '../../support/commands/run-cli.ts';
import { ConfigFixture } from '../../support/config/config-fixture.ts';

const docs = join(import.meta.dirname, '../../../docs');
const text = readFileSync(join(docs, 'clients.md'), 'utf8');
const examples = [...text.matchAll(/^## ([^\n]+)\n(?:(?!^## )[^])*?```json\n([^]*?)```/gm)].map(
  ([, title = '', json = '']) => [title, JSON.parse(json) as unknown] as const,
);

describe('docs/clients.md', () => {
  const accepts = new Ajv2020({ strict: false }).compile(clientsSchema());

  it.each(examples)('has an example that the service accepts as it stands: %s', (_, example) => {
    expect(readClients(example, 'production').faults).toEqual([]);
    expect([accepts(example), accepts.errors]).toEqual([true, null]);
  });

  it('has an example of every role, and of every member but that of the sandbox', () => {
    const clients = examples.flatMap(([, example]) => (Array.isArray(example) ? (example as readonly Client[]) : []));
    expect(new Set(clients.map(({ role }) => role))).toEqual(new Set(['tpp', 'bank', 'auditor', 'rp']));
    expect(clients.length).toBeGreaterThanOrEqual(8);
  });

  it('has every member with its roles, meaning and default, as the code has them', () => {
    const table = text.split('\n').filter((line) => /^\| `\w+` \| (?:tpp|bank|auditor|rp)\b/.test(line));
    const rows = table.map((line) => line.split(' | ').map((cell) => cell.replace(/^\| | ?\|$/g, '').trim()));
    const expected = Object.entries<Member>(members).map(([name, { roles, what, default: value }]) => [
      `\`${name}\``,
      roles.join(', '),
      what,
      value === undefined ? '' : `\`${value}\``,
    ]);
    expect(rows.map(([name, roles, what, , value]) => [name, roles, what, value])).toEqual(expected);
  });
});

describe('the published JSON Schema', () => {
  it('is the one that the command prints', async () => {
    const { code, stdout } = await runCli('client', 'schema');
    expect(code).toBe(0);
    expect(stdout).toBe(readFileSync(join(docs, 'clients.schema.json'), 'utf8'));
    expect(JSON.parse(stdout)).toEqual(clientsSchema());
  });
});

describe('sigill client check', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'sigill-clients-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const tpp = {
    id: 'exempelbetal',
    name: 'Exempelbetal AB',
    authorisationNumber: 'PSDSE-FINA-00001',
    role: 'tpp',
    jwks: { keys: [{ ...rsa.publicKey.export({ format: 'jwk' }), kid: 'k1' }] },
    redirectUris: ['http://localhost:3003/callback'],
  };
  const check = (content: unknown, ...options: readonly string[]): Promise<Ended> => {
    const file = join(folder, 'clients.json');
    writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
    return runCli('client', 'check', file, ...options);
  };

  it('accepts what the service starts with, and warns of what the operator may not want', async () => {
    const { code, stdout } = await check([tpp, { ...tpp, id: 'other' }], '--environment', 'bankid-test', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      environment: 'bankid-test',
      clients: 2,
      faults: [],
      warnings: [
        { pointer: '/0/jwks/keys/0', problem: expect.stringContaining('has 2048 bits') },
        { pointer: '/0/redirectUris/0', problem: 'is http, which production refuses' },
        { pointer: '/1/jwks/keys/0' },
        { pointer: '/1/redirectUris/0' },
        { pointer: '/1/name', problem: 'is that of exempelbetal too: a payer cannot tell them apart' },
      ],
    });
  });

  it('names each fault by JSON pointer with what is right, and quotes no value', async () => {
    const secret = { ...rsa.privateKey.export({ format: 'jwk' }), kid: 'k1' };
    const wrong = { ...tpp, id: 'hemligt namn', redirect_uris: [], jwks: { keys: [secret] } };
    const { code, stdout, stderr } = await check({ $schema: 'x', clients: [wrong] });
    expect([code, stderr]).toEqual([1, '']);
    expect(stdout).toContain('fault   /clients/0/id must be 1 to 64 letters of A-Z, digits and . _ ~ -');
    expect(stdout).toContain('fault   /clients/0/redirect_uris is unknown; it is called redirectUris');
    expect(stdout).toContain('fault   /clients/0/redirectUris/0 is http, which production refuses');
    expect(stdout).toContain('fault   /clients/0/jwks/keys/0/d does not belong in a registered key');
    expect(stdout).not.toContain('hemligt');
    expect(stdout).not.toContain(secret.d);
    expect(stdout).toContain(
      '1 clients, 7 faults, 0 warnings (production)'.replace('7', String(stdout.match(/^fault/gm)?.length)),
    );
  });

  it('says where a file stops being JSON', async () => {
    const { code, stdout } = await check('[\n  {"id": "a",}\n]');
    expect(code).toBe(1);
    expect(stdout).toContain('line 2, column 14: expected the name of a member in double quotes');
  });

  it('compares the holders of RP certificates, if it is given them', async () => {
    const fixture = await ConfigFixture.create();
    const certificate = await fixture.certificate('betal', 'CN=Exempelbetal AB');
    const ring = fixture.ring({ id: 'betal', ...certificate }).BANKID_CERTIFICATES_FILE;
    const scopes = ['https://id.oidc.se/scope/naturalPersonInfo'];
    const login = { ...tpp, login: { scopes }, bankidCertificate: 'betal' };
    const options = ['--environment', 'sandbox', '--certificates', ring];
    expect((await check([login], ...options)).code).toBe(0);
    const { code, stdout } = await check([{ ...login, name: 'Provbetal AB' }], ...options);
    expect([code, stdout]).toEqual([1, expect.stringContaining('/0/bankidCertificate is of Exempelbetal AB, not of')]);
    fixture.remove();
  });

  it('exits with 66 for a file that cannot be read, and with 64 if it is used wrongly', async () => {
    expect(await runCli('client', 'check', join(folder, 'none.json'))).toMatchObject({
      code: 66,
      stdout: '',
      stderr: expect.stringContaining('(ENOENT)'),
    });
    expect((await check([], '--environment', 'prod')).code).toBe(64);
    expect((await runCli('client', 'check')).code).toBe(64);
  });
});

interface Client {
  readonly role: string;
}

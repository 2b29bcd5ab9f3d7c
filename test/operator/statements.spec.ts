import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { listedStatements, type Statement } from '../../src/database/statement.ts';
import { createTestDatabase, type TestDatabase } from '../support/database/database.ts';
import { mayImport, pathsOf, programSources, root, sources } from '../support/sources.ts';
import { otherLogins, planAsItsLogin, planStatement, type Touched } from '../support/database/statement-plan.ts';

/** Who writes a table, and which modules above it read it. */
interface TableRights {
  readonly owner: string;
  readonly readers: readonly string[];
}

const own = (owner: string, ...readers: readonly string[]): TableRights => ({ owner, readers });

/** Every table of the schema. */
const tableRights: Readonly<Record<string, TableRights>> = {
  typeorm_migration: own('database'),
  installation: own('database'),
  data_key: own('vault', 'bankid-sign', 'consent', 'login', 'token', 'compliance'),
  rate_window: own('rates'),
  audit_event: own('audit', 'consent', 'ledger', 'compliance'),
  access_token: own('client-auth', 'consent', 'token', 'compliance'),
  claimed_proof: own('client-auth'),
  claim_record: own('client-auth'),
  sign_order: own('bankid-sign', 'consent', 'login'),
  sign_order_request: own('bankid-sign'),
  sign_order_event: own('bankid-sign'),
  bankid_answer: own('bankid-sign'),
  phone_order: own('bankid-sign'),
  phone_lift: own('bankid-sign'),
  signature_root: own('evidence'),
  erasure: own('vault', 'compliance'),
  person_trace: own('evidence', 'rights', 'compliance'),
  evidence: own('evidence', 'ledger', 'compliance', 'rights'),
  evidence_attachment: own('evidence'),
  identification: own('evidence', 'compliance'),
  ledger_log: own('ledger'),
  ledger_leaf: own('ledger', 'compliance', 'rights'),
  ledger_pending: own('ledger'),
  ledger_audit_leaf: own('ledger'),
  ledger_audit_head: own('ledger', 'compliance'),
  checkpoint: own('ledger'),
  checkpoint_cosignature: own('ledger'),
  checkpoint_timestamp: own('ledger'),
  returned_evidence: own('ledger', 'compliance', 'rights'),
  consent: own('consent', 'token', 'compliance', 'rights'),
  authorisation: own('consent', 'token', 'compliance', 'rights'),
  signing_attempt: own('consent'),
  login: own('login', 'token', 'compliance', 'rights'),
  authentication: own('login', 'token', 'compliance'),
  login_attempt: own('login'),
  authorization_request: own('token'),
  backchannel_request: own('token'),
  backchannel_poll: own('token'),
  idempotent_push: own('token'),
  login_request: own('token'),
  legal_hold: own('rights'),
  ...Object.fromEntries(
    ['request', 'decision', 'waiting', 'outcome', 'result'].map((name) => [`steward_${name}`, own('rights')]),
  ),
  export_order: own('compliance', 'rights'),
  export_signatory: own('compliance'),
  export_member: own('compliance', 'rights'),
};

/** What a statement writes besides the tables of its module: those that stand whole in one file, as their headers say. */
const writesElsewhere: Readonly<Record<string, readonly string[]>> = {
  'compliance.approveExportOrder': ['data_key'],
  'compliance.insertExportOrder': ['data_key'],
  'compliance.insertExportRequester': ['data_key'],
  'consent.authorise': ['evidence', 'person_trace', 'audit_event', 'sign_order'],
  'rights.insertHold': ['person_trace'],
  'consent.insertPress': ['data_key', 'audit_event'],
  'consent.insertRequest': ['data_key', 'audit_event'],
  'consent.recordAppReturn': ['audit_event'],
  'consent.recordReturn': ['audit_event'],
  'consent.consume': ['access_token', 'audit_event'],
  'ledger.insertReturned': ['data_key'],
  'login.insertLogin': ['data_key', 'audit_event'],
  'login.insertAttempt': ['audit_event'],
  'login.recordReturn': ['audit_event'],
  'token.insertPush': ['consent', 'data_key', 'audit_event'],
  'token.replaceCode': ['consent', 'audit_event'],
  'token.redeemBackchannelRequest': ['consent', 'access_token', 'evidence_attachment', 'audit_event'],
  'token.replaceLoginCode': ['audit_event'],
  'token.redeemLoginCode': ['access_token', 'audit_event'],
  'token.redeemLoginRequest': ['access_token', 'audit_event'],
  'token.redeemCode': ['consent', 'access_token', 'evidence_attachment', 'audit_event'],
};

/** Statements of `sigill reverify` and `sigill audit`, which go through all rows of a period. */
const reports = [
  'audit.selectSubjects',
  'bankid-sign.selectSignedOrders',
  'compliance.selectChainsWithoutConsent',
  'compliance.selectComparedConsents',
  'compliance.selectChainsWithoutLogin',
  'compliance.selectConsentTraces',
  'compliance.selectLoginTraces',
  'compliance.selectSubjectsOfConsent',
  'compliance.selectSubjectsOfLogin',
];

/** Of the service alone: benchmarks, which other suites load, have some of their own. */
const listed = (): ReadonlyMap<string, Statement> =>
  new Map([...listedStatements()].filter(([name]) => !name.startsWith('bench.')));

const program = programSources();
let database: TestDatabase;
const touched = new Map<string, Touched>();

beforeAll(async () => {
  database = await createTestDatabase();
  const repositories = program.filter(({ path }) => path.endsWith('.repository.ts'));
  for (const { path } of repositories) await import(pathToFileURL(join(root, path)).href);
});

afterAll(() => database.close());

describe('every statement in the list', () => {
  it('is planned by PostgreSQL on the migrated schema, with the rights of the login that sends it', async () => {
    const refused: string[] = [];
    for (const [name, sql] of listed()) {
      try {
        touched.set(name, await planAsItsLogin(database, name, sql));
      } catch (error) {
        refused.push(`${name}: ${String(error)}`);
      }
    }
    expect(refused).toEqual([]);
    for (const name of Object.keys(otherLogins))
      await expect(planStatement(database.database, listed().get(name)!)).rejects.toThrow('permission denied');
    expect(touched.size).toBeGreaterThan(0);
  });

  it('writes only tables of its own module, but for what is granted to it by name', () => {
    const foreign = tablesOf('writes').filter(({ module, table }) => tableRights[table]?.owner !== module);
    const granted = Object.entries(writesElsewhere).flatMap(([name, tables]) => tables.map((t) => `${name}: ${t}`));
    expect(foreign.map(({ name, table }) => `${name}: ${table}`).sort()).toEqual(granted.sort());
  });

  it('names in its header all that it writes, where some of it is of another module', () => {
    const headers = Object.keys(writesElsewhere).map((name) => {
      const { text = '' } = program.find(({ code }) => code.includes(`'${name}'`)) ?? {};
      const [, tables = ''] = /\bIt writes ([\w\s,*]+)\./.exec(text) ?? [];
      return { name, tables: (tables.match(/\w+/g) ?? []).filter((word) => word !== 'and').sort() };
    });
    const plans = Object.keys(writesElsewhere).map((name) => ({
      name,
      tables: tablesOf('writes')
        .filter((written) => written.name === name)
        .map(({ table }) => table)
        .sort(),
    }));
    expect(headers).toEqual(plans);
  });

  it('reads only tables of its own module, and of those that it may read', () => {
    const mayRead = (module: string, table: string): boolean => {
      const rights = tableRights[table];
      return rights?.owner === module || rights?.readers.includes(module) === true;
    };
    const foreign = tablesOf('reads').filter(({ module, table }) => !mayRead(module, table));
    expect(foreign.map(({ name, table }) => `${name}: ${table}`)).toEqual([]);
  });

  it('calls no function of the schema, whose plan does not show what it touches, but for reports of stable ones, and those of the eraser', async () => {
    const functions = await database.asOwner(
      `select proname as name from pg_proc where pronamespace = 'public'::regnamespace and prorettype <> 'trigger'::regtype`,
    );
    expect(functions.length).toBeGreaterThan(0);
    const calling = [...listed()].filter(([, sql]) =>
      functions.some(({ name }) => new RegExp(`\\b${String(name)}\\b`, 'i').test(sql)),
    );
    const ofEraser = Object.keys(otherLogins).filter((name) => otherLogins[name] === 'eraserUrl');
    expect(calling.map(([name]) => name).sort()).toEqual(
      [...ofEraser, 'rights.selectConsentsOfPerson', 'rights.selectEndedRetentions', 'rights.selectRetention'].sort(),
    );
    const called = await database.asOwner(
      `select provolatile::text as volatility from pg_proc where proname in ('retentions', 'retention_of', 'holds_of')`,
    );
    expect(called).toEqual([{ volatility: 's' }, { volatility: 's' }, { volatility: 's' }]);
  });

  it('waits for the disk, but where it gives out or takes back a lease', () => {
    const asynchronous = [...listed()].filter(([, sql]) => sql.includes('synchronous_commit')).map(([name]) => name);
    expect(asynchronous.sort()).toEqual([
      'bankid-sign.leaseAnswered',
      'bankid-sign.leaseDue',
      'bankid-sign.leaseOne',
      'bankid-sign.rescheduleAll',
    ]);
  });

  it('stands in a repository, under a name that begins with its module', () => {
    const declared = program.flatMap(({ path, code }) =>
      [...code.matchAll(/\b(?:statement|namedKeys)\(\s*'([\w-]+)\.(\w+)'/g)].map(([, module = '', name = '']) => ({
        path,
        module,
        name: `${module}.${name}`,
      })),
    );
    expect(declared.map(({ name }) => name).sort()).toEqual([...listed().keys()].sort());
    const misplaced = declared.filter(
      ({ path, module }) => !path.startsWith(`src/${module}/`) || !path.endsWith('.repository.ts'),
    );
    expect(misplaced).toEqual([]);
  });
});

describe('a request or a worker', () => {
  it('looks through no table as a whole, so that a long history costs it nothing', () => {
    const scanning = [...touched].filter(([, { scans }]) => scans.length > 0);
    expect(scanning.map(([name]) => name).sort()).toEqual([...reports].sort());
  });

  it('finds one consent by its key, not by going through all that are open', () => {
    const through = [...touched].filter(([, { indexes }]) => indexes.has('consent_expiring'));
    expect(through.map(([name]) => name).sort()).toEqual(['consent.expire', 'consent.expireBefore']);
  });
});

describe('the rights to tables', () => {
  it('are said of every table of the schema, unlogged ones included', async () => {
    const tables = await database.asOwner(
      `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v', 'm', 'f')`,
    );
    expect(tables.map(({ name }) => name).sort()).toEqual(Object.keys(tableRights).sort());
  });

  it('are those of the module that the migration which creates the table is named after', () => {
    const created = sources('migrations', '.sql').flatMap(({ path, text }) => {
      const [, words = ''] = /\d{4}_(\w+)\.sql$/.exec(path) ?? [];
      return [...text.matchAll(/^create (?:unlogged )?table (\w+)/gm)].map(([, table = '']) => ({ table, words }));
    });
    const owned = Object.keys(tableRights).filter((table) => table !== 'typeorm_migration'); // TypeORM creates it
    expect(created.map(({ table }) => table).sort()).toEqual(owned.sort());
    const misplaced = created.filter(
      ({ table, words }) => !words.startsWith((tableRights[table]?.owner ?? '?').replaceAll('-', '_')),
    );
    expect(misplaced).toEqual([]);
  });

  it('are given only to modules that may import the owner', () => {
    const below = Object.entries(tableRights).flatMap(([table, { owner, readers }]) =>
      readers.filter((reader) => !mayImport(reader, owner)).map((reader) => `${table}: ${reader}`),
    );
    expect(below).toEqual([]);
    expect(mayImport('consent', 'token')).toBe(false);
  });

  it('are given to no module that makes no use of them', () => {
    const reading = new Set(tablesOf('reads').map(({ module, table }) => `${table}: ${module}`));
    const given = Object.entries(tableRights).flatMap(([table, { readers }]) =>
      readers.map((one) => `${table}: ${one}`),
    );
    expect(given.filter((right) => !reading.has(right))).toEqual([]);
  });

  it('are those that ARCHITECTURE.md says', () => {
    const [, data = ''] = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8').split('\n## Data\n');
    const said = [...data.matchAll(/^\| (`.*`) \| ([a-z-]+) \|/gm)].flatMap(([, tables = '', owner = '']) =>
      [...tables.matchAll(/`(\w+)`/g)].map(([, table = '']) => [table, owner]),
    );
    const owned = Object.entries(tableRights).map(([table, { owner }]) => [table, owner]);
    expect(said.sort()).toEqual(owned.filter(([table]) => table !== 'typeorm_migration').sort());
  });
});

describe('SQL outside of the list', () => {
  it('does not pass for a statement: one function alone makes them', () => {
    const casting = program.filter(({ code }) => /\bas Statement\b/.test(code));
    expect(pathsOf(casting)).toEqual(['src/database/statement.ts']);
  });

  it('is sent on a connection of its own only before the service is ready, and to listen', () => {
    const asking = program.filter(({ code }) => /\.query(?:<[^()]*>)?\(/.test(code));
    expect([...pathsOf(asking)].sort()).toEqual([
      'src/database/announcements/announcement.repository.ts',
      'src/database/database.ts',
      'src/database/open-database.ts',
      'src/database/start-checks/session.repository.ts',
    ]);
  });
});

function tablesOf(what: 'reads' | 'writes'): readonly { name: string; module: string; table: string }[] {
  return [...touched].flatMap(([name, tables]) => {
    const [module = ''] = name.split('.');
    return [...tables[what]].map((table) => ({ name, module, table: table.replace(/^public\./, '') }));
  });
}

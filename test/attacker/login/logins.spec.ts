import type { BegunLogin } from '../../../src/login/login.ts';
import { Workers } from '../../../src/operations/workers.ts';
import { eventually } from '../../support/eventually.ts';
import { otherValues } from '../../support/database/column-locks.ts';
import { tamper } from '../../support/database/tamper.ts';
import { LogLines, type LogLine } from '../../support/logs/log-lines.ts';
import { LoginSteps } from '../../support/login/login-steps.ts';
import { anna, bo } from '../../support/parties/consent-steps.ts';
import { LoginSettler } from '../../../src/login/settlement/login-settler.ts';

const log = new LogLines();
let steps: LoginSteps;
beforeAll(async () => {
  steps = await LoginSteps.start({ logStream: log });
});
afterAll(() => steps.stop());
afterEach(() => steps.app.clearFaults());

const orderOf = async (loginId: string): Promise<string> => {
  const [order] = await steps.database.asOwner('select id from sign_order where order_group = $1', [loginId]);
  return String(order?.['id']);
};

describe('nobody is logged in', () => {
  it.each([
    ['a signature, which is no identification', { function: 'Signing' }],
    ['an identification by a revoked BankID', { revocation: 'revoked' }],
    ['the OCSP response of another signature', { nonce: 'another' }],
    ['another text than the one that was sent', { visibleText: 'Logga in hos någon annan' }],
    ['other data than those that were sent', { nonVisibleData: 'e30=' }],
    ['an identification for another service', { relyingPartyName: 'cn=Annan AB,name=Annan' }],
    ['an identification by one person that BankID reports as another', { reportedPersonalNumber: bo }],
    ['a signature value that is wrong in one bit', { brokenSignature: true }],
  ] as const)('by %s', async (_, fault) => {
    const begun = await steps.ask('qr', { person: anna });
    const id = await steps.openInApp(begun);
    await steps.app.setOrderFault(id, fault);
    await steps.app.sign(id);
    expect(await steps.until(begun, 'rejected')).toMatchObject({ reason: 'signature' });
    expect(await steps.findAuthenticated(begun.loginId)).toBeUndefined();
    expect(await steps.evidenceKinds(begun)).toHaveLength(1);
  });

  it('by an order of high risk', async () => {
    const begun = await steps.ask('qr');
    await steps.identify(begun, { risk: 'high' });
    expect(await steps.until(begun, 'rejected')).toMatchObject({ reason: 'risk' });
  });

  it('by the link of another: without its nonce, from another address, at more than low risk', async () => {
    const begun = await steps.ask('app');
    await steps.identify(begun, { risk: 'moderate', deviceIp: '203.0.113.9' });
    await eventually(async () => ((await steps.orderStates(begun))[0] === 'answered' ? true : undefined));
    steps.clock.advance(31_000);
    try {
      await steps.database.asOwner('update sign_order set settle_after = null where order_group = $1', [begun.loginId]);
      expect(await steps.until(begun, 'rejected')).toMatchObject({ reason: 'device-not-bound' });
    } finally {
      steps.clock.advance(-31_000);
    }
  });
});

const isUnsettled = ({ message, msg }: LogLine, orderId: string): boolean =>
  `${String(message)} ${String(msg)}`.includes(`order ${orderId} could not be settled`);

describe("what the database's owner changes of a login after it", () => {
  const changes: readonly (readonly [string, string, string])[] = [
    ['the pseudonym', 'authentication', `subject = 'another'`],
    ['the client', 'authentication', `client_id = 'another'`],
    ['the time', 'authentication', `signed_at = signed_at - interval '1 day'`],
    ['the evidence', 'authentication', `evidence_digest = sha256('another')`],
    ['the environment', 'authentication', `environment = 'production'`],
    [
      'the MAC',
      'authentication',
      `mac = set_byte(mac, octet_length(mac) - 1, 255 - get_byte(mac, octet_length(mac) - 1))`,
    ],
    [
      'the sealed person',
      'authentication',
      `person_sealed = set_byte(person_sealed, 40, 255 - get_byte(person_sealed, 40))`,
    ],
    ['the scopes', 'login', `scopes = array['openid', 'https://id.oidc.se/scope/naturalPersonNumber']`],
    ['the claims', 'login', `claims = '{"userinfo":{"email":null}}'`],
    ['the nonce', 'login', `nonce = 'another'`],
    ['the way, from which the acr follows', 'login', `way = 'app'`],
    ['who called whom', 'login', `way = 'phone', call_initiator = 'user'`],
    [
      'the time until which there is a token',
      'authentication',
      `authenticated_at = authenticated_at + interval '1 day'`,
    ],
  ];

  it.each(changes)('tells nobody of anybody: %s', async (_, table, change) => {
    const { loginId, subject } = await steps.authenticated();
    const id = table === 'login' ? 'id' : 'login_id';
    await tamper(steps.database, table, `update ${table} set ${change} where ${id} = $1`, [loginId]);
    expect(await steps.findAuthenticated(loginId)).toBeUndefined();
    expect(await steps.findAuthenticated(loginId)).toBeUndefined();
    const altered = (await steps.events({ subject })).filter(({ type }) => type === 'authentication.found-altered');
    expect(altered).toHaveLength(change.startsWith('client_id') ? 0 : 1);
  });

  it("does not make another's authentication its own: a person is sealed for one login", async () => {
    const [one, other] = [await steps.authenticated(), await steps.authenticated()];
    const copy = `update authentication a set person_sealed = b.person_sealed, mac = b.mac, subject = b.subject
                    from authentication b where a.login_id = $1 and b.login_id = $2`;
    await tamper(steps.database, 'authentication', copy, [one.loginId, other.loginId]);
    expect(await steps.findAuthenticated(one.loginId)).toBeUndefined();
    expect(await steps.findAuthenticated(other.loginId)).toBeDefined();
  });

  it.each([
    ['login', 'id'],
    ['authentication', 'login_id'],
    ['login_attempt', 'login_id'],
  ])('is refused to an ordinary statement in each column of %s, and so is the removal', async (table, key) => {
    const { loginId } = await steps.authenticated('app');
    const columns = await steps.database.asOwner(
      `select column_name as name, coalesce(domain_name, udt_name) as type
         from information_schema.columns where table_name = $1`,
      [table],
    );
    expect(columns.length).toBeGreaterThan(10);
    const changes = columns.map(
      ({ name, type }) =>
        `update ${table} set ${String(name)} = ${otherValues[String(type)] ?? 'null'} where ${key} = $1`,
    );
    for (const sql of [...changes, `delete from ${table} where ${key} = $1`])
      await expect(steps.database.asOwner(sql, [loginId])).rejects.toThrow(
        /never changes|append-only|can only be updated to DEFAULT/,
      );
  });

  it('is refused before the end too, where it was asked for or bound', async () => {
    const { loginId } = await steps.begin('qr');
    for (const set of [`scopes = array['openid']`, `expires_at = expires_at + interval '1 day'`, `way = 'app'`])
      await expect(steps.database.asOwner(`update login set ${set} where id = $1`, [loginId])).rejects.toThrow('never');
  });

  it('authenticates nobody by evidence that is not of the login', async () => {
    const [one, other] = [await steps.authenticated(), await steps.ask('qr')];
    const insert = `insert into authentication (login_id, evidence_id, evidence_digest, order_id, environment, client_id, subject,
                                                person_sealed, mac, signed_at, authenticated_at)
                    select $2, evidence_id, evidence_digest, order_id, environment, client_id, subject, person_sealed, mac, signed_at,
                           authenticated_at from authentication where login_id = $1`;
    await expect(steps.database.asOwner(insert, [one.loginId, other.loginId])).rejects.toThrow(
      /unique|does not belong/,
    );
  });
});

describe('two instances', () => {
  it('settle twenty logins at once, each once', async () => {
    const second = await steps.world.startInstance();
    const asked = await Promise.all(Array.from({ length: 20 }, () => steps.ask('qr')));
    await Promise.all(asked.map((begun) => steps.identify(begun)));
    const settler = second.app.get(LoginSettler, { strict: false });
    await Promise.all(Array.from({ length: 10 }, () => [steps.settle(), settler.runOnce()]).flat());
    for (const begun of asked) {
      await steps.until(begun, 'authenticated');
      expect(await steps.evidenceKinds(begun)).toEqual(['accepted TOTAL-PASSED']);
      const types = (await steps.events(begun)).map(({ type }) => type);
      expect(types.filter((type) => type === 'login.authenticated')).toHaveLength(1);
    }
    await second.stop();
  });
});

// At the end, because the settler of logins does not run after it.
describe('an order of a payment and one of a login', () => {
  async function answered(): Promise<{ readonly begun: BegunLogin; readonly orderId: string }> {
    const begun = await steps.ask('qr');
    await steps.identify(begun);
    await eventually(async () => ((await steps.orderStates(begun))[0] === 'answered' ? true : undefined));
    return { begun, orderId: await orderOf(begun.loginId) };
  }

  const change = (set: string, ...values: string[]): Promise<number> =>
    tamper(steps.database, 'sign_order', `update sign_order set ${set} where id = $1`, values);

  beforeAll(() => steps.get(Workers).stop('login-settler'));

  it('are never settled for each other: an identification authorises no payment', async () => {
    const { begun, orderId } = await answered();
    await change(`purpose = 'payment-consent'`, orderId);
    await log.until((line) => isUnsettled(line, orderId));
    expect(await steps.database.asOwner('select 1 from evidence union select 1 from authorisation')).toEqual([]);
    expect(await steps.findAuthenticated(begun.loginId)).toBeUndefined();
  });

  it('are never settled for each other: an order that is said to be a signature logs nobody in', async () => {
    const { begun, orderId } = await answered();
    await change(`kind = 'sign'`, orderId);
    await steps.settle();
    expect(log.all((line) => isUnsettled(line, orderId))).toHaveLength(1);
    expect((await steps.state(begun)).login.state).toBe('awaiting');
  });

  it.each([
    ['claims', `claims = '{"userinfo":{"https://id.oidc.se/claim/personalIdentityNumber":null}}'`],
    ['nonce', `nonce = 'another'`],
  ])('nor for a login whose %s were altered meanwhile', async (_, set) => {
    const { begun, orderId } = await answered();
    await tamper(steps.database, 'login', `update login set ${set} where id = $1`, [begun.loginId]);
    await steps.settle();
    expect(log.all((line) => isUnsettled(line, orderId))).toHaveLength(1);
    expect(await steps.findAuthenticated(begun.loginId)).toBeUndefined();
  });

  it('nor for another login', async () => {
    const { orderId } = await answered();
    const other = await steps.begin('qr');
    await tamper(steps.database, 'sign_order', `update sign_order set state = 'unknown' where order_group = $1`, [
      other.loginId,
    ]);
    await change('order_group = $2', orderId, other.loginId);
    await steps.settle();
    expect(log.all((line) => isUnsettled(line, orderId))).toHaveLength(1);
    expect(await steps.findAuthenticated(other.loginId)).toBeUndefined();
  });
});

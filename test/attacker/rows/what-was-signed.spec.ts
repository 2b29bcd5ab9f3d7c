import { BankSteps, type Entitled } from '../../support/parties/bank-steps.ts';
import { LogLines, type LogLine } from '../../support/logs/log-lines.ts';
import type { RawAnswer } from '../../support/parties/exchange.ts';
import { anna, payment } from '../../support/system/system.ts';
import { tamper } from '../../support/database/tamper.ts';

const log = new LogLines();
let steps: BankSteps;

beforeAll(async () => {
  steps = await BankSteps.start({ logStream: log });
}, 60_000);
afterAll(() => steps.stop());

const dearer = { ...payment, instructedAmount: { currency: 'SEK', amount: '9999.00' } };
const cheaper = { ...payment, instructedAmount: { currency: 'SEK', amount: '9.00' } };
const isError = ({ level }: LogLine): boolean => level === 'error' || Number(level) >= 50;
const setAmount = `update consent set initiation = jsonb_set(initiation, '{instructedAmount,amount}', to_jsonb($2::text)) where id = $1`;

/** One UPDATE of the database's owner, whom no trigger stops. */
const change = async (table: string, sql: string, params: unknown[]): Promise<void> => {
  if ((await tamper(steps.payer.world.database, table, sql, params)) === 0) throw new Error('no row was changed');
};

const consume = (entitled: Entitled, reference: string, changes: object = {}): Promise<RawAnswer> =>
  steps.consume(entitled, steps.consumption(entitled, reference, changes));

const amountOf = (details: unknown): unknown =>
  (details as { instructedAmount: { amount: string } }[])[0]?.instructedAmount.amount;

async function read({ consentId }: Entitled, by: 'tpp' | 'bank' | 'otherBank' = 'bank'): Promise<RawAnswer> {
  const client = steps.parties[by];
  return client.call(await client.machineToken('consents'), 'GET', `/consents/${consentId}`);
}

describe('a change of the consent after the payer has signed 1 250,00', () => {
  it('changes nothing of what introspection and consumption say: they follow the signature', async () => {
    const entitled = await steps.entitled();
    await change('consent', setAmount, [entitled.consentId, '9999.00']);

    const { body } = await steps.introspect(entitled);
    expect([body['active'], amountOf(body['authorization_details'])]).toEqual([true, '1250.00']);
    expect(amountOf((await read(entitled)).body['authorizationDetails'])).toBe('1250.00');
    const refused = await consume(entitled, 'signed-1', { payment: dearer });
    expect([refused.status, refused.body['code']]).toEqual([422, 'consent.payment-differs']);
    expect((await consume(entitled, 'signed-1')).status).toBe(200);
    expect(amountOf((await read(entitled, 'tpp')).body['authorizationDetails'])).toBe('1250.00');
  });

  it('neither makes it unreadable nor gives it to another bank or another TPP', async () => {
    const entitled = await steps.entitled();
    await change(
      'consent',
      `update consent set initiation = '{}', bank = $2, client_id = $3, tpp_name = 'Annan AB' where id = $1`,
      [entitled.consentId, steps.parties.otherBank.id, steps.parties.otherTpp.id],
    );
    const { body } = await steps.introspect(entitled);
    expect(body).toMatchObject({ active: true, client_id: steps.parties.tpp.id, payer: { personalNumber: anna } });
    expect((await steps.introspect(entitled, steps.parties.otherBank)).body).toEqual({ active: false });
    expect((await read(entitled, 'otherBank')).status).toBe(404);
    expect((await read(entitled, 'tpp')).body).toMatchObject({
      bank: steps.parties.bank.id,
      clientId: body['client_id'],
    });
    const use = steps.consumption(entitled, 'signed-2');
    expect((await steps.consume(entitled, use, steps.parties.otherBank)).status).toBe(404);
    expect((await steps.consume(entitled, use)).status).toBe(200);
    const report = { execution: 'failed', reason: 'AC04' };
    expect((await steps.report(entitled, report, steps.parties.otherBank)).status).toBe(404);
    expect((await steps.report(entitled, { execution: 'executed' })).status).toBe(200);
  });

  it('lets the TPP that the payer signed for revoke it, and no other', async () => {
    const entitled = await steps.entitled();
    const { tpp, otherTpp } = steps.parties;
    await change('consent', 'update consent set client_id = $2 where id = $1', [entitled.consentId, otherTpp.id]);
    expect((await steps.revoke(entitled, otherTpp)).status).toBe(404);
    expect((await steps.introspect(entitled)).body['active']).toBe(true);
    expect((await steps.revoke(entitled, tpp)).status).toBe(204);
    expect((await steps.introspect(entitled)).body).toEqual({ active: false });
  });

  it('makes no token say more than was signed', async () => {
    const inHand = await steps.payer.open();
    await steps.payer.sign(inHand);
    await change('consent', setAmount, [inHand.pushed.consentId, '9999.00']);
    const returned = await inHand.browser.finish();
    const fields = steps.parties.tpp.redemption(returned.searchParams.get('code') ?? '', inHand.pushed);
    const { status, body } = await steps.parties.tpp.postAs('/token', fields);
    expect([status, amountOf(body['authorization_details'])]).toEqual([200, '1250.00']);
  });
});

describe('a change of the consent before the payer signs', () => {
  it('makes the bank consume what the payer then signed, and not what was pushed', async () => {
    const pushed = await steps.parties.tpp.push();
    await change('consent', setAmount, [pushed.consentId, '9.00']);
    const inHand = { pushed, ...(await steps.payer.world.openInApp(pushed)) };
    await steps.payer.sign(inHand, { personalNumber: anna });
    const entitled = { consentId: pushed.consentId, token: await steps.payer.token(inHand) };

    expect(amountOf((await steps.introspect(entitled)).body['authorization_details'])).toBe('9.00');
    const refused = await consume(entitled, 'signed-3');
    expect([refused.status, refused.body['code']]).toEqual([422, 'consent.payment-differs']);
    expect((await consume(entitled, 'signed-3', { payment: cheaper })).status).toBe(200);
  });

  it.each([
    ['bank_name', 'Exempelbanken\nBelopp:\n  9,00 SEK'],
    ['tpp_name', 'Exempelbutiken\u2028Belopp: 9,00 SEK'],
    ['authorisation_number', '44001\u202e'],
  ])(
    'is not put into the text if it puts a line or a mark there that no registration has: %s',
    async (column, value) => {
      const pushed = await steps.parties.tpp.push();
      await change('consent', `update consent set ${column} = $2 where id = $1`, [pushed.consentId, value]);
      await expect(steps.payer.world.openInApp(pushed)).rejects.toThrow();
      const orders = 'select id from sign_order where order_group = $1';
      expect(await steps.payer.world.database.asOwner(orders, [pushed.consentId])).toEqual([]);
    },
  );

  it('leads to no authorisation where the order was placed before', async () => {
    const inHand = await steps.payer.open();
    await change('consent', setAmount, [inHand.pushed.consentId, '9.00']);
    await steps.payer.world.app.sign(inHand.orderId, {});
    await steps.payer.waitForState(inHand.pushed.consentId, 'rejected');
  });
});

const alterations: readonly (readonly [string, string])[] = [
  ['its text', `initiation = replace(initiation, '1250.00', '9999.00')`],
  ['its text to no JSON', `initiation = 'altered'`],
  ['its client', `client_id = 'exempelhandel'`],
  ['its environment', `environment = 'production'`],
  ['the commitment to its evidence', `evidence_digest = sha256('another')`],
  ['its name for the payer', `payer_subject = 'another'`],
  ['the time of the signature', `signed_at = signed_at - interval '1 second'`],
  [
    'its MAC for that of another consent',
    'payment_mac = (select payment_mac from authorisation where consent_id = $2)',
  ],
  ['its MAC for none', `payment_mac = decode('026b31', 'hex') || sha256('')`],
  ['its MAC for half of it', `payment_mac = substring(payment_mac for 34)`],
];

describe('a change of the authorisation', () => {
  let other: Entitled;
  beforeAll(async () => {
    other = await steps.entitled();
  });

  const restore = async (
    { consentId }: Entitled,
    before: Readonly<Record<string, unknown>> | undefined,
  ): Promise<void> => {
    const columns = [
      'initiation',
      'client_id',
      'environment',
      'evidence_digest',
      'payer_subject',
      'signed_at',
      'payment_mac',
    ];
    const set = columns.map((column, at) => `${column} = $${at + 2}`).join(', ');
    const values = columns.map((column) => before?.[column]);
    await change('authorisation', `update authorisation set ${set} where consent_id = $1`, [consentId, ...values]);
  };

  const events = async (entitled: Entitled): Promise<number> =>
    (await steps.events(entitled)).filter((type) => type === 'authorisation.found-altered').length;

  it.each(alterations)('ends its use, and is logged once and an event: %s', async (_what, alteration) => {
    const entitled = await steps.entitled();
    const { database } = steps.payer.world;
    const [before] = await database.asOwner('select * from authorisation where consent_id = $1', [entitled.consentId]);
    const params = alteration.includes('$2') ? [entitled.consentId, other.consentId] : [entitled.consentId];
    await change('authorisation', `update authorisation set ${alteration} where consent_id = $1`, params);

    const line = log.count;
    const introspected = await steps.introspect(entitled);
    expect([introspected.status, introspected.body]).toEqual([200, { active: false }]);
    expect(log.all(isError, line)).toEqual([expect.objectContaining({ context: 'authorisations' })]);
    expect(JSON.stringify(log.all(isError, line))).not.toContain(anna);
    expect(await events(entitled)).toBe(1);
    for (const changes of [{}, { payment: dearer }]) {
      const refused = await consume(entitled, 'altered', changes);
      expect([refused.status, refused.body['code']]).toEqual([409, 'consent.altered']);
    }
    expect((await read(entitled)).body['code']).toBe('consent.altered');
    expect((await steps.rowOf(entitled))['state']).toBe('authorised');

    await restore(entitled, before);
    expect((await consume(entitled, `restored-${entitled.consentId}`)).status).toBe(200);
  });

  it('gives the consent to no other bank', async () => {
    const entitled = await steps.entitled();
    const sql = 'update authorisation set bank = $2 where consent_id = $1';
    await change('authorisation', sql, [entitled.consentId, steps.parties.otherBank.id]);
    for (const bank of [steps.parties.bank, steps.parties.otherBank]) {
      expect((await steps.introspect(entitled, bank)).body).toEqual({ active: false });
      const { status } = await steps.consume(entitled, steps.consumption(entitled, 'bank'), bank);
      expect([404, 409]).toContain(status);
    }
    expect((await steps.rowOf(entitled))['state']).toBe('authorised');
  });

  it('makes no other person the payer', async () => {
    const entitled = await steps.entitled();
    const sql = `update authorisation set payer_mac = (select payer_mac from authorisation where consent_id = $2) where consent_id = $1`;
    await change('authorisation', sql, [entitled.consentId, other.consentId]);
    const refused = await consume(entitled, 'payer');
    expect([refused.status, refused.body['code']]).toEqual([422, 'consent.payer-differs']);
  });

  it('leaves a code that was issued earlier without a token', async () => {
    const inHand = await steps.payer.open();
    await steps.payer.sign(inHand);
    const returned = await inHand.browser.finish();
    const sql = `update authorisation set initiation = replace(initiation, '1250.00', '9999.00') where consent_id = $1`;
    await change('authorisation', sql, [inHand.pushed.consentId]);
    const fields = steps.parties.tpp.redemption(returned.searchParams.get('code') ?? '', inHand.pushed);
    const { status, body } = await steps.parties.tpp.postAs('/token', fields);
    expect([status, body['error'], body['access_token']]).toEqual([400, 'invalid_grant', undefined]);
  });

  it('that names a key of no ring leads to no token and to no verdict, and costs no code', async () => {
    const inHand = await steps.payer.open();
    await steps.payer.sign(inHand);
    const { consentId } = inHand.pushed;
    const returned = await inHand.browser.finish();
    const { database } = steps.payer.world;
    const [before] = await database.asOwner('select * from authorisation where consent_id = $1', [consentId]);
    const sql = `update authorisation set payment_mac = decode('026b39', 'hex') || substring(payment_mac from 4) where consent_id = $1`;
    await change('authorisation', sql, [consentId]);
    const fields = steps.parties.tpp.redemption(returned.searchParams.get('code') ?? '', inHand.pushed);
    for (const time of ['first', 'second']) {
      const { status, body } = await steps.parties.tpp.postAs('/token', fields);
      expect([time, status, body]).toMatchObject([time, 503, { error: 'temporarily_unavailable' }]);
    }
    const consent = { consentId, token: '' };
    expect((await read(consent)).body['code']).toBe('service.key-missing');
    expect(await events(consent)).toBe(0);
    expect((await steps.events(consent)).filter((type) => type === 'token.issued')).toEqual([]);

    await restore(consent, before);
    const redeemed = await steps.parties.tpp.postAs('/token', fields);
    expect([redeemed.status, redeemed.body['consent_id']]).toEqual([200, consentId]);
  });

  it('that leaves no whole MAC is a difference, also where it seems to name a key', async () => {
    const inHand = await steps.payer.open();
    await steps.payer.sign(inHand);
    const { consentId } = inHand.pushed;
    const returned = await inHand.browser.finish();
    const sql = `update authorisation set payment_mac = decode('036b39', 'hex') || substring(payment_mac from 4) where consent_id = $1`;
    await change('authorisation', sql, [consentId]);
    const fields = steps.parties.tpp.redemption(returned.searchParams.get('code') ?? '', inHand.pushed);
    const { status, body } = await steps.parties.tpp.postAs('/token', fields);
    expect([status, body['error']]).toEqual([400, 'invalid_grant']);
    expect(await events({ consentId, token: '' })).toBe(1);
  });

  it('cannot be spared by a state that no authorisation stands behind', async () => {
    const pushed = await steps.parties.tpp.push();
    const consent = { consentId: pushed.consentId, token: 'none' };
    const sql = `update consent set state = 'authorised', authorised_at = now() where id = $1`;
    await change('consent', sql, [pushed.consentId]);
    const line = log.count;
    expect((await read(consent)).body['code']).toBe('consent.altered');
    expect((await consume(consent, 'unsigned')).body['code']).toBe('consent.altered');
    expect(log.all(isError, line)).toEqual([expect.objectContaining({ context: 'authorisations' })]);
    expect(await events(consent)).toBe(1);
  });
});

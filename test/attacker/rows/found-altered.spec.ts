import { AuditReading } from '../../../src/compliance/audit-reading.ts';
import { Recovery } from '../../../src/token/recovery.ts';
import { BankSteps, type Entitled } from '../../support/parties/bank-steps.ts';
import { LogLines, type LogLine } from '../../support/logs/log-lines.ts';
import type { RawAnswer } from '../../support/parties/exchange.ts';
import { tamper } from '../../support/database/tamper.ts';

const log = new LogLines();
let steps: BankSteps;

beforeAll(async () => {
  steps = await BankSteps.start({ logStream: log });
}, 60_000);
afterAll(() => steps.stop());

const isError = ({ level }: LogLine): boolean => level === 'error' || Number(level) >= 50;

/** One statement of the database's owner, whom no trigger stops. */
const change = async (table: string, sql: string, params: unknown[]): Promise<void> => {
  if ((await tamper(steps.payer.world.database, table, sql, params)) === 0) throw new Error('no row was changed');
};

const consume = (entitled: Entitled, reference: string): Promise<RawAnswer> =>
  steps.consume(entitled, steps.consumption(entitled, reference));

async function read({ consentId }: Entitled): Promise<RawAnswer> {
  const { bank } = steps.parties;
  return bank.call(await bank.machineToken('consents'), 'GET', `/consents/${consentId}`);
}

const events = async (entitled: Entitled): Promise<number> =>
  (await steps.events(entitled)).filter((type) => type === 'authorisation.found-altered').length;

describe('an alteration', () => {
  it('is reported once a minute, however often the consent is asked for', async () => {
    const entitled = await steps.entitled();
    await change('authorisation', `update authorisation set environment = 'production' where consent_id = $1`, [
      entitled.consentId,
    ]);
    const line = log.count;
    for (let time = 1; time <= 5; time += 1) expect((await read(entitled)).body['code']).toBe('consent.altered');
    expect([log.all(isError, line).length, await events(entitled)]).toEqual([1, 1]);
    steps.payer.world.clock.advance(60_000);
    for (let time = 1; time <= 5; time += 1) expect((await steps.introspect(entitled)).body).toEqual({ active: false });
    expect([log.all(isError, line).length, await events(entitled)]).toEqual([2, 2]);
  });

  it('of the bank is reported in the chain of the consent, and lets no other bank report an execution', async () => {
    const entitled = await steps.entitled();
    expect((await consume(entitled, 'reported')).status).toBe(200);
    const { bank, otherBank } = steps.parties;
    await change('authorisation', 'update authorisation set bank = $2 where consent_id = $1', [
      entitled.consentId,
      otherBank.id,
    ]);
    const reported = await steps.report(entitled, { execution: 'failed', reason: 'AC04' }, otherBank);
    expect([reported.status, reported.body['code']]).toEqual([409, 'consent.altered']);
    expect((await steps.rowOf(entitled))['execution']).toBe('pending');
    const sql = `select subject from audit_event where type = 'authorisation.found-altered' and subject like '%' || $1`;
    const subject = `consent:${bank.id}:${entitled.consentId}`;
    expect(await steps.payer.world.database.asOwner(sql, [entitled.consentId])).toEqual([{ subject }]);
  });

  it.each([
    ['altered', 'authorisation', `update authorisation set payer_sealed = sha256(payer_sealed) where consent_id = $1`],
    ['without its data key', 'data_key', `delete from data_key where subject like '%' || $1`],
  ])('makes the token inactive where the sealed payer is %s', async (_how, table, sql) => {
    const entitled = await steps.entitled();
    await change(table, sql, [entitled.consentId]);
    const line = log.count;
    const { status, body } = await steps.introspect(entitled);
    expect([status, body]).toEqual([200, { active: false }]);
    expect(log.all(isError, line)).toEqual([expect.objectContaining({ context: 'authorisations' })]);
    expect(await events(entitled)).toBe(1);
  });

  it('of the code, to that of another client, gives that client no token', async () => {
    const inHand = await steps.payer.open();
    await steps.payer.sign(inHand);
    const { consentId } = inHand.pushed;
    const returned = await inHand.browser.finish();
    const { otherTpp } = steps.parties;
    await change(
      'authorization_request',
      'update authorization_request set client_id = $2, dpop_jkt = null where consent_id = $1',
      [consentId, otherTpp.id],
    );
    const fields = otherTpp.redemption(returned.searchParams.get('code') ?? '', inHand.pushed);
    const { status, body } = await otherTpp.postAs('/token', fields);
    expect([status, body['error'], body['access_token']]).toEqual([400, 'invalid_grant', undefined]);
    expect(await events({ consentId, token: '' })).toBe(1);
  });
});

describe('a consumed consent that is set back by hand', () => {
  it('is not consumed again, however fresh its row looks', async () => {
    const entitled = await steps.entitled();
    const fresh = await steps.rowOf(entitled);
    expect((await consume(entitled, 'first')).status).toBe(200);
    const sql = `update consent set state = 'authorised', ended_at = null, payment_reference = null, consume_request_hash = null,
                        consume_answer = null, execution = null, live_token_hash = $2, live_token_expires_at = $3 where id = $1`;
    await change('consent', sql, [entitled.consentId, fresh['live_token_hash'], fresh['live_token_expires_at']]);
    await change('access_token', 'update access_token set revoked_at = null where consent_id = $1', [
      entitled.consentId,
    ]);
    const line = log.count;
    for (const reference of ['first', 'second']) {
      const again = await consume(entitled, reference);
      expect([again.status, again.body['code']]).toEqual([409, 'consent.altered']);
    }
    expect(log.all(isError, line)).toHaveLength(1);
    expect((await steps.events(entitled)).filter((type) => type === 'consent.consumed')).toHaveLength(1);
  });
});

const ENDS = ['consent.consumed', 'consent.revoked', 'consent.expired'];

describe('a bank that consumes, a TPP that revokes and an operator who recovers, at the same moment', () => {
  it('end each consent once, and no call is answered with a fault of ours', async () => {
    const { app } = steps.payer.world.system;
    const recovery = app.get(Recovery);
    const all: Entitled[] = [];
    for (let n = 0; n < 6; n += 1) all.push(await steps.entitled());
    const line = log.count;
    const calls = all.flatMap((entitled, n) => [
      consume(entitled, `race-${n}`),
      consume(entitled, `race-${n}`),
      consume(entitled, `race-again-${n}`),
      steps.revoke(entitled, steps.parties.tpp),
    ]);
    const recovered = [recovery.run(new Date(), 'operator:test'), recovery.run(new Date(), 'operator:test')];
    const answers = await Promise.all(calls);
    await Promise.all(recovered);
    expect(answers.filter(({ status }) => status >= 500)).toEqual([]);
    expect(log.all(isError, line)).toEqual([]);
    for (const [n, entitled] of all.entries()) {
      const ends = (await steps.events(entitled)).filter((type) => ENDS.includes(type));
      const { state, tokens } = await steps.rowOf(entitled);
      expect([ends, tokens]).toEqual([[`consent.${String(state)}`], 0]);
      const paid = answers.slice(n * 4, n * 4 + 3).filter(({ status }) => status === 200);
      expect(new Set(paid.map(({ body }) => JSON.stringify(body))).size).toBe(state === 'consumed' ? 1 : 0);
    }
    const consents = all.map(({ consentId }) => consentId);
    const { findings } = await app.get(AuditReading).verify();
    expect(findings.filter(({ subject }) => consents.some((consentId) => subject.endsWith(consentId)))).toEqual([]);
  });
});

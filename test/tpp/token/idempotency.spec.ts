import { KeySweeper } from '../../../src/token/par/key-sweeper.ts';
import { Hold } from '../../support/database/hold.ts';
import { TokenHarness, payment } from '../../support/token/token.ts';

let harness: TokenHarness;
beforeAll(async () => {
  harness = await TokenHarness.start();
});
afterAll(() => harness.stop());

interface Answer extends Readonly<Record<string, unknown>> {
  readonly request_uri: string;
  readonly expires_in: number;
  readonly consent_id: string;
}

async function pushAs(key: string, fields: Record<string, string>, party = harness.parties.tpp) {
  return harness.post('/par', { ...fields, ...(await party.authentication()) }, { 'Idempotency-Key': key });
}

describe('a push under an Idempotency-Key', () => {
  it('is given the same consent and request when it is repeated, with fresh credentials', async () => {
    const fields = await harness.pushFields();
    const first = await pushAs('order-1', fields);
    harness.clock.advance(20_000);
    const again = await pushAs('order-1', fields);
    const [one, two] = [first.body as Answer, again.body as Answer];
    expect([first.status, again.status]).toEqual([201, 201]);
    expect(two).toMatchObject({ consent_id: one.consent_id, request_uri: one.request_uri });
    expect(two.expires_in).toBeLessThanOrEqual(280);
  });

  it('is refused with 422 when another payment is pushed under it, and creates nothing', async () => {
    const fields = await harness.pushFields();
    await pushAs('order-2', fields);
    const consents = await harness.count('consent');
    const dearer = { ...payment, instructedAmount: { currency: 'SEK', amount: '1250.01' } };
    const refused = await pushAs('order-2', { ...fields, authorization_details: JSON.stringify([dearer]) });
    expect(refused.status).toBe(422);
    expect(refused.body).toMatchObject({ error: 'invalid_request' });
    expect(await harness.count('consent')).toBe(consents);
  });

  it('creates one consent when fifty arrive at once', async () => {
    const fields = await harness.pushFields();
    const consents = await harness.count('consent');
    const answers = await Promise.all(Array.from({ length: 50 }, () => pushAs('order-3', fields)));
    expect(new Set(answers.map(({ body }) => (body as Answer).request_uri)).size).toBe(1);
    expect(answers.map(({ status }) => status)).toEqual(Array(50).fill(201));
    expect(await harness.count('consent')).toBe(consents + 1);
  });

  it('whose statement is killed leaves nothing, and may be sent again', async () => {
    const fields = await harness.pushFields();
    const before = [await harness.count('consent'), await harness.count('idempotent_push')];
    const held = await Hold.take(harness.db, 'lock table audit_event in access exclusive mode');
    const killed = pushAs('order-7', fields);
    await held.untilBlocked();
    await harness.db.asOwner(
      `select pg_terminate_backend(pid) from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`,
    );
    expect((await killed).status).toBe(503);
    await held.release();
    expect([await harness.count('consent'), await harness.count('idempotent_push')]).toEqual(before);
    const [first, again] = [await pushAs('order-7', fields), await pushAs('order-7', fields)];
    expect([first.status, again.status]).toEqual([201, 201]);
    expect((again.body as Answer).request_uri).toBe((first.body as Answer).request_uri);
    expect(await harness.count('consent')).toBe(before[0]! + 1);
  });

  it('is a name of its own for each TPP', async () => {
    const { otherTpp, tpp } = harness.parties;
    const fields = await harness.pushFields();
    const one = await pushAs('order-4', fields, tpp);
    const proof = await otherTpp.proof('POST', '/par');
    const theirs = { ...fields, ...(await otherTpp.authentication()) };
    const two = await harness.post('/par', theirs, { 'Idempotency-Key': 'order-4', DPoP: proof });
    expect(two.status).toBe(201);
    expect((two.body as Answer).consent_id).not.toBe((one.body as Answer).consent_id);
  });

  it('is refused when the key is longer than 40 characters', async () => {
    const { status, body } = await pushAs('x'.repeat(41), await harness.pushFields());
    expect([status, body]).toEqual([400, expect.objectContaining({ error: 'invalid_request' })]);
    expect((await pushAs('x'.repeat(40), await harness.pushFields())).status).toBe(201);
  });

  it('is free again after a day', async () => {
    const fields = await harness.pushFields();
    const first = (await pushAs('order-5', fields)).body as Answer;
    harness.clock.advance(24 * 3_600_000 + 1_000);
    const next = (await pushAs('order-5', await harness.pushFields())).body as Answer;
    expect(next.consent_id).not.toBe(first.consent_id);
  });

  it('is forgotten when its day is over, and not before', async () => {
    const sweeper = harness.get(KeySweeper);
    await sweeper.sweep();
    await pushAs('order-6', await harness.pushFields());
    const kept = await harness.count('idempotent_push');
    expect(await sweeper.sweep()).toBe(0);
    harness.clock.advance(24 * 3_600_000 + 1_000);
    expect(await sweeper.sweep()).toBe(kept);
    expect(await harness.count('idempotent_push')).toBe(0);
  });
});

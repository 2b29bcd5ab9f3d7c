import { KeySweeper } from '../../../src/token/par/key-sweeper.ts';
import { Hold } from '../../support/database/hold.ts';
import { TokenSteps } from '../../support/token/token-steps.ts';
import { atRest, payment } from '../../support/system/system.ts';

let steps: TokenSteps;
beforeAll(async () => {
  steps = await TokenSteps.start(atRest);
});
afterAll(() => steps.stop());

interface Answer extends Readonly<Record<string, unknown>> {
  readonly request_uri: string;
  readonly expires_in: number;
  readonly consent_id: string;
}

async function pushAs(key: string, fields: Record<string, string>, party = steps.tpp) {
  return steps.tpp.post('/par', { ...fields, ...(await party.authentication()) }, { 'Idempotency-Key': key });
}

describe('a push under an Idempotency-Key', () => {
  it('is given the same consent and request when it is repeated, with fresh credentials', async () => {
    const fields = steps.tpp.pushFields();
    const first = await pushAs('order-1', fields);
    steps.advance(20_000);
    const again = await pushAs('order-1', fields);
    const [one, two] = [first.body as Answer, again.body as Answer];
    expect([first.status, again.status]).toEqual([201, 201]);
    expect(two).toMatchObject({ consent_id: one.consent_id, request_uri: one.request_uri });
    expect(two.expires_in).toBeLessThanOrEqual(280);
  });

  it('is refused with 422 when another payment is pushed under it, and creates nothing', async () => {
    const fields = steps.tpp.pushFields();
    await pushAs('order-2', fields);
    const consents = await steps.count('consent');
    const dearer = { ...payment, instructedAmount: { currency: 'SEK', amount: '1250.01' } };
    const refused = await pushAs('order-2', { ...fields, authorization_details: JSON.stringify([dearer]) });
    expect(refused.status).toBe(422);
    expect(refused.body).toMatchObject({ error: 'invalid_request' });
    expect(await steps.count('consent')).toBe(consents);
  });

  it('creates one consent when fifty arrive at once', async () => {
    const fields = steps.tpp.pushFields();
    const consents = await steps.count('consent');
    const answers = await Promise.all(Array.from({ length: 50 }, () => pushAs('order-3', fields)));
    expect(new Set(answers.map(({ body }) => (body as Answer).request_uri)).size).toBe(1);
    expect(answers.map(({ status }) => status)).toEqual(Array(50).fill(201));
    expect(await steps.count('consent')).toBe(consents + 1);
  });

  it('whose statement is killed leaves nothing, and may be sent again', async () => {
    const fields = steps.tpp.pushFields();
    const before = [await steps.count('consent'), await steps.count('idempotent_push')];
    const held = await Hold.take(steps.database, 'lock table audit_event in access exclusive mode');
    const killed = pushAs('order-7', fields);
    await held.untilBlocked();
    await steps.database.asOwner(
      `select pg_terminate_backend(pid) from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`,
    );
    expect((await killed).status).toBe(503);
    await held.release();
    expect([await steps.count('consent'), await steps.count('idempotent_push')]).toEqual(before);
    const [first, again] = [await pushAs('order-7', fields), await pushAs('order-7', fields)];
    expect([first.status, again.status]).toEqual([201, 201]);
    expect((again.body as Answer).request_uri).toBe((first.body as Answer).request_uri);
    expect(await steps.count('consent')).toBe(before[0]! + 1);
  });

  it('is a name of its own for each TPP', async () => {
    const { otherTpp, tpp } = steps.parties;
    const fields = steps.tpp.pushFields();
    const one = await pushAs('order-4', fields, tpp);
    const proof = await otherTpp.proof('POST', '/par');
    const theirs = { ...fields, ...(await otherTpp.authentication()) };
    const two = await steps.tpp.post('/par', theirs, { 'Idempotency-Key': 'order-4', DPoP: proof });
    expect(two.status).toBe(201);
    expect((two.body as Answer).consent_id).not.toBe((one.body as Answer).consent_id);
  });

  it('is refused when the key is longer than 40 characters', async () => {
    const { status, body } = await pushAs('x'.repeat(41), steps.tpp.pushFields());
    expect([status, body]).toEqual([400, expect.objectContaining({ error: 'invalid_request' })]);
    expect((await pushAs('x'.repeat(40), steps.tpp.pushFields())).status).toBe(201);
  });

  it('is free again after a day', async () => {
    const fields = steps.tpp.pushFields();
    const first = (await pushAs('order-5', fields)).body as Answer;
    steps.advance(24 * 3_600_000 + 1_000);
    const next = (await pushAs('order-5', steps.tpp.pushFields())).body as Answer;
    expect(next.consent_id).not.toBe(first.consent_id);
  });

  it('is forgotten when its day is over, and not before', async () => {
    const sweeper = steps.get(KeySweeper);
    await sweeper.sweep();
    await pushAs('order-6', steps.tpp.pushFields());
    const kept = await steps.count('idempotent_push');
    expect(await sweeper.sweep()).toBe(0);
    steps.advance(24 * 3_600_000 + 1_000);
    expect(await sweeper.sweep()).toBe(kept);
    expect(await steps.count('idempotent_push')).toBe(0);
  });
});

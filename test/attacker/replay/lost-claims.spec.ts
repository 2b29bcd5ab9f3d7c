import { addMs } from '../../../src/kernel/clock.ts';
import { claimProofs } from '../../../src/client-auth/replay/claimed-proof.repository.ts';
import { replayEntry, type ReplayEntry } from '../../../src/client-auth/replay.ts';
import type { RawAnswer } from '../../support/parties/exchange.ts';
import { TokenSteps } from '../../support/token/token-steps.ts';

/** A clock 30 s ahead of ours will do, ours is up to 10 s from the database's, and claims tell whole seconds. */
const UNTIL_KNOWN_MS = 41_000;

let steps: TokenSteps;
beforeAll(async () => {
  steps = await TokenSteps.start({ logLevel: 'fatal' });
}, 60_000);
afterAll(() => steps.stop());

/** What PostgreSQL does with these two tables when it crashes. */
function lose(): Promise<unknown> {
  return steps.database.asOwner('truncate claimed_proof, claim_record');
}

function isPutOff({ status, headers, body }: RawAnswer): void {
  expect([status, body['error'] ?? body['code']]).toEqual([
    503,
    body['error'] ? 'temporarily_unavailable' : 'service.unavailable',
  ]);
  expect(headers.get('retry-after')).toBe('5');
}

function read(token: string, proof: string): Promise<RawAnswer> {
  return steps.tpp.send('GET', '/consent', { headers: { authorization: `DPoP ${token}`, dpop: proof } });
}

describe('after a crash of the database, which loses the claims of proofs', () => {
  it('a client assertion and a DPoP proof that were used before it are not accepted again', async () => {
    const { token } = await steps.token();
    const assertion = await steps.bank.assertion();
    const form = { ...steps.bank.credentials(assertion), token };
    const proof = await steps.tpp.proof('GET', '/consent', token);
    expect((await steps.bank.post('/introspect', form)).body).toMatchObject({ active: true });
    expect((await read(token, proof)).status).toBe(200);
    await lose();
    isPutOff(await steps.bank.post('/introspect', form));
    isPutOff(await read(token, proof));
    steps.advance(UNTIL_KNOWN_MS);
    isPutOff(await steps.bank.post('/introspect', form));
    isPutOff(await read(token, proof));
  });

  it('no proof is accepted until it is certain to be new, and then all are', async () => {
    const { token } = await steps.token();
    await lose();
    const asks = (): Promise<RawAnswer> => steps.bank.postAs('/introspect', { token });
    const pushes = (): Promise<RawAnswer> => steps.tpp.postAs('/par', steps.tpp.pushFields());
    const reads = async (): Promise<RawAnswer> => read(token, await steps.tpp.proof('GET', '/consent', token));
    for (const answer of await Promise.all([asks(), pushes(), reads()])) isPutOff(answer);
    steps.advance(UNTIL_KNOWN_MS);
    expect((await asks()).body).toMatchObject({ active: true });
    expect((await pushes()).status).toBe(201);
    expect((await reads()).status).toBe(200);
  });

  it('an assertion that does not say when it was issued is accepted ten minutes before it expires', async () => {
    await lose();
    const push = async (seconds: number): Promise<RawAnswer> =>
      steps.pushWith(await steps.tpp.assertion({ claims: { iat: undefined, exp: steps.tpp.now + seconds } }));
    isPutOff(await push(590));
    steps.advance(UNTIL_KNOWN_MS);
    isPutOff(await push(540));
    expect((await push(599)).status).toBe(201);
  });

  it('an old proof is not accepted beside a new one that has its name', async () => {
    const now = new Date();
    const proof = (since: number): ReplayEntry =>
      replayEntry('assertion', steps.bank.id, 'twice', { from: addMs(now, since), until: addMs(now, 60_000) });
    await steps.database.asOwner('update claim_record set complete_since = $1', [now]);
    expect(await claimProofs(steps.database.database, [proof(1), proof(-1)])).toEqual([]);
    expect(await claimProofs(steps.database.database, [proof(1)])).toHaveLength(1);
  });

  it('a start of the record that a wrong clock put far ahead keeps no caller out for long', async () => {
    await steps.database.asOwner(`update claim_record set complete_since = now() + interval '1 day'`);
    isPutOff(await steps.tpp.postAs('/par', steps.tpp.pushFields()));
    steps.advance(UNTIL_KNOWN_MS);
    expect((await steps.tpp.postAs('/par', steps.tpp.pushFields())).status).toBe(201);
  });

  it('the one of two that was used since is refused as used, and the other put off', async () => {
    await lose();
    isPutOff(await steps.tpp.postAs('/par', steps.tpp.pushFields()));
    const old = await steps.tpp.assertion();
    steps.advance(UNTIL_KNOWN_MS);
    const assertion = await steps.tpp.assertion();
    expect((await steps.pushWith(assertion)).status).toBe(201);
    const again = await steps.pushWith(assertion);
    expect([again.status, again.body]).toEqual([
      401,
      {
        error: 'invalid_client',
        error_description: 'The client assertion has been used before.',
        error_uri: `${steps.tpp.issuer}/problems/client.assertion-replayed`,
      },
    ]);
    isPutOff(await steps.pushWith(old));
  });
});

import { createHash } from 'node:crypto';
import type { RawAnswer } from '../../support/parties/exchange.ts';
import { consumption, TokenSteps } from '../../support/token/token-steps.ts';
import { race, ROUNDS, rounds } from '../../support/token/race.ts';

let steps: TokenSteps;
let bankToken: string;
let references = 0;
beforeAll(async () => {
  steps = await TokenSteps.start();
}, 60_000);
afterAll(() => steps.stop());
beforeEach(async () => {
  bankToken = await steps.bank.machineToken('consume');
});

function consume({ token, consentId }: { token: string; consentId: string }, reference: string): Promise<RawAnswer> {
  const body = consumption(createHash('sha256').update(token).digest('base64url'), reference);
  return steps.bank.call(bankToken, 'POST', `/consents/${consentId}/consume`, { body });
}

function newReference(): string {
  references += 1;
  return `ref-${references}`;
}

describe('one of fifty callers wins', () => {
  it('when a code is redeemed fifty times at the same moment', async () => {
    const coded = await steps.coded();
    const answers = await Promise.all(Array.from({ length: 50 }, () => steps.redeem(coded)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ body }) => body['error'] === 'invalid_grant')).toHaveLength(49);
    // The other 49 are its own client with a used code: the code has leaked.
    const [won] = answers.filter(({ status }) => status === 200);
    expect(await steps.isActive(String(won?.body['access_token']))).toBe(false);
  });

  it('when a consent is consumed fifty times at the same moment, for fifty payments', async () => {
    const own = await steps.token();
    const answers = await Promise.all(Array.from({ length: 50 }, () => consume(own, newReference())));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(49);
    expect(await steps.isActive(own.token)).toBe(false);
  });

  it('when the same consumption comes fifty times at the same moment, and all fifty get its answer', async () => {
    const own = await steps.token();
    const reference = newReference();
    const answers = await Promise.all(Array.from({ length: 50 }, () => consume(own, reference)));
    expect(answers.map(({ status }) => status)).toEqual(Array<number>(50).fill(200));
    expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
    const [events] = await steps.database.asOwner(
      `select count(*)::int as n from audit_event where type = 'consent.consumed' and subject like $1`,
      [`%${own.consentId}`],
    );
    expect(events).toEqual({ n: 1 });
  });
});

describe('a revocation and a consumption never both succeed', () => {
  it(
    'when the TPP revokes while the bank consumes',
    async () => {
      const won = { consumed: 0, revoked: 0 };
      await rounds(async () => {
        const own = await steps.token();
        const [consumed, revoked] = await race(
          () => consume(own, newReference()),
          () => steps.tpp.postAs('/revoke', { token: own.token }),
        );
        const { state } = await steps.stateOf(own.consentId);
        expect([revoked.status, [200, 409]]).toEqual([200, expect.arrayContaining([consumed.status])]);
        expect(state).toBe(consumed.status === 200 ? 'consumed' : 'revoked');
        expect(await steps.isActive(own.token)).toBe(false);
        won[consumed.status === 200 ? 'consumed' : 'revoked'] += 1;
      });
      expect(won.consumed + won.revoked).toBe(ROUNDS);
      expect(Math.min(won.consumed, won.revoked)).toBeGreaterThan(0);
    },
    ROUNDS * 1000,
  );
});

import { TokenSteps } from '../../support/token/token-steps.ts';
import { race, ROUNDS, rounds } from '../../support/token/race.ts';

let steps: TokenSteps;
beforeAll(async () => {
  steps = await TokenSteps.start();
}, 60_000);
afterAll(() => steps.stop());

describe('a redemption and an expiry never both succeed', () => {
  it(
    'when a code is redeemed while its consent expires',
    async () => {
      const won = { redeemed: 0, expired: 0 };
      await rounds(async () => {
        const coded = await steps.coded();
        const [redeemed] = await race(
          () => steps.redeem(coded),
          () => expire(coded.consentId),
        );
        const hasToken = redeemed.status === 200;
        const [row] = await steps.database.asOwner(
          `select state, (select count(*)::int from access_token where consent_id = consent.id) as tokens from consent where id = $1`,
          [coded.consentId],
        );
        if (hasToken) {
          // Redeemed first; what expired afterwards takes the token with it.
          expect(row?.['tokens']).toBe(1);
          if (row?.['state'] === 'expired')
            expect(await steps.isActive(String(redeemed.body['access_token']))).toBe(false);
        } else {
          expect([redeemed.body['error'], row]).toEqual(['invalid_grant', { state: 'expired', tokens: 0 }]);
        }
        won[hasToken ? 'redeemed' : 'expired'] += 1;
      });
      expect(won.redeemed + won.expired).toBe(ROUNDS);
      expect(Math.min(won.redeemed, won.expired)).toBeGreaterThan(0);
    },
    ROUNDS * 1000,
  );
});

/** As the sweeper does when the time is up, but at this moment. */
async function expire(consentId: string): Promise<void> {
  await steps.database.asOwner(
    `update consent set state = 'expired', reason = 'no-consumption', ended_at = now(), live_token_hash = null,
            live_token_expires_at = null where id = $1 and state = 'authorised'`,
    [consentId],
  );
}

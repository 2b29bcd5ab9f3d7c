import { Clients, type ClientKey } from '../../../src/clients/clients.ts';
import { MINUTE_MS, addMs } from '../../../src/kernel/clock.ts';
import { PayerBrowser } from '../../../sandbox/payer-browser.ts';
import { tamper } from '../../support/database/tamper.ts';
import { eventually } from '../../support/eventually.ts';
import { LogLines, type LogLine } from '../../support/logs/log-lines.ts';
import { attested, euroPayment } from '../../support/parties/attested.ts';
import { BankSteps } from '../../support/parties/bank-steps.ts';

const log = new LogLines();
let steps: BankSteps;

beforeAll(async () => {
  steps = await BankSteps.start({ logStream: log });
}, 60_000);
afterAll(() => steps.stop());

const match = { result: 'match' };
const CONFIRMED = 'Namnet stämmer med kontot, enligt Exempelbanken AB';
const isError = ({ level }: LogLine): boolean => level === 'error' || Number(level) >= 50;
const bySomeBank = (name: 'bank' | 'otherBank', agoMs = 0): Promise<object> =>
  attested(steps.payer.world.system.clients[name], match, addMs(steps.payer.clock.now(), -agoMs));

/** What a login that writes rows, and has no bank's key, can write of the payee. */
const forgeries: readonly (readonly [string, () => Promise<object>])[] = [
  ['that is no JWS', async () => ({ ...(await bySomeBank('bank')), attestation: 'a.b.c' })],
  ['of another result', async () => ({ ...(await bySomeBank('bank')), result: 'not-possible' })],
  ['that nobody signed', async () => spoilt(await bySomeBank('bank'))],
  ['that another bank signed', () => bySomeBank('otherBank')],
  ['that the bank signed long before the push', () => bySomeBank('bank', 11 * MINUTE_MS)],
];

function spoilt(verification: object): object {
  const [header, payload] = (verification as { attestation: string }).attestation.split('.');
  return { ...verification, attestation: `${header}.${payload}.${Buffer.alloc(64, 1).toString('base64url')}` };
}

async function write(consentId: string, verification: object): Promise<void> {
  const sql = 'update consent set creditor_name_verification = $2 where id = $1';
  const values = [consentId, JSON.stringify(verification)];
  expect(await tamper(steps.payer.world.database, 'consent', sql, values)).toBe(1);
}

const ordersOf = (consentId: string): Promise<readonly object[]> =>
  steps.payer.world.database.asOwner('select id from sign_order where order_group = $1', [consentId]);

const alterationsOf = async (consentId: string): Promise<unknown[]> => {
  const sql = `select event::json #>> '{detail,alteration}' as alteration from audit_event
                where type = 'authorisation.found-altered' and subject like '%' || $1`;
  return (await steps.payer.world.database.asOwner(sql, [consentId])).map(({ alteration }) => alteration);
};

describe("an attestation of the payee in a consent's row", () => {
  it.each(forgeries)('is neither shown nor put into an order, and is reported: one %s', async (_which, forge) => {
    const pushed = await steps.parties.tpp.push(euroPayment);
    await write(pushed.consentId, await forge());
    const line = log.count;
    const browser = new PayerBrowser();
    const page = await browser.open(pushed.authorizationUrl);
    expect([page.status, page.body.includes(CONFIRMED)]).toEqual([409, false]);
    const pressed = await browser.post(`${browser.interactionPath}/start/this`);
    expect([pressed.status, await ordersOf(pushed.consentId)]).toEqual([409, []]);
    expect(log.all(isError, line)).toEqual([expect.objectContaining({ context: 'authorisations' })]);
    expect(await alterationsOf(pushed.consentId)).toEqual(['attestation-not-of-bank']);
  });

  it.each(forgeries)('is put into no order where it was written after the page was shown: one %s', async (_, forge) => {
    const { pushed, browser } = await steps.payer.visit(euroPayment);
    await write(pushed.consentId, await forge());
    const pressed = await browser.post(`${browser.interactionPath}/start/other`);
    expect([pressed.status, await ordersOf(pushed.consentId)]).toEqual([409, []]);
    expect(await alterationsOf(pushed.consentId)).toEqual(['attestation-not-of-bank']);
  });

  it('grants nothing while the key that signed it is not registered', async () => {
    const creditorNameVerification = await bySomeBank('bank');
    const inHand = await steps.payer.open({ ...euroPayment, creditorNameVerification });
    const { consentId } = inHand.pushed;
    const bank = steps.payer.get(Clients).getClient(steps.parties.bank.id) as { keys: readonly ClientKey[] };
    const { keys } = bank;
    bank.keys = keys.map((key) => ({ ...key, kid: `${key.kid}-later` }));
    try {
      await steps.payer.world.app.sign(inHand.orderId, {});
      await eventually(async () => ((await alterationsOf(consentId)).length > 0 ? true : undefined));
      expect((await steps.rowOf({ consentId, token: '' }))['state']).toBe('awaiting-authorisation');
    } finally {
      bank.keys = keys;
    }
    const sql = `update sign_order set settle_lease_until = clock_timestamp() where order_group = $1`;
    await steps.payer.world.database.asOwner(sql, [consentId]);
    await steps.payer.waitForState(consentId, 'authorised');
  });

  it("pays twenty minutes after it was made, if it is the bank's", async () => {
    const creditorNameVerification = await bySomeBank('bank', 9 * MINUTE_MS);
    const inHand = await steps.payer.open({ ...euroPayment, creditorNameVerification });
    await steps.payer.world.app.cancel(inHand.orderId);
    await inHand.browser.waitFor('try-again');
    steps.payer.clock.advance(11 * MINUTE_MS);
    expect((await inHand.browser.get(inHand.browser.interactionPath)).status).toBe(200);
    const link = new URL(await inHand.browser.startOnThisDevice());
    const { id: orderId } = await steps.payer.world.app.open(link.searchParams.get('autostarttoken') ?? '');
    expect(await steps.payer.sign({ ...inHand, orderId })).toBe('authorised');
    const entitled = { consentId: inHand.pushed.consentId, token: await steps.payer.token(inHand) };
    const paid = await steps.consume(entitled, steps.consumption(entitled, 'attested', { payment: euroPayment }));
    expect(paid.status).toBe(200);
  });
});

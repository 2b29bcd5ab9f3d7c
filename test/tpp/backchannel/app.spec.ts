import { randomUUID } from 'node:crypto';
import { APP_RETURN } from '../../../sandbox/clients.ts';
import { BackchannelClient, type Requested } from '../../support/parties/backchannel-client.ts';
import { RawClient, sha256 } from '../../support/parties/raw-client.ts';
import { eventually } from '../../support/eventually.ts';
import { anna, payment, quick, TestSystem } from '../../support/system/system.ts';

let test: TestSystem;
let tpp: BackchannelClient;

beforeAll(async () => {
  test = await TestSystem.start({ timings: quick });
  const { issuer, clients } = test.system;
  tpp = await BackchannelClient.create(await RawClient.create(clients.appTpp, issuer, test.clock), clients.appTpp);
});
afterAll(() => test.stop());

async function stateOf(requested: Requested): Promise<string> {
  return String((await tpp.call(requested, 'GET')).body['state']);
}

async function until(requested: Requested, state: string): Promise<void> {
  await eventually(async () => ((await stateOf(requested)) === state ? true : undefined));
}

/** The app opens BankID by the link of now. */
async function launch(requested: Requested): Promise<string> {
  const { status, body } = await tpp.call(requested, 'POST', '/launch');
  if (status !== 200) throw new Error(`no link: ${status} ${JSON.stringify(body)}`);
  const link = new URL(String(body['url']));
  return (await test.app.open(link.searchParams.get('autostarttoken') ?? '')).id;
}

/** The payer signs in the BankID app, which opens the TPP's app again. */
async function sign(orderId: string): Promise<string> {
  const { returnUrl } = await test.app.sign(orderId, { personalNumber: anna });
  expect(returnUrl?.startsWith(`${APP_RETURN}?`)).toBe(true);
  return new URL(returnUrl ?? '').searchParams.get('sigill_nonce') ?? '';
}

describe("a TPP's app", () => {
  it('has a payment signed without any browser, and the bank consumes it', async () => {
    const requested = await tpp.request(tpp.appClaims());
    expect(requested).toMatchObject({ interval: 2, expiresIn: 180 });
    expect((await tpp.poll(requested)).body).toMatchObject({ error: 'authorization_pending' });
    expect((await tpp.call(requested, 'GET')).body).toMatchObject({ state: 'waiting', way: 'app' });

    const nonce = await sign(await launch(requested));
    const returned = await tpp.call(requested, 'POST', '/return', { body: { nonce } });
    expect(returned.status).toBe(204);
    await until(requested, 'done');

    const { status, body } = await tpp.poll(requested);
    expect(status).toBe(200);
    expect(body).toMatchObject({ token_type: 'DPoP', consent_id: requested.consentId });
    const use = { payment, personalNumber: anna, paymentReference: randomUUID() };
    const consumed = await test.bank.consume(requested.consentId, {
      ...use,
      accessToken: String(body['access_token']),
    });
    expect(consumed.status).toBe(200);
    expect(sha256(String(body['access_token']))).toHaveLength(43);
  });
});

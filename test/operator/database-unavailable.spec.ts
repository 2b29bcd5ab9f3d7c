import { TokenSteps } from '../support/token/token-steps.ts';
import type { RawAnswer } from '../support/parties/exchange.ts';

let steps: TokenSteps;
beforeAll(async () => {
  steps = await TokenSteps.start({ logLevel: 'fatal' });
}, 60_000);
afterAll(() => steps.stop());

/** The service's connections are cut, as by a server that shuts down, and it gets no new ones. */
async function cut(): Promise<void> {
  const { name } = steps.database;
  await steps.database.asOwner(`revoke connect on database ${name} from public`);
  await steps.database.asOwner(
    `select pg_terminate_backend(pid) from pg_stat_activity where datname = $1 and usename = 'sigill_service'`,
    [name],
  );
}

function mend(): Promise<unknown> {
  return steps.database.asOwner(`grant connect on database ${steps.database.name} to public`);
}

describe('while the database is unavailable', () => {
  it('every caller is asked to come back later, in the form of its route, and can', async () => {
    const { token, ...pushed } = await steps.token();
    const push = (): Promise<RawAnswer> => steps.tpp.postAs('/par', steps.tpp.pushFields());
    const ask = (): Promise<RawAnswer> => steps.bank.postAs('/introspect', { token });
    const read = (): Promise<RawAnswer> => steps.tpp.call(token, 'GET', `/consents/${pushed.consentId}`);
    const visit = (): Promise<RawAnswer> => steps.visit(pushed);
    await cut();
    const answers = await Promise.all([push(), ask(), read(), visit()]);
    await mend();
    expect(answers.map(({ status }) => status)).toEqual([503, 503, 503, 503]);
    const [pushing, asking, reading, visiting] = answers;
    const error_uri = `${steps.tpp.issuer}/problems/service.unavailable`;
    const refused = { error: 'temporarily_unavailable', error_uri };
    expect([pushing.body, asking.body]).toEqual([refused, refused]);
    expect(reading.body).toMatchObject({ code: 'service.unavailable' });
    expect([pushing, asking, reading].map(({ headers }) => headers.get('retry-after'))).toEqual(['5', '5', '5']);
    expect(visiting.text).toContain('Vänta en stund och ladda sedan om sidan');
    expect((await push()).status).toBe(201);
    expect((await ask()).body).toMatchObject({ active: true });
    expect((await read()).status).toBe(200);
  });
});

import type { RawAnswer } from '../../support/parties/exchange.ts';
import { LogLines } from '../../support/logs/log-lines.ts';
import { Metrics } from '../../support/logs/metrics.ts';
import { TokenSteps } from '../../support/token/token-steps.ts';

const TIMES = 300;
/** Fewer at a time than what is turned away as too much. */
const AT_ONCE = 30;

let steps: TokenSteps;
const log = new LogLines();
beforeAll(async () => {
  steps = await TokenSteps.start({ logStream: log });
}, 60_000);
afterAll(() => steps.stop());

/** The status of each of many answers, and how many lines and stacks they left. */
async function flood(request: (index: number) => Promise<RawAnswer>, times = TIMES): Promise<Record<string, unknown>> {
  const before = log.count;
  const answers: RawAnswer[] = [];
  while (answers.length < times) {
    const batch = Array.from({ length: Math.min(AT_ONCE, times - answers.length) }, (_, n) => answers.length + n);
    answers.push(...(await Promise.all(batch.map(request))));
  }
  // The line of this one is written after theirs.
  const last = await steps.tpp.get('/jwks');
  await log.of(last.headers.get('x-request-id'));
  const lines = log.all(({ route, kind }) => route !== '/jwks' && kind === undefined, before);
  return {
    statuses: [...new Set(answers.map(({ status }) => status))],
    identified: answers.every(({ headers }) => headers.has('x-request-id')),
    lines: lines.length,
    stacks: lines.filter((line) => JSON.stringify(line).includes('"stack"')).length,
  };
}

const refused = (code: string): Promise<number> =>
  new Metrics(steps.metricsUrl).read('sigill_requests_refused_total', `code="${code}"`);

describe('what anyone can repeat as often as they like is written once and counted', () => {
  it('requests for addresses that do not exist', async () => {
    const before = await refused('request.not-found');
    expect(await flood((index) => steps.tpp.get(`/wp-admin/${index}`))).toEqual({
      ...{ statuses: [404], identified: true, lines: 1, stacks: 0 },
    });
    expect((await refused('request.not-found')) - before).toBe(TIMES);
  });

  it('certificates in a header that no proxy of ours wrote, the first with the address that it came from', async () => {
    const before = log.count;
    const forge = (): Promise<RawAnswer> => steps.tpp.send('GET', '/jwks', { headers: { 'client-cert': ':AAAA:' } });
    expect(await flood(forge)).toEqual({ statuses: [400], identified: true, lines: 1, stacks: 0 });
    const [line] = log.all(({ code }) => code === 'request.forged-certificate', before);
    expect(line).toMatchObject({ level: 'info', reason: expect.stringMatching(/^from .*127\.0\.0\.1$/) });
  });

  it('requests of callers who prove nothing, beyond the hundred that are found one by one', async () => {
    const guess = (): Promise<RawAnswer> => steps.tpp.post('/introspect', { token: 'x' });
    const { lines, ...others } = await flood(guess);
    expect(others).toEqual({ statuses: [401], identified: true, stacks: 0 });
    expect(lines).toBeGreaterThanOrEqual(100);
    // A hundred for each ten seconds that the flood takes.
    expect(lines).toBeLessThan(TIMES);
  });

  it('but what a registered client is refused is found each time', async () => {
    const redeem = (): Promise<RawAnswer> => steps.tpp.postAs('/token', { grant_type: 'password' });
    expect(await flood(redeem, 150)).toEqual({ statuses: [400], identified: true, lines: 150, stacks: 0 });
  });
});

describe('what all callers have at once is written once and counted', () => {
  it('proofs that are refused for now, because the database has lost the claims', async () => {
    await steps.database.asOwner('truncate claimed_proof, claim_record');
    const { lines, ...others } = await flood(() => steps.bank.postAs('/introspect', { token: 'x' }), 50);
    expect(others).toEqual({ statuses: [503], identified: true, stacks: 0 });
    // The other line says that the record of claimed proofs was lost.
    expect(lines).toBeLessThanOrEqual(2);
    steps.advance(60_000);
  });

  it('requests while the database is unavailable', async () => {
    const { name } = steps.database;
    await steps.database.asOwner(`revoke connect on database ${name} from public`);
    await steps.database.asOwner(
      `select pg_terminate_backend(pid) from pg_stat_activity where datname = $1 and usename = 'sigill_service'`,
      [name],
    );
    const { lines, stacks, ...others } = await flood(() => steps.bank.postAs('/introspect', { token: 'x' }), 100);
    await steps.database.asOwner(`grant connect on database ${name} to public`);
    expect(others).toEqual({ statuses: [503], identified: true });
    // One for the requests, and one for each of the workers that ran meanwhile.
    expect(Number(lines)).toBeLessThan(10);
    expect(Number(stacks)).toBeLessThan(10);
  });
});

describe('the summary of what was not written', () => {
  it('says how often it came, in the name of no request', async () => {
    const [summary] = await log.until(({ kind }) => String(kind).startsWith('request.not-found'));
    expect(summary).toMatchObject({ msg: 'more requests like this', repeated: TIMES - 1 });
    expect(summary).not.toHaveProperty('requestId');
  }, 30_000);
});

describe('the log of a start', () => {
  it('names the patterns of routes as they are', () => {
    expect(log.text).toContain('/pay/:interaction/start/this');
    expect(log.all(({ context, msg }) => context === 'RouterExplorer' && String(msg).includes('[secret]'))).toEqual([]);
  });
});

import { people } from '../../../simulator/pki/people.ts';
import { scenarios } from '../../../simulator/scenarios/scenarios.ts';
import { Bench, base64 } from '../../support/bankid/relying-party.ts';

const anna = '199001012385';
const cecilia = '197202292384';

let bench: Bench;
beforeAll(async () => {
  bench = await Bench.start();
}, 60_000);
afterAll(() => bench.stop());
afterEach(() => bench.app.clearScenarios());

type Language = 'sv' | 'en';
const at = (path: string): URL => new URL(path, bench.simulator.appUrl);
const page = async (path: string, language: Language = 'en', form?: Record<string, string>): Promise<string> => {
  const posted = form ? { method: 'POST', body: new URLSearchParams(form) } : {};
  return (await fetch(at(path), { ...posted, headers: { 'accept-language': language } })).text();
};
const api = async (path: string): Promise<unknown> => (await fetch(at(`api/${path}`))).json();

describe('the menu of scenarios', () => {
  it.each(['sv', 'en'] as const)('says in %s of each what happens and what TPP and payer see', async (language) => {
    const menu = (await page('/scenarios', language)).replaceAll(/<\/?code>/g, '`').replaceAll(/\s+/g, ' ');
    for (const scenario of scenarios) {
      const { title, happens, tpp, payer } = scenario[language];
      for (const said of [`>${title}</h2>`, `<p>${happens}</p>`, `<dd>${tpp}</dd>`, `<dd>${payer}</dd>`])
        expect(menu).toContain(said);
      expect(menu).toContain(`value="${scenario.id}"`);
    }
  });

  it('is led to from the first page, and plays what is chosen with the next order', async () => {
    expect(await page('/')).toContain('href="/scenarios"');
    const first = await page('/scenarios', 'sv', { person: '', scenario: 'high-risk' });
    expect(first).toContain('<strong>Nästa ärende: Hög risk</strong>');
    const { orderRef, autoStartToken } = await bench.place({ returnRisk: true });
    expect(await page(`/?autostarttoken=${autoStartToken}`, 'sv')).toContain('Scenario: Hög risk.');
    expect(await page('/', 'sv')).not.toContain('Nästa ärende');
    await page(`/orders/${orderRef}/sign`, 'en', { person: anna });
    expect((await bench.collect(orderRef)).body.completionData.risk).toBe('high');
  });

  it('plays it with the orders of one person, until it is taken back', async () => {
    const form = { person: anna, scenario: 'cancelled' };
    expect(await page('/scenarios', 'en', form)).toContain('Every order of Anna Andersson: Cancelled in the app');
    const { orderRef, autoStartToken } = await bench.place();
    await page(`/?autostarttoken=${autoStartToken}`);
    expect(await page(`/orders/${orderRef}/sign`, 'en', { person: anna })).toContain('You cancelled.');
    expect(await page('/scenarios', 'en', { ...form, scenario: '' })).not.toContain('Every order of Anna Andersson:');
  });

  it('plays another one with an order that is open', async () => {
    const { orderRef, autoStartToken } = await bench.place({ userVisibleData: base64('Text') });
    await page(`/?autostarttoken=${autoStartToken}`);
    const chosen = await page(`/orders/${orderRef}/scenario`, 'en', { scenario: 'expired' });
    expect(chosen).toContain('Scenario: Not answered in time.');
    expect(chosen).toMatch(/<option value="expired" +selected>/);
    // It begins before an order is there.
    expect(chosen).not.toContain('value="maintenance"');
    expect(await page(`/orders/${orderRef}/sign`, 'en', { person: anna })).toContain('Time ran out.');
  });

  it('refuses a scenario that is not on it, in the language of the page', async () => {
    expect(await page('/scenarios', 'sv', { scenario: '__proto__' })).toContain('Det finns inget sådant scenario.');
  });
});

describe('the scenarios of the API', () => {
  it('are those of the menu, in both languages, with those that wait', async () => {
    await bench.app.setNextScenario('maintenance');
    await bench.app.setScenarioOf(cecilia, 'revoked');
    expect(await api('scenarios')).toEqual({
      scenarios: scenarios.map(({ id, sv, en }) => ({ id, sv, en })),
      planned: { next: 'maintenance', people: { [cecilia]: 'revoked' } },
    });
    await bench.app.clearScenarios();
    expect(await api('scenarios')).toMatchObject({ planned: { next: null, people: {} } });
  });

  it('name someone else who exists', () => {
    const { personalNumber } = scenarios.find(({ id }) => id === 'someone-else')!.fault(new Date());
    const named = people.find((person) => person.personalNumber === personalNumber);
    expect(`${named?.givenName} ${named?.surname}`).toBe('Cecilia Dahl');
    const { sv, en } = scenarios.find(({ id }) => id === 'someone-else')!;
    for (const { happens } of [sv, en]) expect(happens).toContain('Cecilia Dahl');
  });
});

describe('an order that is played', () => {
  it('keeps what a fault had spoilt besides', async () => {
    await bench.app.setFault({ next: 'order', pendingHint: 'userDances' });
    await bench.app.setNextScenario('moderate-risk');
    const { orderRef, autoStartToken } = await bench.place({ returnRisk: true });
    const opened = await bench.app.open(autoStartToken);
    expect(opened.scenario).toBe('moderate-risk');
    expect((await bench.collect(orderRef)).body.hintCode).toBe('userDances');
    await bench.app.sign(orderRef);
    expect((await bench.collect(orderRef)).body.completionData.risk).toBe('moderate');
  });

  it('slowly says processing for ten seconds, and is not lost', async () => {
    await bench.app.setNextScenario('slow-answer');
    const { orderRef, autoStartToken } = await bench.place();
    await bench.app.open(autoStartToken);
    await bench.app.sign(orderRef);
    expect((await bench.collect(orderRef)).body).toMatchObject({ status: 'pending', hintCode: 'processing' });
    bench.clock.advance(10_000);
    expect((await bench.collect(orderRef)).body.status).toBe('complete');
  });

  it('in maintenance is not placed, also for the person whose scenario that is', async () => {
    await bench.app.setScenarioOf(cecilia, 'maintenance');
    const requirement = { personalNumber: cecilia };
    for (let n = 0; n < 2; n += 1) {
      const { status, body } = await bench.call('sign', {
        endUserIp: '192.0.2.1',
        userVisibleData: 'aGVq',
        requirement,
      });
      expect([status, body.errorCode]).toEqual([503, 'Maintenance']);
    }
    await bench.place();
  });
});

import { scenarios } from '../../simulator/scenarios/scenarios.ts';
import type { ScenarioId } from '../../simulator/scenarios/scenario.ts';
import { ANYBODY, BackchannelSteps } from '../support/backchannel/backchannel-steps.ts';
import type { BackchannelClient, Requested } from '../support/parties/backchannel-client.ts';
import { PayerSteps, type InHand } from '../support/parties/payer-steps.ts';
import { anna, bo, payment, quick } from '../support/system/system.ts';

const cecilia = '197202292384';
const provbanken = 'https://api.provbanken.example/payments';

let steps: PayerSteps;
let backchannel: BackchannelSteps;
let phoneTpp: BackchannelClient;
beforeAll(async () => {
  steps = await PayerSteps.start({ timings: quick });
  backchannel = await BackchannelSteps.in(steps.world);
  phoneTpp = await backchannel.connect(steps.world.system.clients.phoneTpp);
}, 120_000);
afterAll(() => steps.stop());
afterEach(async () => {
  await steps.world.app.clearScenarios();
  await steps.world.app.clearFaults();
});

const played = new Set<ScenarioId>();
/** As a tester does: chooses what happens next, and then pays as ever. */
async function play(scenario: ScenarioId, changes: Record<string, string> = {}): Promise<InHand> {
  played.add(scenario);
  await steps.world.app.setNextScenario(scenario);
  return steps.open(payment, changes);
}

const pageOf = async ({ browser }: Pick<InHand, 'browser'>): Promise<string> =>
  (await browser.get(browser.interactionPath)).body;
const tppReads = ({ pushed }: InHand): Promise<Readonly<Record<string, unknown>>> =>
  steps.consent(pushed.consentId, 'tpp');

const bound = { login_hint: `personnummer:${anna}` };

describe('a scenario that is played with the next order', () => {
  it.each<[ScenarioId, Record<string, string>, string, string]>([
    ['someone-else', bound, 'signature', 'Underskriften kunde inte godkännas'],
    ['high-risk', {}, 'risk', 'Betalningen stoppades för din säkerhet'],
    ['bankid-issued-today', { resource: provbanken }, 'policy', 'Banken godtar inte den här underskriften'],
    ['revoked', {}, 'signature', 'Underskriften kunde inte godkännas'],
    ['ocsp-unknown', {}, 'signature', 'Underskriften kunde inte godkännas'],
  ])('%s: the TPP reads access_denied and not why, the payer reads what happened', async (...row) => {
    const [scenario, changes, view, said] = row;
    const inHand = await play(scenario, changes);
    await steps.sign(inHand, {}, view);
    const page = await pageOf(inHand);
    expect(page).toContain(said);
    expect(page).toMatch(/[Ii]nget betalas/);
    expect(await tppReads(inHand)).toMatchObject({ state: 'rejected', reason: 'not-completed' });
    const returned = (await inHand.browser.finish()).searchParams;
    expect([returned.get('error'), returned.get('error_description')]).toEqual(['access_denied', 'not-completed']);
  });

  it.each<ScenarioId>(['someone-else', 'moderate-risk', 'bankid-issued-today', 'slow-answer'])(
    '%s: the TPP gets its token where nothing forbids it',
    async (scenario) => {
      const inHand = await play(scenario);
      const { returnUrl } = await steps.world.app.sign(inHand.orderId);
      await inHand.browser.get(returnUrl ?? '');
      if (scenario === 'slow-answer') {
        expect(await tppReads(inHand)).toMatchObject({ state: 'awaiting-authorisation' });
        steps.clock.advance(10_000);
        await steps.world.app.collectNow();
      }
      await inHand.browser.waitFor('authorised');
      expect(await pageOf(inHand)).toContain('Betalningen är godkänd');
      expect(await steps.token(inHand)).toHaveLength(43);
      expect(await tppReads(inHand)).toMatchObject({ state: 'authorised' });
    },
  );

  it.each<[ScenarioId, RegExp]>([
    ['expired', /RFA8/],
    ['cancelled', /RFA6/],
  ])('%s: the payer may try again, and the TPP reads that nothing is decided', async (scenario, message) => {
    const inHand = await play(scenario);
    await steps.sign(inHand, {}, 'try-again');
    expect(await pageOf(inHand)).toMatch(message);
    expect(await tppReads(inHand)).toMatchObject({ state: 'awaiting-authorisation' });
    const again = await steps.world.openInApp(inHand.pushed, inHand.browser);
    await steps.sign({ ...inHand, ...again });
    expect(await steps.token(inHand)).toHaveLength(43);
  });

  it('maintenance: the payer reads that BankID has a problem, and may try again', async () => {
    played.add('maintenance');
    const visited = await steps.visit();
    await steps.world.app.setNextScenario('maintenance');
    const page = await visited.browser.post(`${visited.browser.interactionPath}/start/this`);
    expect(page.body).toContain('data-rfa="RFA5"');
    expect(await steps.consent(visited.pushed.consentId, 'tpp')).toMatchObject({ state: 'awaiting-authorisation' });
    await steps.sign({ ...visited, ...(await steps.world.openInApp(visited.pushed, visited.browser)) });
    expect(await steps.token(visited)).toHaveLength(43);
  });
});

describe('a scenario without a browser', () => {
  const inCall = { bankid_start: 'phone', end_user_ip: undefined, operator_reference: 'desk-7' } as const;
  const ended = async (tpp: BackchannelClient, requested: Requested, description: string): Promise<void> => {
    await steps.waitForState(requested.consentId, 'rejected');
    const { status, body } = await tpp.poll(requested);
    expect([status, body['error'], body['error_description']]).toEqual([400, 'access_denied', description]);
  };

  it('call-declined: the person answers no, whatever is pressed, and the operator reads access_denied', async () => {
    played.add('call-declined');
    await steps.world.app.setNextScenario('call-declined');
    const requested = await phoneTpp.request({ ...inCall, login_hint: `personnummer:${bo}` });
    const { id } = await steps.world.app.openFor(bo);
    expect(await steps.world.app.answerCall(id, true)).toMatchObject({
      status: 'failed',
      hintCode: 'userDeclinedCall',
    });
    await ended(phoneTpp, requested, 'declined');
  });

  it.each<[ScenarioId, string]>([
    ['cancelled', 'declined'],
    ['expired', 'not-completed'],
    ['high-risk', 'not-completed'],
  ])('%s ends the request of a terminal: access_denied', async (scenario, description) => {
    await steps.world.app.setNextScenario(scenario);
    const requested = await backchannel.tpp.request(ANYBODY);
    await backchannel.sign(await backchannel.scan(requested));
    await ended(backchannel.tpp, requested, description);
  });

  it('maintenance: nothing is created, and the TPP is told when to ask again', async () => {
    await steps.world.app.setNextScenario('maintenance');
    const { status, headers, body } = await backchannel.tpp.ask(ANYBODY);
    expect([status, body['error']]).toEqual([503, 'temporarily_unavailable']);
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
  });
});

describe('a scenario', () => {
  it('of a person is played with each of their orders until it is taken back, and with no one else’s', async () => {
    await steps.world.app.setScenarioOf(cecilia, 'high-risk');
    for (let n = 0; n < 2; n += 1) {
      const inHand = await steps.open();
      await steps.sign(inHand, { personalNumber: cecilia }, 'risk');
    }
    await steps.sign(await steps.open(), { personalNumber: bo });
    await steps.world.app.setScenarioOf(cecilia, null);
    await steps.sign(await steps.open(), { personalNumber: cecilia });
  });

  it('of an order is played with it alone, and another may take its place', async () => {
    const [spoilt, sound] = [await steps.open(), await steps.open()];
    await steps.world.app.setOrderScenario(spoilt.orderId, 'revoked');
    expect(await steps.world.app.setOrderScenario(spoilt.orderId, 'high-risk')).toMatchObject({
      scenario: 'high-risk',
    });
    await steps.sign(spoilt, {}, 'risk');
    expect(await steps.world.app.setOrderScenario(sound.orderId, 'revoked')).toMatchObject({ scenario: 'revoked' });
    await steps.world.app.setOrderScenario(sound.orderId, null);
    await steps.sign(sound);
  });

  it('that begins before an order is there cannot be played with one, nor can one that is unknown', async () => {
    const { orderId } = await steps.open();
    await expect(steps.world.app.setOrderScenario(orderId, 'maintenance')).rejects.toThrow('scenario-too-late');
    const unknown = 'toString' as ScenarioId;
    await expect(steps.world.app.setOrderScenario(orderId, unknown)).rejects.toThrow('scenario-malformed');
    await expect(steps.world.app.setNextScenario(unknown)).rejects.toThrow('scenario-malformed');
  });

  it('waits for an order that is opened: one whose code no one scans does not use it up', async () => {
    await steps.world.app.setNextScenario('high-risk');
    const unseen = await steps.visit();
    await unseen.browser.post(`${unseen.browser.interactionPath}/start/other`);
    const inHand = await steps.open();
    await steps.sign(inHand, {}, 'risk');
  });

  it('of the menu has been played here, whichever it is', () => {
    expect([...played].sort()).toEqual(scenarios.map(({ id }) => id).sort());
  });
});

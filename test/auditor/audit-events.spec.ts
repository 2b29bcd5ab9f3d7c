import { PayerBrowser } from '../../sandbox/payer-browser.ts';
import { anna, payment, TestSystem } from '../support/system/system.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const PAYER_ADDRESS = '198.51.100.23';

interface StoredEvent {
  readonly actor: string;
  readonly type: string;
  readonly request?: { readonly id: string; readonly client?: string; readonly address?: string };
}

describe('the events of a payment', () => {
  let world: TestSystem;
  let events: readonly StoredEvent[];
  beforeAll(async () => {
    world = await TestSystem.start({ env: { TRUSTED_PROXIES: '127.0.0.1, ::1' } });
    const pushed = await world.push();
    const browser = new PayerBrowser({ 'x-forwarded-for': PAYER_ADDRESS });
    const { orderId } = await world.openInApp(pushed, browser);
    const { returnUrl } = await world.app.sign(orderId, { personalNumber: anna });
    if (returnUrl !== undefined) await browser.get(returnUrl);
    await browser.waitFor('authorised');
    const token = await world.tpp.redeem(await browser.finish(), pushed);
    const consumption = { accessToken: token.accessToken, payment, personalNumber: anna, paymentReference: 'p-1' };
    expect((await world.bank.consume(token.consentId, consumption)).status).toBe(200);
    expect((await world.bank.getConsent(token.consentId)).status).toBe(200);
    const rows = await world.database.asOwner('select event from audit_event where subject like $1 order by seq', [
      `%${token.consentId}`,
    ]);
    events = rows.map(({ event }) => JSON.parse(String(event)) as StoredEvent);
  }, 60_000);
  afterAll(() => world.stop());

  it('name the TPP or bank that called, from where, and in which request', () => {
    const called = events.filter(({ request }) => request?.client !== undefined);
    expect(called.map(({ type, actor }) => [type, actor])).toEqual([
      ['consent.pushed', world.system.clients.tpp.id],
      ['token.issued', world.system.clients.tpp.id],
      ['consent.consumed', world.system.clients.bank.id],
      ['consent.read', world.system.clients.bank.id],
    ]);
    for (const { actor, request } of called) {
      expect(request).toEqual({ id: expect.stringMatching(UUID) as string, client: actor, address: '127.0.0.1' });
    }
    expect(new Set(called.map(({ request }) => request?.id)).size).toBe(called.length);
  });

  it('name the request of the payer, but never the address that it came from', () => {
    const pressed = events.filter(({ actor }) => actor === 'payer');
    expect(pressed.map(({ type }) => type)).toEqual([
      'browser.bound',
      'order.requested',
      'browser.returned',
      'code.issued',
    ]);
    for (const { request } of pressed) expect(request).toEqual({ id: expect.stringMatching(UUID) as string });
    expect(JSON.stringify(events)).not.toContain(PAYER_ADDRESS);
  });

  it('name no request where the service acts by itself', () => {
    const own = events.filter(({ actor }) => actor === 'service');
    expect(own.map(({ type, request }) => [type, request])).toEqual([['consent.authorised', undefined]]);
  });
});

import { PayerBrowser } from '../../sandbox/payer-browser.ts';
import { payment, TestSystem } from '../support/system/system.ts';

let system: TestSystem;
beforeAll(async () => {
  system = await TestSystem.start({ env: { TRUSTED_PROXIES: '127.0.0.1, ::1, 10.0.0.0/8' } });
});
afterAll(() => system.stop());

/** The payer's address as BankID gets it, where proxies wrote `forwarded`; undefined where no order was placed. */
async function addressAtBankId(forwarded: string): Promise<string | undefined> {
  const before = new Set((await system.app.listOrders()).map(({ id }) => id));
  const pushed = await system.push(payment, {});
  const browser = new PayerBrowser({ 'x-forwarded-for': forwarded });
  await browser.open(pushed.authorizationUrl);
  await browser.post(`${browser.interactionPath}/start/this`);
  return (await system.app.listOrders()).find(({ id }) => !before.has(id))?.endUserIp;
}

describe('a payer whose address comes from a trusted proxy', () => {
  it.each([
    ['as it is', '203.0.113.9', '203.0.113.9'],
    ['with the port of the connection', '203.0.113.9:52341', '203.0.113.9'],
    ['of version 6 with a port', '[2001:db8::9]:52341', '2001:db8::9'],
    ['before the address and port of a second proxy', '203.0.113.9:52341, 10.0.0.7:443', '203.0.113.9'],
    ['after what the payer wrote himself', '198.51.100.1, 203.0.113.9:52341', '203.0.113.9'],
  ])('can pay: %s', async (_how, forwarded, address) => {
    expect(await addressAtBankId(forwarded)).toBe(address);
  });

  it.each(['203.0.113.09', '0313.0.113.9', 'unknown', '203.0.113.9.'])(
    'is never known to BankID by a guessed address: %s',
    async (forwarded) => {
      expect(await addressAtBankId(forwarded)).toBeUndefined();
    },
  );
});

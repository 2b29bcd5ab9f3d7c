import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { Bench, base64, order } from '../../support/bankid/relying-party.ts';

const anna = '199001012385';

let bench: Bench;
beforeAll(async () => {
  bench = await Bench.start();
}, 60_000);
afterAll(() => bench.stop());
// A person has one order at a time, so the next test begins when this one's are over.
afterEach(() => bench.clock.advance(600_000));

type Language = 'sv' | 'en';

const at = (path: string): URL => new URL(path, bench.simulator.appUrl);
const headers = (language: Language) => ({ 'accept-language': language === 'sv' ? 'sv-SE,sv;q=0.9,en' : 'en-GB,en' });
const get = async (path: string, language: Language = 'en'): Promise<string> =>
  (await fetch(at(path), { headers: headers(language) })).text();
const post = async (path: string, form: Record<string, string> = {}, language: Language = 'en'): Promise<string> =>
  (await fetch(at(path), { method: 'POST', body: new URLSearchParams(form), headers: headers(language) })).text();
const hintOf = async (id: string): Promise<string> => (await bench.collect(id)).body.hintCode;

const phoneSign = { personalNumber: anna, callInitiator: 'user', userVisibleData: base64('Jag betalar 5 kr.') };
const phoneAuth = { personalNumber: anna, callInitiator: 'user' };

describe('the pages of a phone order', () => {
  it.each([
    ['en', 'user', 'Are you in a call with Sigill Sandbox?', 'you called them'],
    ['en', 'RP', 'Are you in a call with Sigill Sandbox?', 'they called you'],
    ['sv', 'user', 'Är du i ett samtal med Sigill Sandbox?', 'är det du som har ringt dit'],
    ['sv', 'RP', 'Är du i ett samtal med Sigill Sandbox?', 'är det de som har ringt dig'],
  ] as const)('ask in %s about a call that was made by %s, before they show the text', async (...row) => {
    const [language, callInitiator, question, caller] = row;
    const { orderRef } = await bench.placeAt('phone/sign', { ...phoneSign, callInitiator });
    const page = await post(`/people/${anna}/open`, {}, language);
    expect(page).toContain(`<h1>${question}</h1>`);
    expect(page).toContain(caller);
    expect(page).not.toContain('Jag betalar 5 kr.');
    expect(await hintOf(orderRef)).toBe('userCallConfirm');
    expect(await post(`/orders/${orderRef}/call`, { inCall: 'yes' }, language)).toContain('>Jag betalar 5 kr.</div>');
    expect(await hintOf(orderRef)).toBe('userSign');
  });

  it('end the order for a person who is in no call', async () => {
    const { orderRef } = await bench.placeAt('phone/auth', phoneAuth);
    await post(`/people/${anna}/open`);
    expect(await post(`/orders/${orderRef}/call`, { inCall: 'no' })).toContain('You are in no such call.');
    expect(await hintOf(orderRef)).toBe('userDeclinedCall');
  });

  it('take a missing answer for a no', async () => {
    const { orderRef } = await bench.placeAt('phone/auth', phoneAuth);
    await post(`/people/${anna}/open`);
    await post(`/orders/${orderRef}/call`);
    expect(await hintOf(orderRef)).toBe('userDeclinedCall');
  });

  it('send the payer back to the call, and to no screen', async () => {
    const { orderRef } = await bench.placeAt('phone/auth', phoneAuth);
    await post(`/people/${anna}/open`);
    await post(`/orders/${orderRef}/call`, { inCall: 'yes' });
    const page = await post(`/orders/${orderRef}/sign`, { person: anna });
    expect(page).toContain('Go on with the call.');
    expect(page).not.toContain('QR code');
    expect((await bench.collect(orderRef)).body.completionData.user.name).toBe('Anna Andersson');
  });

  it('open the app from the order’s own page too', async () => {
    const { orderRef } = await bench.placeAt('phone/auth', phoneAuth);
    const page = await get(`/orders/${orderRef}`);
    expect(page).toContain(`action="/people/${anna}/open"`);
    expect(page).toContain('Open as Anna Andersson');
  });
});

describe('the lists of the pretend app', () => {
  it('show a phone order as one that waits for its person, and at no screen', async () => {
    const { orderRef } = await bench.placeAt('phone/auth', phoneAuth);
    expect(await get('/nearby')).not.toContain(orderRef);
    const waiting = await get('/waiting');
    expect(waiting).toContain('Identification, phone call: waits for the app to be opened');
    expect(waiting).toContain('Open as Anna Andersson');
  });

  it.each([
    ['en', 'Signature, asks whether you are in a call', 'Signature, waits for your security code'],
    ['sv', 'Underskrift, frågar om du är i ett samtal', 'Underskrift, väntar på din säkerhetskod'],
  ] as const)('say in %s what an open order waits for, until it is over', async (language, call, signature) => {
    const { orderRef } = await bench.placeAt('phone/sign', phoneSign);
    await bench.app.openFor(anna);
    expect(await get('/waiting', language)).toContain(call);
    await bench.app.answerCall(orderRef, true);
    expect(await get('/waiting', language)).toContain(signature);
    await bench.app.cancel(orderRef);
    expect(await get('/waiting', language)).not.toContain('Sigill Sandbox');
  });

  it.each([
    ['en', 'Requested by:\n  Betal AB\nAmount:\n  1,250.00 SEK\nPay to:\n  Elbolaget AB', '1,250.00 SEK', 'just now'],
    ['sv', 'Begärs av:\n  Betal AB\nBelopp:\n  1 250,00 SEK\nBetalas till:\n  Elbolaget AB', '1 250,00 SEK', 'nyss'],
  ] as const)('name in %s what waits, on a screen and in the app: amount and payee', async (...row) => {
    const [language, text, amount, age] = row;
    const { autoStartToken } = await bench.place({ userVisibleData: base64(text) });
    const onScreen = await get('/nearby', language);
    await bench.app.open(autoStartToken);
    for (const list of [onScreen, await get('/waiting', language)]) {
      expect(list).toContain(`<span class="about amount">${amount}</span><span class="about">Elbolaget AB</span>`);
      expect(list).toContain(`Sigill Sandbox, ${age}`);
      expect(list).toContain(language === 'en' ? 'Signature' : 'Underskrift');
      expect(list).not.toMatch(/Requested by|Begärs av/);
    }
  });

  it('say how long an order has waited', async () => {
    await bench.placeAt('phone/auth', phoneAuth);
    bench.clock.advance(25_000);
    expect(await get('/waiting')).toContain('20 seconds ago');
    bench.clock.advance(100_000);
    expect(await get('/waiting', 'sv')).toContain('för 2 min sedan');
  });

  it('name each order by who asks', async () => {
    await bench.callAsSecond('auth', { endUserIp: order.endUserIp });
    const nearby = await get('/nearby');
    expect(nearby).toContain('Exempelbutiken');
    expect(nearby).toContain('Identification');
  });
});

describe('signing and identification', () => {
  it.each([
    ['sign', 'en', 'Sign at Sigill Sandbox', 'Sign'],
    ['sign', 'sv', 'Skriv under hos Sigill Sandbox', 'Skriv under'],
    ['auth', 'en', 'Identify yourself at Sigill Sandbox', 'Identify'],
    ['auth', 'sv', 'Identifiera dig hos Sigill Sandbox', 'Identifiera'],
  ] as const)('have a headline and a button of their own: /%s in %s', async (endpoint, language, headline, button) => {
    const members = { endUserIp: order.endUserIp, userVisibleData: base64('Text') };
    const { autoStartToken } = await bench.placeAt(endpoint, members);
    const page = await get(`/?autostarttoken=${autoStartToken}`, language);
    expect(page).toContain(`<html lang="${language}">`);
    expect(page).toContain(`<h1>${headline}</h1>`);
    expect(page).toContain(`<button class="button wide" type="submit">${button}</button>`);
    expect(page).toContain('>Text</div>');
  });

  it('without a text shows none, and says afterwards that the person is identified', async () => {
    const { orderRef, autoStartToken } = await bench.placeAt('auth', { endUserIp: order.endUserIp });
    expect(await get(`/?autostarttoken=${autoStartToken}`)).not.toContain('class="text"');
    const page = await post(`/orders/${orderRef}/sign`, { person: anna }, 'sv');
    expect(page).toContain('<h1>Identifierad</h1>');
    expect(page).toContain('Sigill Sandbox vet vem du är.');
  });
});

describe('what else the app asks for', () => {
  it('is an identity document, before the text is shown', async () => {
    const { orderRef, autoStartToken } = await bench.place({ requirement: { mrtd: true } });
    const page = await get(`/?autostarttoken=${autoStartToken}`, 'sv');
    expect(page).toContain('<h1>Läs av din id-handling</h1>');
    expect(page).not.toContain('Elbolaget');
    expect(await post(`/orders/${orderRef}/document`)).toContain('Elbolaget');
    expect(await hintOf(orderRef)).toBe('userSign');
  });

  it.each([
    ['mrtdVerificationFailed', 'The identity document could not be verified.'],
    ['nfcNotSupportedByDevice', 'This device cannot read identity documents.'],
  ])('fails with %s', async (failure, said) => {
    const { orderRef, autoStartToken } = await bench.place({ requirement: { mrtd: true } });
    expect(await get(`/?autostarttoken=${autoStartToken}`)).toContain(`value="${failure}"`);
    expect(await post(`/orders/${orderRef}/document`, { failure })).toContain(said);
    expect(await hintOf(orderRef)).toBe(failure);
  });

  it('is the security code, and a wrong one leads back to the order', async () => {
    const { orderRef, autoStartToken } = await bench.place({ requirement: { pinCode: true } });
    expect(await get(`/?autostarttoken=${autoStartToken}`)).toContain('name="securityCode"');
    const refused = await post(`/orders/${orderRef}/sign`, { person: anna, securityCode: '000000' }, 'sv');
    expect(refused).toContain('Säkerhetskoden är fel.');
    expect(refused).toContain(`href="/orders/${orderRef}"`);
    expect(await post(`/orders/${orderRef}/sign`, { person: anna, securityCode: '123456' })).toContain('Signed');
  });

  it('is no security code where none is required', async () => {
    const { autoStartToken } = await bench.place();
    expect(await get(`/?autostarttoken=${autoStartToken}`)).not.toContain('name="securityCode"');
  });
});

describe('the language', () => {
  it.each([
    ['sv-SE,sv;q=0.9', 'sv'],
    ['en-US,sv;q=0.5', 'en'],
    ['de-DE,sv;q=0.5', 'sv'],
    ['de-DE', 'en'],
    ['*', 'en'],
  ])('for a browser that asks for %s is %s', async (accepted, language) => {
    const page = await (await fetch(at('/'), { headers: { 'accept-language': accepted } })).text();
    expect(page).toContain(`<html lang="${language}">`);
  });

  it('is what was chosen last, whatever the browser asks for', async () => {
    const chosen = await fetch(at('/orders/x?lang=sv'), { redirect: 'manual', headers: headers('en') });
    expect([chosen.status, chosen.headers.get('location')]).toEqual([303, '/orders/x']);
    const cookie = chosen.headers.get('set-cookie')!.split(';')[0]!;
    const page = await (await fetch(at('/'), { headers: { ...headers('en'), cookie } })).text();
    expect(page).toContain('<html lang="sv">');
    expect(page).toContain('href="?lang=en"');
  });

  it('is not chosen by an address that leads to another site', async () => {
    const { port } = at('/');
    const get = request({ port, path: '/.//example.test/?lang=sv' }).end();
    const [chosen] = (await once(get, 'response')) as [IncomingMessage];
    chosen.resume();
    expect([chosen.statusCode, chosen.headers.location]).toEqual([303, '/example.test/']);
  });
});

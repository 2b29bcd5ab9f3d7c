import { Bench, base64 } from '../../support/bankid/relying-party.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const anna = '199001012385';
const bo = '198506152399';

let bench: Bench;
beforeAll(async () => {
  bench = await Bench.start();
}, 60_000);
afterAll(() => bench.stop());
// A person has one order at a time, so the next test begins when this one's are over.
afterEach(() => bench.clock.advance(10 * MINUTE));

const phoneSign = { personalNumber: anna, callInitiator: 'user', userVisibleData: base64('Jag betalar 5 kr.') };
const phoneAuth = { personalNumber: anna, callInitiator: 'RP' };
const bodies: Readonly<Record<string, object>> = { 'phone/sign': phoneSign, 'phone/auth': phoneAuth };

const place = async (endpoint: string, members: object = {}): Promise<string> =>
  (await bench.placeAt(endpoint, { ...bodies[endpoint], ...members })).orderRef;
const hintOf = async (id: string): Promise<string> => (await bench.collect(id)).body.hintCode;

describe.each(['phone/sign', 'phone/auth'])('an order at /%s', (endpoint) => {
  it('is answered with its orderRef alone', async () => {
    const { status, body } = await bench.call(endpoint, bodies[endpoint]);
    expect([status, Object.keys(body)]).toEqual([200, ['orderRef']]);
  });

  it('is found by its person’s app, asks about the call, then for the signature, and is complete once', async () => {
    const id = await place(endpoint);
    expect(await hintOf(id)).toBe('outstandingTransaction');
    expect(await bench.app.openFor(anna)).toMatchObject({ id, startedBy: 'phone', asks: 'call' });
    expect(await hintOf(id)).toBe('userCallConfirm');
    expect(await bench.app.answerCall(id, true)).toMatchObject({ asks: 'signature' });
    expect(await hintOf(id)).toBe('userSign');
    await bench.app.sign(id);
    const { status, completionData } = (await bench.collect(id)).body;
    expect([status, completionData.user.personalNumber]).toEqual(['complete', anna]);
    const xml = Buffer.from(completionData.signature, 'base64').toString();
    expect(xml).toContain(`<funcId>${endpoint === 'phone/sign' ? 'Signing' : 'Identification'}</funcId>`);
    expect(completionData).not.toHaveProperty('risk');
    expect((await bench.collect(id)).status).toBe(400);
  });

  it('ends when its person is in no call', async () => {
    const id = await place(endpoint);
    await bench.app.openFor(anna);
    expect((await bench.app.answerCall(id, false)).status).toBe('failed');
    expect((await bench.collect(id)).body).toEqual({ orderRef: id, status: 'failed', hintCode: 'userDeclinedCall' });
    await expect(bench.app.sign(id)).rejects.toThrow('order-over');
  });

  it('is not signed before the question about the call is answered', async () => {
    const id = await place(endpoint);
    await expect(bench.app.answerCall(id, true)).rejects.toThrow('order-not-opened');
    await bench.app.openFor(anna);
    await expect(bench.app.sign(id)).rejects.toThrow('call-not-confirmed');
    await bench.app.answerCall(id, true);
    await expect(bench.app.answerCall(id, true)).rejects.toThrow('not-asked');
  });

  it('is not found by another person’s app, nor opened by a QR code', async () => {
    const id = await place(endpoint);
    await expect(bench.app.openFor(bo)).rejects.toMatchObject({ status: 404, code: 'nothing-waits' });
    await expect(bench.app.scanScreen(id)).rejects.toThrow('no-qr-code');
    await bench.app.openFor(anna);
    await expect(bench.app.openFor(anna)).rejects.toThrow('nothing-waits');
    await bench.app.answerCall(id, true);
    await expect(bench.app.sign(id, { personalNumber: bo })).rejects.toThrow('other-person-required');
  });

  it('expires when its person does not open the app for three minutes', async () => {
    const id = await place(endpoint);
    bench.clock.advance(3 * MINUTE - SECOND);
    expect(await hintOf(id)).toBe('outstandingTransaction');
    bench.clock.advance(SECOND);
    expect((await bench.collect(id)).body).toEqual({ orderRef: id, status: 'failed', hintCode: 'expiredTransaction' });
  });

  it.each([
    ['the question about the call', false],
    ['the signature', true],
  ])('expires three minutes after it was opened, when it still waits for %s', async (_, answered) => {
    const id = await place(endpoint);
    bench.clock.advance(2 * MINUTE);
    await bench.app.openFor(anna);
    if (answered) await bench.app.answerCall(id, true);
    bench.clock.advance(3 * MINUTE - SECOND);
    expect((await bench.collect(id)).body.status).toBe('pending');
    bench.clock.advance(SECOND);
    expect(await hintOf(id)).toBe('expiredTransaction');
  });

  it('waits at any hint, and fails with any', async () => {
    const id = await place(endpoint);
    await bench.app.wait(id, 'noClient');
    expect(await hintOf(id)).toBe('noClient');
    await bench.app.openFor(anna);
    await bench.app.fail(id, 'notSupportedByUserApp');
    expect(await hintOf(id)).toBe('notSupportedByUserApp');
  });

  it('is cancelled by the payer at the question about the call, and by the relying party', async () => {
    const first = await place(endpoint);
    await bench.app.openFor(anna);
    await bench.app.cancel(first);
    expect(await hintOf(first)).toBe('userCancel');
    const second = await place(endpoint);
    await bench.call('cancel', { orderRef: second });
    await expect(bench.app.openFor(anna)).rejects.toThrow('nothing-waits');
  });

  it('is signed with the security code where it requires one', async () => {
    const id = await place(endpoint, { requirement: { pinCode: true, certificatePolicies: ['1.2.3.4.25'] } });
    await bench.app.openFor(anna);
    await bench.app.answerCall(id, true);
    await expect(bench.app.sign(id)).rejects.toThrow('security-code-required');
    expect((await bench.app.sign(id, { securityCode: '123456' })).status).toBe('complete');
  });

  it('has planned faults of its own', async () => {
    await bench.app.setFault({ next: 'request', endpoint: endpoint as 'phone/sign', kind: 'error', status: 503 });
    expect((await bench.call('sign', { endUserIp: '192.0.2.1', userVisibleData: base64('a') })).status).toBe(200);
    expect((await bench.call(endpoint, bodies[endpoint])).body.errorCode).toBe('Maintenance');
  });
});

describe('two orders for one person', () => {
  const requirement = { personalNumber: anna };
  const sign = { endUserIp: '192.0.2.17', userVisibleData: base64('a'), requirement };

  it.each([
    ['phone/sign', phoneSign, 'phone/auth', phoneAuth],
    ['phone/auth', phoneAuth, 'phone/auth', phoneAuth],
    ['sign', sign, 'phone/sign', phoneSign],
    ['phone/auth', phoneAuth, 'auth', { endUserIp: '192.0.2.17', requirement }],
  ])('are both cancelled: one at /%s, the second at /%s', async (endpoint, first, otherEndpoint, second) => {
    const { orderRef } = await bench.placeAt(endpoint, first);
    const answer = await bench.call(otherEndpoint, second);
    expect(answer).toEqual({
      status: 400,
      body: { errorCode: 'alreadyInProgress', details: 'Order already in progress for pno' },
    });
    expect(await hintOf(orderRef)).toBe('cancelled');
    await expect(bench.app.openFor(anna)).rejects.toThrow('nothing-waits');
    await bench.placeAt(otherEndpoint, second);
  });

  it('both go on when they are of different persons', async () => {
    const ids = [await place('phone/auth'), await place('phone/auth', { personalNumber: bo })];
    expect((await bench.app.openFor(bo)).id).toBe(ids[1]);
    expect((await bench.app.openFor(anna)).id).toBe(ids[0]);
  });
});

describe.each(['phone/sign', 'phone/auth'])('the members of /%s', (endpoint) => {
  const data = endpoint === 'phone/sign' ? { visible: 30_001, hidden: 150_001 } : { visible: 1126, hidden: 1126 };

  it.each([
    ['no personal number', { personalNumber: undefined }, 'Invalid parameter personalNumber'],
    ['a personal number of ten digits', { personalNumber: '9001012385' }, 'Invalid parameter personalNumber'],
    ['a personal number with a hyphen', { personalNumber: '19900101-2385' }, 'Invalid parameter personalNumber'],
    ['a personal number of 13 digits', { personalNumber: '1990010123850' }, 'Invalid parameter personalNumber'],
    ['a personal number with a letter', { personalNumber: '19900101238X' }, 'Invalid parameter personalNumber'],
    ['a personal number that is a number', { personalNumber: 199001012385 }, 'Invalid parameter personalNumber'],
    [
      'a personal number with a wrong check digit',
      { personalNumber: '199001012386' },
      'Invalid parameter personalNumber',
    ],
    ['a personal number of the 13th month', { personalNumber: '199013012381' }, 'Invalid parameter personalNumber'],
    [
      'a personal number in the requirement',
      { requirement: { personalNumber: anna } },
      'Unknown parameter requirement.personalNumber',
    ],
    ['no caller', { callInitiator: undefined }, 'Invalid parameter callInitiator'],
    ['a caller in another case', { callInitiator: 'rp' }, 'Invalid parameter callInitiator'],
    ['another caller', { callInitiator: 'bank' }, 'Invalid parameter callInitiator'],
    ['an identity document', { requirement: { mrtd: true } }, 'Unknown parameter requirement.mrtd'],
    ['a wish for the risk', { returnRisk: true }, 'Unknown parameter returnRisk'],
    ['a returnUrl', { returnUrl: 'https://shop.test' }, 'Unknown parameter returnUrl'],
    ['an address', { endUserIp: '192.0.2.17' }, 'Unknown parameter endUserIp'],
    ['a web page', { web: { userAgent: 'a' } }, 'Unknown parameter web'],
    ['an app', { app: { deviceOS: 'a' } }, 'Unknown parameter app'],
    [
      'visible data that are too long',
      { userVisibleData: base64('a'.repeat(data.visible)) },
      'Invalid parameter userVisibleData',
    ],
    [
      'non-visible data that are too long',
      { userNonVisibleData: base64('a'.repeat(data.hidden)) },
      'Invalid parameter userNonVisibleData',
    ],
    ['an unknown format', { userVisibleDataFormat: 'html' }, 'Invalid parameter userVisibleDataFormat'],
  ])('do not include %s', async (_, members, details) => {
    const answer = await bench.call(endpoint, { ...bodies[endpoint], ...members });
    expect(answer).toEqual({ status: 400, body: { errorCode: 'invalidParameters', details } });
  });

  it('may be as long as BankID allows', async () => {
    await place(endpoint, {
      userVisibleData: base64('a'.repeat(data.visible - 1)),
      userNonVisibleData: base64('a'.repeat(data.hidden - 1)),
    });
  });

  it('may name a coordination number', async () => {
    await place(endpoint, { personalNumber: '191500722390' });
    expect((await bench.app.openFor('191500722390')).asks).toBe('call');
  });
});

describe('the text of a phone order', () => {
  it('is required for a signature only', async () => {
    const answer = await bench.call('phone/sign', { ...phoneSign, userVisibleData: undefined });
    expect(answer.body.details).toBe('Invalid parameter userVisibleData');
    const id = await place('phone/auth');
    expect(await bench.app.getOrder(id)).toMatchObject({ text: '', callInitiator: 'RP', function: 'Identification' });
  });
});

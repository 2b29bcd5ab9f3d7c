import { Agent, request } from 'undici';
import { qrFrame } from '../../simulator/orders/qr-frame.ts';
import { Bench, base64, order } from './relying-party.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

let bench: Bench;
beforeAll(async () => {
  bench = await Bench.start();
}, 60_000);
afterAll(() => bench.stop());
afterEach(() => bench.app.clearFaults());

const refused = async (members: object): Promise<string> => {
  const { status, body } = await bench.call('sign', { ...order, ...members });
  return `${status} ${body.errorCode ?? 'accepted'}`;
};

describe('who may speak to the RP API', () => {
  it('refuses a caller without a client certificate before any HTTP', async () => {
    const dispatcher = new Agent({ connect: { ca: bench.simulator.pki.tlsRootPem } });
    await expect(request(new URL('sign', bench.simulator.rpUrl), { method: 'POST', dispatcher })).rejects.toThrow();
    await dispatcher.destroy();
  });

  it('is not trusted by a caller who pins the signature root in place of the TLS root', async () => {
    const { signatureRootPem, rpCertificatePem, rpKeyPem } = bench.simulator.pki;
    const dispatcher = new Agent({ connect: { ca: signatureRootPem, cert: rpCertificatePem, key: rpKeyPem } });
    await expect(request(bench.simulator.rpUrl, { dispatcher })).rejects.toThrow(/self-signed|unable to/);
    await dispatcher.destroy();
  });
});

describe('the envelope of a request', () => {
  it('answers 415 to a charset in the content type', async () => {
    const headers = { 'content-type': 'application/json; charset=utf-8' };
    const { status, body } = await bench.call('sign', order, headers);
    expect([status, body.errorCode]).toEqual([415, 'unsupportedMediaType']);
  });

  it('answers 405 to GET', async () => {
    const { status, body } = await bench.call('collect', '', {}, 'GET');
    expect([status, body.errorCode]).toEqual([405, 'methodNotAllowed']);
  });

  it('answers 404 to an endpoint that it does not have', async () => {
    expect((await bench.call('auth', {})).body.errorCode).toBe('notFound');
  });

  it('answers 400 to a body that is no JSON', async () => {
    expect((await bench.call('sign', '{')).body.errorCode).toBe('invalidParameters');
  });
});

describe('the members of /sign', () => {
  it.each([
    ['an address mapped from IPv4', { endUserIp: '::ffff:192.0.2.17' }],
    ['an address that is none', { endUserIp: '192.0.2.300' }],
    ['no address', { endUserIp: undefined }],
    ['no visible data', { userVisibleData: undefined }],
    ['empty visible data', { userVisibleData: '' }],
    ['visible data that is not base64', { userVisibleData: 'å' }],
    ['visible data that is not UTF-8', { userVisibleData: '/w==' }],
    ['visible data longer than 40 000 after base64', { userVisibleData: base64('a'.repeat(30_001)) }],
    ['non-visible data longer than 200 000 after base64', { userNonVisibleData: base64('a'.repeat(150_001)) }],
    ['an unknown format', { userVisibleDataFormat: 'html' }],
    ['a returnUrl longer than 512', { returnUrl: `https://shop.test/${'a'.repeat(512)}` }],
    ['an unknown member', { risk: 'low' }],
    ['an unknown requirement', { requirement: { risk: 'low' } }],
    ['a personal number of ten digits', { requirement: { personalNumber: '9001012385' } }],
    ['both web and app', { web: { userAgent: 'a' }, app: { deviceOS: 'b' } }],
    ['a referring domain in capitals', { web: { referringDomain: 'Shop.test' } }],
    ['a user agent longer than 256', { web: { userAgent: 'a'.repeat(257) } }],
    ['a device identifier longer than 64', { web: { deviceIdentifier: 'a'.repeat(65) } }],
  ])('refuses %s', async (_, members) => {
    expect(await refused(members)).toBe('400 invalidParameters');
  });

  it.each([
    ['visible data of 40 000 after base64', { userVisibleData: base64('a'.repeat(30_000)) }],
    ['non-visible data of 200 000 after base64', { userNonVisibleData: base64('a'.repeat(150_000)) }],
    ['an IPv6 address', { endUserIp: '2001:db8::1' }],
    [
      'all that a web page may say',
      { web: { referringDomain: 'xn--smrgs-pra0j.test', userAgent: 'a', deviceIdentifier: 'b' }, returnRisk: true },
    ],
  ])('accepts %s', async (_, members) => {
    expect(await refused(members)).toBe('200 accepted');
  });
});

describe('the life of an order', () => {
  it('is outstanding, then at the payer, then complete once', async () => {
    const { orderRef, autoStartToken } = await bench.place({ returnRisk: true });
    expect((await bench.collect(orderRef)).body).toEqual({
      orderRef,
      status: 'pending',
      hintCode: 'outstandingTransaction',
    });
    await bench.app.open(autoStartToken);
    expect((await bench.collect(orderRef)).body.hintCode).toBe('userSign');
    await bench.app.sign(orderRef, { deviceIp: '198.51.100.1' });
    const { body } = await bench.collect(orderRef);
    expect(body.status).toBe('complete');
    expect(body.completionData).toMatchObject({
      user: { personalNumber: '199001012385', name: 'Anna Andersson', givenName: 'Anna', surname: 'Andersson' },
      device: { ipAddress: '198.51.100.1' },
      risk: 'low',
    });
    expect(Buffer.from(body.completionData.device.uhi, 'base64')).toHaveLength(21);
    expect((await bench.collect(orderRef)).status).toBe(400);
  });

  it('says no risk to a caller who did not ask for it', async () => {
    expect(await bench.complete()).not.toHaveProperty('risk');
  });

  it('fails as startFailed when nobody has opened it for 30 seconds', async () => {
    const { orderRef } = await bench.place();
    bench.clock.advance(29 * SECOND);
    expect((await bench.collect(orderRef)).body.status).toBe('pending');
    bench.clock.advance(1 * SECOND);
    expect((await bench.collect(orderRef)).body).toEqual({ orderRef, status: 'failed', hintCode: 'startFailed' });
    expect((await bench.collect(orderRef)).status).toBe(400);
  });

  it('expires three minutes after it was opened', async () => {
    const { orderRef, autoStartToken } = await bench.place();
    await bench.app.open(autoStartToken);
    bench.clock.advance(3 * MINUTE);
    expect((await bench.collect(orderRef)).body.hintCode).toBe('expiredTransaction');
  });

  it('keeps a completed order for three minutes, and not longer', async () => {
    for (const [waitMs, status] of [
      [3 * MINUTE - SECOND, 200],
      [3 * MINUTE, 400],
    ] as const) {
      const { orderRef, autoStartToken } = await bench.place();
      await bench.app.open(autoStartToken);
      await bench.app.sign(orderRef);
      bench.clock.advance(waitMs);
      expect((await bench.collect(orderRef)).status).toBe(status);
    }
  });

  it('keeps a failed order for five minutes, and not longer', async () => {
    for (const [waitMs, status] of [
      [5 * MINUTE - SECOND, 200],
      [5 * MINUTE, 400],
    ] as const) {
      const { orderRef, autoStartToken } = await bench.place();
      await bench.app.open(autoStartToken);
      await bench.app.cancel(orderRef);
      bench.clock.advance(waitMs);
      expect((await bench.collect(orderRef)).status).toBe(status);
    }
  });

  it('answers 400 to the collect of an order that never was', async () => {
    expect((await bench.collect('67df3917-fa0d-44e5-b327-edcc928297f8')).body.errorCode).toBe('invalidParameters');
  });

  it('is cancelled by the relying party once', async () => {
    const { orderRef } = await bench.place();
    expect(await bench.call('cancel', { orderRef })).toEqual({ status: 200, body: {} });
    expect((await bench.call('cancel', { orderRef })).status).toBe(400);
    expect((await bench.collect(orderRef)).status).toBe(400);
  });

  it('is cancelled by the payer', async () => {
    const { orderRef, autoStartToken } = await bench.place();
    await bench.app.open(autoStartToken);
    await bench.app.cancel(orderRef);
    expect((await bench.collect(orderRef)).body.hintCode).toBe('userCancel');
  });

  it('cancels both orders when a second one names the same person', async () => {
    const requirement = { personalNumber: '199001012385' };
    const first = await bench.place({ requirement });
    expect((await bench.call('sign', { ...order, requirement })).body.errorCode).toBe('alreadyInProgress');
    expect((await bench.collect(first.orderRef)).body.hintCode).toBe('cancelled');
    await bench.place({ requirement });
  });

  it('shows the relying party hint codes that nobody knows, pending and failed', async () => {
    const { orderRef, autoStartToken } = await bench.place();
    await bench.app.open(autoStartToken);
    await bench.app.wait(orderRef, 'userJuggles');
    expect((await bench.collect(orderRef)).body.hintCode).toBe('userJuggles');
    await bench.app.fail(orderRef, 'moonInWrongPhase');
    expect((await bench.collect(orderRef)).body).toMatchObject({ status: 'failed', hintCode: 'moonInWrongPhase' });
  });

  it('is signed by the required person only', async () => {
    const { orderRef, autoStartToken } = await bench.place({ requirement: { personalNumber: '198506152399' } });
    await bench.app.open(autoStartToken);
    await expect(bench.app.sign(orderRef, { personalNumber: '199001012385' })).rejects.toThrow('other-person-required');
    expect((await bench.app.sign(orderRef)).status).toBe('complete');
    expect((await bench.collect(orderRef)).body.completionData.user.name).toBe('Bo Berg');
  });

  it('is signed by another person than required when the simulator was asked for that', async () => {
    await bench.app.setFault({ next: 'order', personalNumber: '199001012385' });
    const data = await bench.complete({ requirement: { personalNumber: '198506152399' } });
    expect(data.user.personalNumber).toBe('199001012385');
  });

  it('lets time run faster by its scale', async () => {
    const fast = await Bench.start({ timeScale: 60 });
    try {
      const { orderRef } = await fast.place();
      fast.clock.advance(500);
      expect((await fast.collect(orderRef)).body.hintCode).toBe('startFailed');
    } finally {
      await fast.stop();
    }
  });

  it('lets time be advanced over the API', async () => {
    const { orderRef } = await bench.place();
    await bench.app.advanceClock(30 * SECOND);
    expect((await bench.collect(orderRef)).body.hintCode).toBe('startFailed');
  });
});

describe('the ways into an order', () => {
  it('opens the order of a fresh QR frame, and shows who asks and the text to the character', async () => {
    const { orderRef, qrStartToken, qrStartSecret } = await bench.place({ returnUrl: 'https://shop.test/back#n' });
    bench.clock.advance(4 * SECOND);
    const view = await bench.app.scan(qrFrame(qrStartToken, qrStartSecret, 4));
    expect(view).toMatchObject({
      id: orderRef,
      startedBy: 'qr',
      requestedBy: 'Sigill Sandbox',
      text: 'Jag betalar 1 250,00 SEK till Elbolaget AB.\n',
    });
    expect(view).not.toHaveProperty('returnUrl');
  });

  it('refuses a QR frame that is older than ten seconds', async () => {
    const { qrStartToken, qrStartSecret } = await bench.place();
    bench.clock.advance(15 * SECOND);
    await expect(bench.app.scan(qrFrame(qrStartToken, qrStartSecret, 4))).rejects.toThrow('qr-stale');
  });

  it('refuses a QR frame from the future', async () => {
    const { qrStartToken, qrStartSecret } = await bench.place();
    await expect(bench.app.scan(qrFrame(qrStartToken, qrStartSecret, 20))).rejects.toThrow('qr-stale');
  });

  it('refuses a QR frame made with another secret', async () => {
    const { qrStartToken } = await bench.place();
    await expect(bench.app.scan(qrFrame(qrStartToken, 'another secret', 0))).rejects.toThrow('qr-forged');
  });

  it('refuses a text that is no QR frame', async () => {
    await expect(bench.app.scan('https://example.test/')).rejects.toThrow('qr-malformed');
  });

  it('opens an order by a launch link, and leads back to the returnUrl', async () => {
    const { autoStartToken } = await bench.place({ returnUrl: 'https://shop.test/back#n' });
    const view = await bench.app.open(`bankid:///?autostarttoken=${autoStartToken}&redirect=null`);
    expect(view).toMatchObject({ startedBy: 'autostart', returnUrl: 'https://shop.test/back#n' });
  });

  it('opens no order by its QR token', async () => {
    const { qrStartToken } = await bench.place();
    await expect(bench.app.open(qrStartToken)).rejects.toThrow('token-unknown');
  });

  it('opens an order once', async () => {
    const { autoStartToken } = await bench.place();
    await bench.app.open(autoStartToken);
    await expect(bench.app.open(autoStartToken)).rejects.toThrow('order-started');
  });

  it('signs no order that nobody opened', async () => {
    const { orderRef } = await bench.place();
    await expect(bench.app.sign(orderRef)).rejects.toThrow('order-not-opened');
  });

  it('signs no order that the relying party has cancelled', async () => {
    const { orderRef, autoStartToken } = await bench.place();
    await bench.app.open(autoStartToken);
    await bench.call('cancel', { orderRef });
    await expect(bench.app.sign(orderRef)).rejects.toThrow('order-over');
  });
});

describe('faults on demand', () => {
  it.each([
    [408, 'requestTimeout'],
    [500, 'internalError'],
    [503, 'Maintenance'],
  ])('answers %i as %s, and only so often as it was asked to', async (status, errorCode) => {
    await bench.app.setFault({ next: 'request', kind: 'error', status, times: 2 });
    for (let i = 0; i < 2; i += 1) {
      const answer = await bench.call('sign', order);
      expect([answer.status, answer.body.errorCode]).toEqual([status, errorCode]);
    }
    await bench.place();
  });

  it('spoils the endpoint that was named, and no other', async () => {
    await bench.app.setFault({ next: 'request', endpoint: 'collect', kind: 'error', status: 500 });
    const { orderRef } = await bench.place();
    expect((await bench.collect(orderRef)).status).toBe(500);
    expect((await bench.collect(orderRef)).status).toBe(200);
  });

  it('answers what is not JSON', async () => {
    await bench.app.setFault({ next: 'request', kind: 'not-json' });
    const { status, body } = await bench.call('sign', order);
    expect([status, typeof body]).toEqual([502, 'string']);
  });

  it('answers late', async () => {
    await bench.app.setFault({ next: 'request', kind: 'latency', ms: 150 });
    const before = performance.now();
    await bench.place();
    expect(performance.now() - before).toBeGreaterThan(140);
  });

  it('never answers', async () => {
    await bench.app.setFault({ next: 'request', kind: 'hang' });
    await expect(bench.call('sign', order)).rejects.toThrow('Headers Timeout Error');
  });

  it('never finishes the TLS handshake', async () => {
    const { tlsRootPem, rpCertificatePem, rpKeyPem } = bench.simulator.pki;
    const connect = { ca: tlsRootPem, cert: rpCertificatePem, key: rpKeyPem, timeout: 300 };
    const dispatcher = new Agent({ connect });
    const place = (): Promise<number> =>
      request(new URL('sign', bench.simulator.rpUrl), {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(order),
        dispatcher,
      }).then(({ statusCode }) => statusCode);
    await bench.app.setFault({ next: 'connection' });
    await expect(place()).rejects.toThrow('Connect Timeout Error');
    await expect(place()).resolves.toBe(200);
    await dispatcher.destroy();
  });

  it('breaks the connection before anything is done', async () => {
    await bench.app.setFault({ next: 'request', endpoint: 'cancel', kind: 'drop' });
    const { orderRef } = await bench.place();
    await expect(bench.call('cancel', { orderRef })).rejects.toThrow();
    expect((await bench.collect(orderRef)).body.status).toBe('pending');
  });

  it('loses the final answer: it is used up, and never arrives', async () => {
    await bench.app.setFault({ next: 'request', endpoint: 'collect', kind: 'lost-answer' });
    const { orderRef, autoStartToken } = await bench.place();
    expect((await bench.collect(orderRef)).body.status).toBe('pending');
    await bench.app.open(autoStartToken);
    await bench.app.sign(orderRef);
    await expect(bench.collect(orderRef)).rejects.toThrow();
    expect((await bench.collect(orderRef)).status).toBe(400);
  });

  it('fails the signing with a hint code, and shows one while it is pending', async () => {
    await bench.app.setFault({ next: 'order', failedHint: 'certificateErr', pendingHint: 'userMrtd' });
    const { orderRef, autoStartToken } = await bench.place();
    await bench.app.open(autoStartToken);
    expect((await bench.collect(orderRef)).body.hintCode).toBe('userMrtd');
    await bench.app.sign(orderRef);
    expect((await bench.collect(orderRef)).body.hintCode).toBe('certificateErr');
  });

  it('spoils one order that is placed already', async () => {
    const { orderRef, autoStartToken } = await bench.place({ returnRisk: true });
    await bench.app.setOrderFault(orderRef, { risk: 'high' });
    await bench.app.open(autoStartToken);
    await bench.app.sign(orderRef);
    expect((await bench.collect(orderRef)).body.completionData.risk).toBe('high');
  });

  it('refuses a fault that it does not know', async () => {
    const answer = await fetch(new URL('api/faults', bench.simulator.appUrl), {
      method: 'POST',
      body: JSON.stringify({ next: 'order', colour: 'red' }),
    });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ error: 'fault-malformed' });
  });
});

describe('many orders', () => {
  it('keeps 500 orders pending side by side', async () => {
    const orders = await Promise.all(Array.from({ length: 500 }, () => bench.place()));
    const answers = await Promise.all(orders.map(({ orderRef }) => bench.collect(orderRef)));
    expect(answers.every(({ body }) => body.status === 'pending')).toBe(true);
  });
});

import { Agent, request } from 'undici';
import { Bench, base64, order } from '../../support/bankid/relying-party.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

let bench: Bench;
beforeAll(async () => {
  bench = await Bench.start();
}, 60_000);
afterAll(() => bench.stop());

const refused = async (members: object): Promise<string> => {
  const { status, body } = await bench.call('sign', { ...order, ...members });
  return status === 200 ? '200 accepted' : `${status} ${body.errorCode}`;
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
    expect((await bench.call('payment', {})).body.errorCode).toBe('notFound');
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
    ['a personal number with a hyphen', { requirement: { personalNumber: '19900101-2385' } }],
    ['a personal number with a wrong check digit', { requirement: { personalNumber: '199001012386' } }],
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

  it('fails as startFailed when it is not opened within 30 seconds', async () => {
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

  it('shows the relying party unknown hint codes, pending and failed', async () => {
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

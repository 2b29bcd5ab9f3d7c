import { Agent, request } from 'undici';
import { Bench, order } from '../../support/bankid/relying-party.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await Bench.start();
}, 60_000);
afterAll(() => bench.stop());
afterEach(() => bench.app.clearFaults());

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

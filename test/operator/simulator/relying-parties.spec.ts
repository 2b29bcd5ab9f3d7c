import { Bench, base64, order } from '../../support/bankid/relying-party.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await Bench.start();
}, 60_000);
afterAll(() => bench.stop());

const unknown = { status: 400, body: { errorCode: 'invalidParameters', details: 'No such order' } };
const firstName = 'cn=Sigill Sandbox AB,name=Sigill Sandbox,serialNumber=5560000001,o=Simulatorbanken AB (publ),c=SE';
const secondName = 'cn=Exempelbutiken AB,name=Exempelbutiken,serialNumber=5560000002,o=Simulatorbanken AB (publ),c=SE';

describe('two relying parties', () => {
  it('have certificates of different holders and different keys', () => {
    const { pki, secondParty } = bench.simulator;
    expect([pki.relyingPartyName, secondParty.relyingPartyName]).toEqual([firstName, secondName]);
    expect(pki.rpKeyPem).not.toBe(secondParty.rpKeyPem);
  });

  it.each(['sign', 'auth'])('are named by the app and by the signature of an order at /%s', async (endpoint) => {
    const members = endpoint === 'sign' ? order : { endUserIp: order.endUserIp };
    for (const [call, requestedBy, name] of [
      [bench.call(endpoint, members), 'Sigill Sandbox', firstName],
      [bench.callAsSecond(endpoint, members), 'Exempelbutiken', secondName],
    ] as const) {
      const { orderRef, autoStartToken } = (await call).body;
      expect(await bench.app.open(autoStartToken)).toMatchObject({ requestedBy });
      await bench.app.sign(orderRef);
      const collect = name === firstName ? bench.collect(orderRef) : bench.callAsSecond('collect', { orderRef });
      const xml = Buffer.from((await collect).body.completionData.signature, 'base64').toString();
      expect(xml).toContain(`<name>${base64(name)}</name>`);
      expect(xml).toContain(`<displayName>${base64(requestedBy)}</displayName>`);
    }
  });

  it('are named by the app before a phone order is confirmed', async () => {
    const body = { personalNumber: '197202292384', callInitiator: 'RP' };
    await bench.callAsSecond('phone/auth', body);
    expect((await bench.app.openFor('197202292384')).requestedBy).toBe('Exempelbutiken');
  });

  it('cannot collect each other’s orders, pending or complete, nor take their answers away', async () => {
    const { orderRef, autoStartToken } = await bench.place();
    expect(await bench.callAsSecond('collect', { orderRef })).toEqual(unknown);
    await bench.app.open(autoStartToken);
    await bench.app.sign(orderRef);
    expect(await bench.callAsSecond('collect', { orderRef })).toEqual(unknown);
    expect((await bench.collect(orderRef)).body.status).toBe('complete');
  });

  it('cannot cancel each other’s orders', async () => {
    const { orderRef } = await bench.place();
    expect(await bench.callAsSecond('cancel', { orderRef })).toEqual(unknown);
    expect((await bench.collect(orderRef)).body.status).toBe('pending');
    expect((await bench.call('cancel', { orderRef })).status).toBe(200);
  });

  it('do not use up a lost answer that was planned for the other', async () => {
    await bench.app.setFault({ next: 'request', endpoint: 'collect', kind: 'lost-answer' });
    const { orderRef, autoStartToken } = await bench.place();
    await bench.app.open(autoStartToken);
    await bench.app.cancel(orderRef);
    expect(await bench.callAsSecond('collect', { orderRef })).toEqual(unknown);
    await expect(bench.collect(orderRef)).rejects.toThrow();
  });

  it('disturb each other by an order for the same person', async () => {
    const { orderRef } = await bench.placeAt('phone/auth', { personalNumber: '198506152399', callInitiator: 'user' });
    const second = await bench.callAsSecond('phone/auth', { personalNumber: '198506152399', callInitiator: 'user' });
    expect(second.body.errorCode).toBe('alreadyInProgress');
    expect((await bench.collect(orderRef)).body.hintCode).toBe('cancelled');
  });
});

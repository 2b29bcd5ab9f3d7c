import { Bench, order } from '../../support/bankid/relying-party.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await Bench.start();
}, 60_000);
afterAll(() => bench.stop());

async function opened(endpoint: string, requirement: object): Promise<string> {
  const members = endpoint === 'sign' ? order : { endUserIp: order.endUserIp };
  const { orderRef, autoStartToken } = await bench.placeAt(endpoint, { ...members, requirement });
  await bench.app.open(autoStartToken);
  return orderRef;
}

const hintOf = async (id: string): Promise<string> => (await bench.collect(id)).body.hintCode;

describe.each(['sign', 'auth'])('an order at /%s that requires an identity document', (endpoint) => {
  it('waits for the document, then for the signature, and says so in its answer', async () => {
    const id = await opened(endpoint, { mrtd: true });
    expect(await hintOf(id)).toBe('userMrtd');
    expect(await bench.app.getOrder(id)).toMatchObject({ asks: 'document' });
    await bench.app.readDocument(id);
    expect(await hintOf(id)).toBe('userSign');
    await bench.app.sign(id);
    expect((await bench.collect(id)).body.completionData.stepUp).toEqual({ mrtd: true });
  });

  it('is not signed before the document is read', async () => {
    const id = await opened(endpoint, { mrtd: true });
    await expect(bench.app.sign(id)).rejects.toThrow('document-not-read');
    expect(await hintOf(id)).toBe('userMrtd');
  });

  it.each(['mrtdVerificationFailed', 'nfcNotSupportedByDevice', 'facialRecognitionFailed'])(
    'fails with %s',
    async (hintCode) => {
      const id = await opened(endpoint, { mrtd: true });
      await bench.app.fail(id, hintCode);
      expect((await bench.collect(id)).body).toEqual({ orderRef: id, status: 'failed', hintCode });
    },
  );

  it('has the document read once', async () => {
    const id = await opened(endpoint, { mrtd: true });
    await bench.app.readDocument(id);
    await expect(bench.app.readDocument(id)).rejects.toThrow('not-asked');
  });
});

describe('an order that requires no identity document', () => {
  it('asks for none, and reports none', async () => {
    const id = await opened('sign', {});
    await expect(bench.app.readDocument(id)).rejects.toThrow('not-asked');
    await bench.app.sign(id);
    expect((await bench.collect(id)).body.completionData).not.toHaveProperty('stepUp');
  });

  it('does not ask before it is opened', async () => {
    const { orderRef } = await bench.place({ requirement: { mrtd: true } });
    expect(await bench.app.getOrder(orderRef)).not.toHaveProperty('asks');
    await expect(bench.app.readDocument(orderRef)).rejects.toThrow('order-not-opened');
  });
});

describe.each(['sign', 'auth'])('an order at /%s that requires the security code', (endpoint) => {
  it('is signed with the code only', async () => {
    const id = await opened(endpoint, { pinCode: true });
    expect(await bench.app.getOrder(id)).toMatchObject({ pinCode: true });
    await expect(bench.app.sign(id)).rejects.toThrow('security-code-required');
    expect((await bench.app.sign(id, { securityCode: '123456' })).status).toBe('complete');
  });

  it('survives two wrong codes, and ends with the third', async () => {
    const id = await opened(endpoint, { pinCode: true });
    for (let i = 0; i < 2; i += 1) {
      await expect(bench.app.sign(id, { securityCode: '000000' })).rejects.toThrow('security-code-wrong');
    }
    expect(await hintOf(id)).toBe('userSign');
    expect((await bench.app.sign(id, { securityCode: '000000' })).status).toBe('failed');
    expect(await hintOf(id)).toBe('certificateErr');
  });
});

describe('an order that requires another kind of BankID', () => {
  it('is not signed with a Mobile BankID', async () => {
    const id = await opened('auth', { certificatePolicies: ['1.2.3.4.10'] });
    await expect(bench.app.sign(id)).rejects.toThrow('policy-required');
  });
});

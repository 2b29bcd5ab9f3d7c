import { BankIdClientV6 } from 'bankid';
import { QrGenerator, type QrCacheEntry } from 'bankid/lib/qrgenerator.js';
import { systemClock } from '../../../src/kernel/clock.ts';
import { Bench } from '../../support/bankid/relying-party.ts';

const entries = new Map<string, QrCacheEntry>();
// The package's own cache leaves a timer of a minute behind.
const customCache = {
  get: (orderRef: string) => Promise.resolve(entries.get(orderRef)),
  set: (orderRef: string, entry: QrCacheEntry) => Promise.resolve(void entries.set(orderRef, entry)),
  delete: (orderRef: string) => Promise.resolve(entries.delete(orderRef)),
};

/** The npm package `bankid`: a client that is not ours. Its base URL is BankID's own; only that is exchanged. */
class Client extends BankIdClientV6 {
  constructor({ simulator }: Bench) {
    const { tlsRootPem, rpP12, rpP12Passphrase } = simulator.pki;
    super({
      production: false,
      refreshInterval: 20,
      pfx: rpP12,
      passphrase: rpP12Passphrase,
      ca: Buffer.from(tlsRootPem),
      qrOptions: { customCache },
    });
    this.axios.defaults.baseURL = simulator.rpUrl;
  }
}

let bench: Bench;
let client: Client;
beforeAll(async () => {
  bench = await Bench.start({ clock: systemClock });
  client = new Client(bench);
}, 60_000);
afterAll(() => bench.stop());

const text = { endUserIp: '192.0.2.17', userVisibleData: 'Jag godkänner.' };

describe('the npm package bankid against the simulator', () => {
  it('signs and collects, opened by its autostart token', async () => {
    const { orderRef, autoStartToken } = await client.sign(text);
    expect((await client.collect({ orderRef })).hintCode).toBe('outstandingTransaction');
    const collected = client.awaitPendingCollect(orderRef);
    await bench.app.open(autoStartToken);
    await bench.app.sign(orderRef);
    const { status, completionData } = await collected;
    expect(status).toBe('complete');
    expect(completionData?.user.name).toBe('Anna Andersson');
    expect(Buffer.from(completionData?.signature ?? '', 'base64').toString()).toContain('<funcId>Signing</funcId>');
  });

  it('signs and collects, opened by a QR frame that it made', async () => {
    const { orderRef } = await client.sign(text);
    await bench.app.scan(String(await QrGenerator.latestQrFromCache(orderRef, customCache)));
    await bench.app.sign(orderRef, { personalNumber: '198506152399' });
    expect((await client.collect({ orderRef })).completionData?.user.personalNumber).toBe('198506152399');
  });

  it('logs a person in, opened by a QR frame that it made', async () => {
    const { orderRef } = await client.authenticate({ endUserIp: '192.0.2.17' });
    await bench.app.scan(String(await QrGenerator.latestQrFromCache(orderRef, customCache)));
    await bench.app.sign(orderRef, { personalNumber: '198506152399' });
    const { status, completionData } = await client.collect({ orderRef });
    expect([status, completionData?.user.personalNumber]).toEqual(['complete', '198506152399']);
    const xml = Buffer.from(completionData?.signature ?? '', 'base64').toString();
    expect(xml).toContain('<funcId>Identification</funcId>');
  });

  it('logs in the required person alone, opened by its autostart token', async () => {
    const requirement = { pinCode: false, mrtd: false, personalNumber: '197202292384' };
    const { orderRef, autoStartToken } = await client.authenticate({ endUserIp: '192.0.2.17', requirement });
    await bench.app.open(autoStartToken);
    await expect(bench.app.sign(orderRef, { personalNumber: '199001012385' })).rejects.toThrow('other-person-required');
    await bench.app.sign(orderRef);
    expect((await client.collect({ orderRef })).completionData?.user.name).toBe('Cecilia Dahl');
  });

  // The package has no method for phone orders; its connection and its collect serve them all the same.
  it('collects a phone login that was placed over its connection', async () => {
    const body = { personalNumber: '198506152399', callInitiator: 'user' };
    const { orderRef } = (await client.axios.post<{ orderRef: string }>('phone/auth', body)).data;
    const { id } = await bench.app.openFor('198506152399');
    expect([id, (await client.collect({ orderRef })).hintCode]).toEqual([orderRef, 'userCallConfirm']);
    const collected = client.awaitPendingCollect(orderRef);
    await bench.app.answerCall(id, true);
    await bench.app.sign(id);
    expect((await collected).completionData?.user.name).toBe('Bo Berg');
  });

  it('is told that the payer is in no call', async () => {
    const body = { personalNumber: '198506152399', callInitiator: 'RP' };
    const { orderRef } = (await client.axios.post<{ orderRef: string }>('phone/auth', body)).data;
    await bench.app.answerCall((await bench.app.openFor('198506152399')).id, false);
    expect(await client.collect({ orderRef })).toMatchObject({ status: 'failed', hintCode: 'userDeclinedCall' });
  });

  it('cancels', async () => {
    const { orderRef } = await client.sign(text);
    await client.cancel({ orderRef });
    await expect(client.collect({ orderRef })).rejects.toMatchObject({ code: 'invalidParameters' });
  });

  it('is told of the payer’s cancellation', async () => {
    const { orderRef, autoStartToken } = await client.sign(text);
    await bench.app.open(autoStartToken);
    await bench.app.cancel(orderRef);
    expect(await client.collect({ orderRef })).toMatchObject({ status: 'failed', hintCode: 'userCancel' });
  });
});

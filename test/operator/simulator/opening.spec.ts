import { qrFrame } from '../../../simulator/orders/qr-frame.ts';
import { PretendAppError } from '../../../simulator/client.ts';
import { Bench } from '../../support/bankid/relying-party.ts';

const SECOND = 1000;

let bench: Bench;
beforeAll(async () => {
  bench = await Bench.start();
}, 60_000);
afterAll(() => bench.stop());

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
    const scanned = bench.app.scan('https://example.test/');
    await expect(scanned).rejects.toThrow(PretendAppError);
    await expect(scanned).rejects.toMatchObject({ status: 400, code: 'qr-malformed' });
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

  it('signs no order that was not opened', async () => {
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

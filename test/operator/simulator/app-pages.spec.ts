import QRCode from 'qrcode';
import { qrFrame } from '../../../simulator/orders/qr-frame.ts';
import { Bench, base64 } from '../../support/bankid/relying-party.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await Bench.start();
}, 60_000);
afterAll(() => bench.stop());

const at = (path: string): URL => new URL(path, bench.simulator.appUrl);
const get = async (path: string): Promise<string> => (await fetch(at(path))).text();
const post = (path: string, form: Record<string, string>): Promise<string> =>
  fetch(at(path), { method: 'POST', body: new URLSearchParams(form) }).then((response) => response.text());

describe('the pages of the pretend app', () => {
  it('allow no inline script, no foreign source and no frame', async () => {
    const response = await fetch(at('/'));
    const policy = response.headers.get('content-security-policy');
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain('unsafe');
    expect(await response.text()).not.toMatch(/<script>|<style|style=|onclick/);
  });

  it('show the visible text to the character, escaped', async () => {
    const text = 'Betala <b>1 kr</b> & "mer"\n\n  till Bo\n';
    const { orderRef, autoStartToken } = await bench.place({ userVisibleData: base64(text) });
    const page = await get(`/?autostarttoken=${autoStartToken}`);
    expect(page).toContain('>Betala &lt;b&gt;1 kr&lt;/b&gt; &amp; &quot;mer&quot;\n\n  till Bo\n</div>');
    expect(page).toContain(`action="/orders/${orderRef}/sign"`);
  });

  it('sign as the person who was chosen, and offer the way back after an autostart', async () => {
    const { orderRef, autoStartToken } = await bench.place({ returnUrl: 'https://shop.test/back?a=1&b=2' });
    await get(`/?autostarttoken=${autoStartToken}`);
    expect(await get(`/?autostarttoken=${autoStartToken}`)).toContain(orderRef);
    const page = await post(`/orders/${orderRef}/sign`, { person: '198506152399', otherNumber: '', otherName: '' });
    expect(page).toContain('href="https://shop.test/back?a=1&amp;b=2"');
    expect((await bench.collect(orderRef)).body.completionData.user.name).toBe('Bo Berg');
  });

  it('sign as another person, and offer no way back after a QR code', async () => {
    const { orderRef, qrStartToken, qrStartSecret } = await bench.place({ returnUrl: 'https://shop.test/back' });
    await post('/scan', { code: ` ${qrFrame(qrStartToken, qrStartSecret, 0)}\n` });
    const page = await post(`/orders/${orderRef}/sign`, { otherNumber: '191212121212', otherName: 'Eva Ek' });
    expect(page).not.toContain('shop.test');
    expect((await bench.collect(orderRef)).body.completionData.user.name).toBe('Eva Ek');
  });

  it('never link to a returnUrl that is a script', async () => {
    const { orderRef, autoStartToken } = await bench.place({ returnUrl: 'javascript:alert(1)' });
    await post('/scan', { code: autoStartToken });
    expect(await post(`/orders/${orderRef}/sign`, { person: '199001012385' })).not.toContain('javascript:');
  });

  it('list a screen nearby until its code is scanned, and cancel', async () => {
    const { orderRef } = await bench.place();
    expect(await get('/nearby')).toContain(orderRef);
    await post(`/orders/${orderRef}/scan`, {});
    expect(await get('/nearby')).not.toContain(orderRef);
    expect(await post(`/orders/${orderRef}/cancel`, {})).toContain('You cancelled.');
    expect((await bench.collect(orderRef)).body.hintCode).toBe('userCancel');
  });

  it('read the QR code in a picture', async () => {
    const { orderRef, qrStartToken, qrStartSecret } = await bench.place();
    const picture = await QRCode.toBuffer(qrFrame(qrStartToken, qrStartSecret, 0), { scale: 2 });
    const form = new FormData();
    form.set('picture', new Blob([new Uint8Array(picture)], { type: 'image/png' }), 'qr.png');
    const response = await fetch(at('/scan-image'), { method: 'POST', body: form });
    expect(response.url).toContain(`/orders/${orderRef}`);
  }, 30_000);

  it('say so when a picture holds no QR code or is none', async () => {
    const form = new FormData();
    form.set('picture', new Blob(['hello'], { type: 'image/png' }), 'qr.png');
    const response = await fetch(at('/scan-image'), { method: 'POST', body: form });
    expect(response.status).toBe(400);
    expect(await response.text()).toContain('PNG');
  });

  it('take no form from another site', async () => {
    const { orderRef } = await bench.place();
    const headers = { 'sec-fetch-site': 'cross-site' };
    expect((await fetch(at(`/orders/${orderRef}/scan`), { method: 'POST', headers })).status).toBe(403);
  });
});

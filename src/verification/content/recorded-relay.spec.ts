import fc from 'fast-check';
import { bindings } from '../../payment/channel.ts';
import { findRecordedRelay } from './recorded-relay.ts';

const relay = { binding: 'returned-with-request-key', risk: 'absent' };
const statedDevice = { origin: 'stated-by-client', endUserIp: '192.0.2.44', app: {} };

const found = (circumstances: unknown) => findRecordedRelay(Buffer.from(JSON.stringify(circumstances)));

describe('what circumstances.json says of the device', () => {
  it('is read as the service writes it, of each way', () => {
    for (const binding of bindings)
      expect(found({ relay: { ...relay, binding } })).toEqual({ ...relay, binding, statedAddress: null });
    expect(found({ relay, statedDevice })).toEqual({ ...relay, statedAddress: '192.0.2.44' });
  });

  it('is nothing in a folder from before there were other ways than the browser', () => {
    for (const bytes of [undefined, Buffer.from('{'), Buffer.from('[]'), Buffer.from('{"browser":{"ip":"192.0.2.1"}}')])
      expect(findRecordedRelay(bytes)).toBeUndefined();
  });

  it.each<[string, unknown]>([
    ['without the tie', { relay: { risk: 'low' } }],
    ['without the risk', { relay: { binding: 'none' } }],
    ['with another member', { relay: { ...relay, comment: '' } }],
    ['with a tie that has no name', { relay: { ...relay, binding: 'same-device' } }],
    ['with a name that every object has', { relay: { ...relay, binding: 'constructor' } }],
    ['with a risk that is no word', { relay: { ...relay, risk: null } }],
    ['with a device whose origin is another', { relay, statedDevice: { ...statedDevice, origin: 'seen' } }],
    ['with a device without an address', { relay, statedDevice: { origin: 'stated-by-client' } }],
    ['with a device that is no object', { relay, statedDevice: 'stated-by-client' }],
  ])('is not repeated %s', (_what, circumstances) => {
    expect(found(circumstances)).toBeUndefined();
  });

  it('never stops the verification', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
        expect([undefined, 'none']).toContain(found({ relay: { binding: 'none', risk: a }, statedDevice: b })?.binding);
      }),
    );
  });
});

import type { Binding } from '../payment/channel.ts';
import { bindingOf, relayVerdict, type RelayFacts } from './relay-rule.ts';

const facts: RelayFacts = {
  way: 'browser',
  risk: 'moderate',
  maxRisk: 'moderate',
  requireDeviceBinding: true,
  startedByLink: true,
  nonceReturned: false,
  askerAddress: '192.0.2.1',
  deviceAddress: '198.51.100.7',
};
const call: Partial<RelayFacts> = { way: 'phone', startedByLink: false, askerAddress: undefined };

describe('the relay rule', () => {
  it.each<[string, Partial<RelayFacts>, string]>([
    ['refuses a link opened on another device, without the nonce', {}, 'device-not-bound'],
    ['refuses it also when BankID names no address', { deviceAddress: undefined }, 'device-not-bound'],
    ['refuses it also when BankID says nothing of the risk', { risk: undefined }, 'device-not-bound'],
    ['accepts it when the nonce came back', { nonceReturned: true }, 'accepted'],
    ['accepts it when the addresses are the same', { deviceAddress: '192.0.2.1' }, 'accepted'],
    ['takes an address in IPv6 clothes for the same', { deviceAddress: '::ffff:192.0.2.1' }, 'accepted'],
    ['accepts it when the risk is low', { risk: 'low' }, 'accepted'],
    ['accepts a scanned QR code from another address', { startedByLink: false }, 'accepted'],
    ['accepts it where the operator has switched the binding off', { requireDeviceBinding: false }, 'accepted'],
    ['refuses high risk, whatever else holds', { risk: 'high', nonceReturned: true, startedByLink: false }, 'risk'],
    ['takes an unknown word for high', { risk: 'severe', nonceReturned: true }, 'risk'],
    ['refuses moderate risk where the operator accepts low alone', { maxRisk: 'low', nonceReturned: true }, 'risk'],
    ['counts a missing risk as moderate', { risk: undefined, maxRisk: 'low', nonceReturned: true }, 'risk'],
    ['does not compare what is no address', { askerAddress: 'x', deviceAddress: 'x' }, 'device-not-bound'],
    ['refuses an app that did not come back, from another address', { way: 'app' }, 'device-not-bound'],
    ['refuses it also where no link was given out', { way: 'app', startedByLink: false }, 'device-not-bound'],
    ['refuses it where the TPP states no address', { way: 'app', askerAddress: undefined }, 'device-not-bound'],
    ['accepts an app that came back', { way: 'app', nonceReturned: true }, 'accepted'],
    ['accepts an app at the stated address', { way: 'app', deviceAddress: '192.0.2.1' }, 'accepted'],
    ['accepts an app at low risk', { way: 'app', risk: 'low' }, 'accepted'],
    ['refuses an app at high risk that came back', { way: 'app', risk: 'high', nonceReturned: true }, 'risk'],
    ['accepts a code that the TPP shows, from another address', { way: 'qr' }, 'accepted'],
    ['refuses that at high risk', { way: 'qr', risk: 'high' }, 'risk'],
    ['counts its missing risk as moderate', { way: 'qr', risk: undefined, maxRisk: 'low' }, 'risk'],
    ['accepts a call of which BankID says no risk', { ...call, risk: undefined, maxRisk: 'low' }, 'accepted'],
    ['refuses a call at moderate risk where low alone is accepted', { ...call, maxRisk: 'low' }, 'risk'],
    ['refuses a call at high risk', { ...call, risk: 'high' }, 'risk'],
    ['takes an unknown word of a call for high', { ...call, risk: 'absent' }, 'risk'],
  ])('%s', (_right, change, verdict) => {
    expect(relayVerdict({ ...facts, ...change })).toBe(verdict);
  });
});

describe('what ties BankID to what asked', () => {
  const back = { nonceReturned: true, deviceAddress: '192.0.2.1' };
  it.each<[Partial<RelayFacts>, Binding]>([
    [back, 'returned-in-bound-browser'],
    [{ ...back, nonceReturned: false }, 'same-address'],
    [{}, 'none'],
    [{ ...back, way: 'app' }, 'returned-with-request-key'],
    [{ ...back, way: 'app', nonceReturned: false }, 'stated-address'],
    [{ way: 'app' }, 'none'],
    [{ ...back, way: 'qr' }, 'none'],
    [{ ...back, way: 'phone' }, 'none'],
  ])('%j is %s', (change, binding) => {
    expect(bindingOf({ ...facts, ...change })).toBe(binding);
  });
});

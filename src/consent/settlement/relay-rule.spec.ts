import { relayVerdict, type RelayFacts } from './relay-rule.ts';

const facts: RelayFacts = {
  risk: 'moderate',
  maxRisk: 'moderate',
  requireDeviceBinding: true,
  startedByLink: true,
  nonceReturned: false,
  browserAddress: '192.0.2.1',
  deviceAddress: '198.51.100.7',
};

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
    ['does not compare what is no address', { browserAddress: 'x', deviceAddress: 'x' }, 'device-not-bound'],
  ])('%s', (_right, change, verdict) => {
    expect(relayVerdict({ ...facts, ...change })).toBe(verdict);
  });
});

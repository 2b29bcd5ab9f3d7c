import { addMs } from '../../kernel/clock.ts';
import { qrFrame } from './qr-frame.ts';

const token = '67df3917-fa0d-44e5-b327-edcc928297f8';
const secret = 'd28db9a7-4cde-429e-a983-359be676944c';
const startedAt = new Date('2026-11-22T12:00:00.400Z');

describe('the animated QR code', () => {
  it.each([
    [0, 'dc69358e712458a66a7525beef148ae8526b1c71610eff2c16cdffb4cdac9bf8'],
    [1, '949d559bf23403952a94d103e67743126381eda00f0b3cbddbf7c96b1adcbce2'],
    [2, 'a9e5ec59cb4eee4ef4117150abc58fad7a85439a6a96ccbecc3668b41795b3f3'],
  ])('is the one of BankID’s official vectors at second %i', (second, code) => {
    expect(qrFrame(token, secret, startedAt, addMs(startedAt, second * 1000))).toBe(
      `bankid.${token}.${second}.${code}`,
    );
  });

  it('changes only when a whole second has passed since the answer to /sign', () => {
    const first = qrFrame(token, secret, startedAt, startedAt);
    expect(qrFrame(token, secret, startedAt, addMs(startedAt, 999))).toBe(first);
    expect(qrFrame(token, secret, startedAt, addMs(startedAt, 1000))).not.toBe(first);
  });

  it('never has a negative time, even when the clock was set back', () => {
    expect(qrFrame(token, secret, startedAt, addMs(startedAt, -5000))).toContain(`${token}.0.`);
  });
});

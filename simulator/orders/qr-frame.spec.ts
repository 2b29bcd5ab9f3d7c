import { findQrFrame, isAuthentic, qrFrame } from './qr-frame.ts';

const token = '67df3917-fa0d-44e5-b327-edcc928297f8';
const secret = 'd28db9a7-4cde-429e-a983-359be676944c';
const official = [
  'dc69358e712458a66a7525beef148ae8526b1c71610eff2c16cdffb4cdac9bf8',
  '949d559bf23403952a94d103e67743126381eda00f0b3cbddbf7c96b1adcbce2',
  'a9e5ec59cb4eee4ef4117150abc58fad7a85439a6a96ccbecc3668b41795b3f3',
];

describe('QR frames', () => {
  it.each(official.map((code, seconds) => [seconds, code] as const))('are BankID’s at t=%i', (seconds, code) => {
    expect(qrFrame(token, secret, seconds)).toBe(`bankid.${token}.${seconds}.${code}`);
    expect(isAuthentic(findQrFrame(`bankid.${token}.${seconds}.${code}`)!, secret)).toBe(true);
  });

  it('are refused with the code of another second', () => {
    expect(isAuthentic(findQrFrame(`bankid.${token}.1.${official[0]}`)!, secret)).toBe(false);
  });

  it.each([
    '',
    'bankid',
    `bankid.${token}.01.${official[0]}`,
    `bankid.${token}.-1.${official[0]}`,
    `Bankid.${token}.0.x`,
  ])('are not %p', (text) => {
    expect(findQrFrame(text)).toBeUndefined();
  });
});

import { HealthIndicatorService } from '@nestjs/terminus';
import type { KeyRings } from '../vault/key-rings.ts';
import type { Certificates } from './certificates.ts';
import { Conditions } from './conditions.ts';
import { OwnParts } from './own-parts.ts';

const parts = (daysLeft: Readonly<Record<string, number>>): OwnParts =>
  new OwnParts(
    new HealthIndicatorService(),
    { daysLeft: () => daysLeft } as Certificates,
    {} as KeyRings,
    {} as Conditions,
  );

describe('the certificates of an instance', () => {
  it.each([
    ['are up while each has a month', { 'rp-certificate': 30, 'seal-certificate': 30 }, 'up'],
    ['warn a month before one expires', { 'rp-certificate': 29, 'seal-certificate': 300 }, 'degraded'],
    ['take the instance down when one that payments need has expired', { 'rp-certificate': -1 }, 'down'],
    ['only warn when that of the seals has expired', { 'rp-certificate': 300, 'seal-certificate': -1 }, 'degraded'],
  ])('%s', (_, daysLeft, status) => {
    expect(parts(daysLeft).checkCertificates()).toMatchObject({ certificates: { status, daysLeft } });
  });
});

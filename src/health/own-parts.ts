import { Injectable } from '@nestjs/common';
import { HealthIndicatorService, type HealthIndicatorResult } from '@nestjs/terminus';
import { Conditions } from './conditions.ts';
import { KeyRings } from '../vault/key-rings.ts';
import { Certificates, SEAL_CERTIFICATE } from './certificates.ts';

const RENEW_WITHIN_DAYS = 30;

/** Parts of the instance that are checked without any other machine. */
@Injectable()
export class OwnParts {
  constructor(
    private readonly indicators: HealthIndicatorService,
    private readonly certificates: Certificates,
    private readonly keyRings: KeyRings,
    private readonly conditions: Conditions,
  ) {}

  /** An expired seal certificate takes no instance down: only new bundles wait for it, and payments do not. */
  checkCertificates(): HealthIndicatorResult {
    const check = this.indicators.check('certificates');
    const daysLeft = this.certificates.daysLeft();
    const expired = Object.keys(daysLeft).filter((name) => (daysLeft[name] ?? 0) < 0);
    if (expired.some((name) => name !== SEAL_CERTIFICATE)) return check.down({ daysLeft, message: 'expired' });
    const least = Math.min(...Object.values(daysLeft));
    return least < RENEW_WITHIN_DAYS ? check.degraded({ daysLeft, message: 'renew soon' }) : check.up({ daysLeft });
  }

  /** Up to a minute old. The answer is public and names only the ring; the log names the key. */
  checkKeys(): HealthIndicatorResult {
    const check = this.indicators.check('keys');
    const rings = this.keyRings.incomplete();
    return rings.length > 0 ? check.down({ rings, message: 'a key is missing' }) : check.up();
  }

  /** Never down: without heads of the ledger, or a steward who erases, payments are authorised all the same. */
  checkReported(part: 'ledger' | 'erasure'): HealthIndicatorResult {
    const check = this.indicators.check(part);
    const condition = this.conditions.read(part);
    return condition.status === 'up' ? check.up() : check.degraded({ message: condition.message });
  }
}

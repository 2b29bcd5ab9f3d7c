import { Injectable } from '@nestjs/common';
import type { Period } from '../../audit/period.ts';
import { StoredIdentifications, type LoginVerdicts } from './stored-identifications.ts';
import { StoredVerdicts, type VerdictReport } from './stored-verdicts.ts';

/** Of consents and, apart from them, of logins. */
export interface VerdictsReport extends VerdictReport {
  readonly logins: LoginVerdicts;
}

/** Today's verdicts on all evidence of a period. */
@Injectable()
export class VerdictsOfPeriod {
  constructor(
    private readonly consents: StoredVerdicts,
    private readonly logins: StoredIdentifications,
  ) {}

  async verify(period: Period): Promise<VerdictsReport> {
    const consents = await this.consents.verify(period);
    return { ...consents, logins: await this.logins.verify(period) };
  }
}

import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.ts';
import { EvidenceModule } from '../evidence/evidence.module.ts';
import { KeysModule } from '../keys/keys.module.ts';
import { LedgerModule } from '../ledger/ledger.module.ts';
import { ErasureCertificates } from './erasure-certificates.ts';
import { Holds } from './holds.ts';
import { PersonErasure } from './person-erasure.ts';
import { Requests } from './requests.ts';
import { RightsWorkers } from './rights-workers.ts';
import { StewardWatch } from './steward-watch.ts';
import { SubjectAccess } from './subject-access.ts';
import { SubjectAnswers } from './subject-answers.ts';
import { SubjectEvents } from './subject/subject-events.ts';

/** Retention, holds, erasure and the rights of persons. */
@Module({
  imports: [AuditModule, EvidenceModule, KeysModule, LedgerModule],
  providers: [
    ErasureCertificates,
    Holds,
    PersonErasure,
    Requests,
    RightsWorkers,
    StewardWatch,
    SubjectAccess,
    SubjectAnswers,
    SubjectEvents,
  ],
  exports: [ErasureCertificates, Holds, PersonErasure, Requests, StewardWatch, SubjectAnswers],
})
export class RightsModule {}

import { Module } from '@nestjs/common';
import { EvidenceStore } from './evidence-store.ts';
import { EvidenceVerification } from './evidence-verification.ts';
import { IdentificationStore } from './identification-store.ts';
import { SignatureTrust } from './signature-trust.ts';

@Module({
  providers: [EvidenceStore, EvidenceVerification, IdentificationStore, SignatureTrust],
  exports: [EvidenceStore, EvidenceVerification, IdentificationStore, SignatureTrust],
})
export class EvidenceModule {}

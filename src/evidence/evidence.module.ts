import { Module } from '@nestjs/common';
import { EvidenceStore } from './evidence-store.ts';
import { EvidenceVerification } from './evidence-verification.ts';
import { SignatureTrust } from './signature-trust.ts';

@Module({
  providers: [EvidenceStore, EvidenceVerification, SignatureTrust],
  exports: [EvidenceStore, EvidenceVerification, SignatureTrust],
})
export class EvidenceModule {}

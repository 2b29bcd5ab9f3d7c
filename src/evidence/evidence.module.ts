import { Module } from '@nestjs/common';
import { EvidenceStore } from './evidence-store.ts';
import { EvidenceVerification } from './evidence-verification.ts';
import { IdentificationStore } from './identification-store.ts';
import { KeptBundles } from './kept-bundles.ts';
import { ServiceFacts } from './service-facts.ts';
import { SignatureTrust } from './signature-trust.ts';

@Module({
  providers: [EvidenceStore, EvidenceVerification, IdentificationStore, KeptBundles, ServiceFacts, SignatureTrust],
  exports: [EvidenceStore, EvidenceVerification, IdentificationStore, KeptBundles, ServiceFacts, SignatureTrust],
})
export class EvidenceModule {}

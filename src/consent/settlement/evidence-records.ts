import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type AppConfig } from '../../config/config.ts';
import type { EvidenceRecord } from '../../evidence/evidence.ts';
import { ServiceFacts } from '../../evidence/service-facts.ts';
import { consentToJson } from '../../payment/non-visible.ts';
import type { FoundForSettlement } from '../store/consent.repository.ts';
import { circumstancesOf } from './circumstances.ts';
import type { Completed, Examined } from './order-verification.ts';

/** Assembles what the evidence of a completed order holds besides the signature. */
@Injectable()
export class EvidenceRecords {
  constructor(
    private readonly service: ServiceFacts,
    @Inject(CONFIG) private readonly config: AppConfig,
  ) {}

  make(
    { order, context, consent }: Completed,
    { expected, relay, bankPolicy }: Examined,
    { attempts }: FoundForSettlement,
  ): EvidenceRecord {
    const { consentId, bank, clientId } = consent;
    const ours = { attempts, service: this.service.now(), relay, bankPolicy };
    return {
      consentId,
      bank,
      clientId,
      environment: this.config.environment,
      orderId: order.orderId,
      signatureText: order.answer.completion.signature,
      ocspBase64: order.answer.completion.ocspResponse,
      personalNumber: order.answer.completion.user.personalNumber,
      consentJson: consentToJson(expected),
      visibleText: order.visibleData,
      nonVisibleData: order.nonVisibleData,
      circumstances: circumstancesOf(order, context, consent, ours),
      relyingPartyName: order.relyingPartyName,
      receivedAt: order.receivedAt,
    };
  }
}

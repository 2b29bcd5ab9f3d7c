import { Inject, Injectable } from '@nestjs/common';
import type { CompleteOrder } from '../../attempts/answered-order.ts';
import { orderCircumstances } from '../../attempts/order-circumstances.ts';
import { CONFIG, type AppConfig } from '../../config/config.ts';
import type { IdentificationRecord } from '../../evidence/identification.ts';
import { ServiceFacts } from '../../evidence/service-facts.ts';
import { loginToJson } from '../../identification/non-visible.ts';
import { formatInstant } from '../../kernel/clock.ts';
import type { JsonObject } from '../../kernel/json.ts';
import { channelToJson } from '../../payment/channel.ts';
import type { FoundForSettlement } from '../store/login.repository.ts';
import type { Examined } from './order-verification.ts';
import type { Settled } from './order-context.ts';

/** Assembles what the evidence of a completed order holds besides the signature. */
@Injectable()
export class EvidenceRecords {
  constructor(
    private readonly service: ServiceFacts,
    @Inject(CONFIG) private readonly config: AppConfig,
  ) {}

  make(
    settled: Settled<CompleteOrder>,
    { expected, relay }: Examined,
    found: FoundForSettlement,
  ): IdentificationRecord {
    const { order, login } = settled;
    const ours = { service: this.service.now(), relay };
    return {
      loginId: login.loginId,
      clientId: login.clientId,
      environment: this.config.environment,
      orderId: order.orderId,
      signatureText: order.answer.completion.signature,
      ocspBase64: order.answer.completion.ocspResponse,
      personalNumber: order.answer.completion.user.personalNumber,
      loginJson: loginToJson(expected),
      visibleText: order.visibleData,
      nonVisibleData: order.nonVisibleData,
      circumstances: { ...orderCircumstances(order, ours), ...loginCircumstances(settled, found) },
      relyingPartyName: order.relyingPartyName,
      receivedAt: order.receivedAt,
    };
  }
}

function loginCircumstances({ context, login }: Settled<CompleteOrder>, { attempts }: FoundForSettlement): JsonObject {
  return {
    channel: channelToJson(login.channel),
    login: {
      attempts,
      failedAttempts: login.failedAttempts,
      language: context.language,
      template: context.template,
      requestedAt: formatInstant(login.createdAt),
    },
  };
}

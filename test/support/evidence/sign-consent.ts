import { randomBytes } from 'node:crypto';
import { responderName } from '../../../simulator/pki/authorities.ts';
import { testPolicies } from '../../../simulator/pki/oids.ts';
import { people, type Person } from '../../../simulator/pki/people.ts';
import type { Pki } from '../../../simulator/pki/pki.ts';
import { makeOcspResponse, nonceFor } from '../../../simulator/signature/ocsp-response.ts';
import { signDocument } from '../../../simulator/signature/xml-signature.ts';
import { newConsentId, newOrderId, type ConsentId, type OrderId } from '../../../src/kernel/ids.ts';
import type { JsonObject } from '../../../src/kernel/json.ts';
import { parseInitiation, type PaymentInitiation } from '../../../src/payment/initiation.ts';
import {
  buildNonVisibleData,
  consentToJson,
  type SignedConsentFacts,
  type SignedFacts2,
} from '../../../src/payment/non-visible.ts';
import { renderVisibleText } from '../../../src/payment/visible-text.ts';
import type { Completion, Expectation } from '../../../src/verification/expectation.ts';

export interface Occasion {
  readonly at?: Date;
  readonly consentId?: ConsentId;
  readonly bank?: string;
  readonly clientId?: string;
  readonly tppName?: string;
  readonly payer?: Person;
  readonly environment?: SignedConsentFacts['environment'];
  readonly amount?: { readonly currency: string; readonly amount: string };
  readonly creditorName?: string;
  readonly ocspStatus?: 'good' | 'revoked' | 'unknown';
  /** Other signed facts than those of a consent in a browser, by today's template. */
  readonly signed?: (facts: SignedFacts2) => SignedConsentFacts;
  /** The nonce of the OCSP response; that of this signature unless told. */
  readonly nonce?: Buffer;
}

/** A consent as it comes back from BankID: really signed under the simulator's PKI. */
export interface SignedConsent {
  readonly consentId: ConsentId;
  readonly orderId: OrderId;
  readonly bank: string;
  readonly clientId: string;
  readonly initiation: PaymentInitiation;
  readonly facts: SignedConsentFacts;
  readonly completion: Completion & { readonly ocspResponse: string };
  readonly expectation: Expectation;
  readonly consentJson: JsonObject;
  readonly at: Date;
}

export const BANK_NAME = 'Exempelbanken AB';
export const defaultTime = new Date('2026-11-22T10:00:00.000Z');

export async function signConsent(pki: Pki, occasion: Occasion = {}): Promise<SignedConsent> {
  const at = occasion.at ?? defaultTime;
  const initiation = parseInitiation(
    {
      type: 'payment_initiation',
      instructedAmount: occasion.amount ?? { currency: 'SEK', amount: '1250.00' },
      creditorName: occasion.creditorName ?? 'Exempelbutiken AB',
      creditorAccount: { bankgiro: '5050-1055' },
      endToEndIdentification: 'ORDER-17',
    },
    '',
  );
  const usual: SignedFacts2 = {
    environment: occasion.environment ?? 'sandbox',
    consentId: occasion.consentId ?? newConsentId(),
    clientId: occasion.clientId ?? 'shop',
    tpp: { name: occasion.tppName ?? 'Exempel Betaltjänst AB', authorisationNumber: 'PSDSE-FINA-44059' },
    bank: occasion.bank ?? 'bank-a',
    payer: 'unbound',
    orderedAt: at,
    nonce: randomBytes(16).toString('base64url'),
    template: 'sv-2',
    bankName: BANK_NAME,
    channel: { way: 'browser' },
    creditorNameVerification: undefined,
    initiation,
  };
  const facts = occasion.signed?.(usual) ?? usual;
  const visibleData = Buffer.from(renderVisibleText(facts));
  const nonVisibleData = buildNonVisibleData(facts);
  const completion = await complete(pki, 'Signing', { visibleData, nonVisibleData }, { ...occasion, at });
  return {
    consentId: facts.consentId,
    orderId: newOrderId(),
    bank: facts.bank,
    clientId: facts.clientId,
    initiation,
    facts,
    completion,
    expectation: {
      environment: facts.environment,
      facts,
      visibleData,
      nonVisibleData,
      relyingPartyName: pki.relyingParty.relyingPartyName,
      orderStartedAt: at,
      receivedAt: new Date(at.getTime() + 4000),
      payer: { kind: 'unbound' },
    },
    consentJson: consentToJson(facts),
    at,
  };
}

/** What BankID answers when a person has signed, or identified for, this text and data. */
export async function complete(
  pki: Pki,
  act: 'Signing' | 'Identification',
  { visibleData, nonVisibleData }: Pick<Expectation, 'visibleData' | 'nonVisibleData'>,
  occasion: Pick<Occasion, 'payer' | 'ocspStatus' | 'nonce'> & { readonly at: Date },
): Promise<Completion & { readonly ocspResponse: string }> {
  const { at } = occasion;
  const person = occasion.payer ?? people[0]!;
  const payer = await pki.payers.certificateOf(person, act, at);
  const document = await signDocument(
    {
      visibleData,
      visibleDataFormat: 'plaintext',
      nonVisibleData,
      relyingPartyName: pki.relyingParty.relyingPartyName,
      displayName: pki.relyingParty.displayName,
      function: act,
      certificatePolicy: testPolicies.mobile,
      uhi: randomBytes(21),
    },
    payer,
    [pki.authorities.customerCa.certificate, pki.authorities.bankCa.certificate],
  );
  const signature = Buffer.from(document).toString('base64');
  const ocsp = await makeOcspResponse(
    {
      serial: payer.serial,
      status: occasion.ocspStatus ?? 'good',
      producedAt: new Date(at.getTime() + 2000),
      nonce: occasion.nonce ?? nonceFor(signature),
    },
    {
      name: responderName,
      key: pki.authorities.responderKey,
      certificate: pki.responderCertificate,
      issuer: pki.authorities.customerCa,
    },
  );
  return { signature, ocspResponse: ocsp.toString('base64'), personalNumber: person.personalNumber };
}

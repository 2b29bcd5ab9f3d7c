import { luhnDigit } from '../../src/kernel/personal-number.ts';
import type { PersonalNumber } from '../../src/kernel/personal-number.ts';
import { addMs, MINUTE_MS } from '../../src/kernel/clock.ts';
import { parseConsentId } from '../../src/kernel/ids.ts';
import { parseInitiation } from '../../src/payment/initiation.ts';
import { buildNonVisibleData, type SignedConsentFacts } from '../../src/payment/non-visible.ts';
import { renderVisibleText } from '../../src/payment/visible-text.ts';
import type { Completion, Expectation } from '../../src/verification/expectation.ts';
import { acceptAnchors, parseTrustAnchor, type TrustAnchors } from '../../src/verification/trust-anchors.ts';
import { responderName } from '../../simulator/pki/authorities.ts';
import { testPolicies } from '../../simulator/pki/oids.ts';
import type { PayerCertificate } from '../../simulator/pki/payer-certificates.ts';
import { openPki, type Pki } from '../../simulator/pki/pki.ts';
import { makeOcspResponse, nonceFor } from '../../simulator/signature/ocsp-response.ts';
import { signDocument } from '../../simulator/signature/xml-signature.ts';

/** One payer's signature of one consent, and what it must agree with. */
export interface Item {
  readonly completion: Completion;
  readonly expectation: Expectation;
}

export interface Material {
  readonly items: readonly Item[];
  readonly largest: Completion;
  readonly trust: TrustAnchors;
  readonly at: Date;
}

/** The most characters of base64 that BankID accepts of text and data. */
const largestVisible = 40_000;
const largestNonVisible = 200_000;
const FIRST_BIRTHDAY = new Date('1990-01-01');

/**
 * Signatures of `payers` people, each with a key and a certificate of their own; each signature has a text and an OCSP response of its
 * own. Where there are more consents than people, they sign in turn.
 */
export async function makeMaterial(payers: number, at: Date, consents = payers): Promise<Material> {
  const pki = await openPki(undefined, at);
  const items: Item[] = [];
  for (let index = 0; index < consents; index++) items.push(await makeItem(pki, index, index % payers, at));
  const visibleData = Buffer.alloc((largestVisible / 4) * 3, 'Betala. ');
  const nonVisibleData = Buffer.alloc((largestNonVisible / 4) * 3, 'data');
  return {
    items,
    largest: await sign(pki, 0, { visibleData, nonVisibleData }, at),
    trust: acceptAnchors([parseTrustAnchor(pki.relyingParty.signatureRootPem, 'accept-unpinned')], ['unpinned']),
    at,
  };
}

/** The consent of number `index`, signed by the payer of number `payer`. */
export async function makeItem(pki: Pki, index: number, payer: number, at: Date): Promise<Item> {
  const facts = factsOf(index, at);
  const texts = { visibleData: Buffer.from(renderVisibleText(facts)), nonVisibleData: buildNonVisibleData(facts) };
  return {
    completion: await sign(pki, payer, texts, at),
    expectation: {
      ...texts,
      environment: 'sandbox',
      facts,
      relyingPartyName: pki.relyingParty.relyingPartyName,
      orderStartedAt: facts.orderedAt,
      receivedAt: at,
      payer: { kind: 'bound', personalNumber: personalNumber(payer) },
    },
  };
}

/** The consent of number `index`. */
export function factsOf(index: number, at: Date): SignedConsentFacts {
  return {
    environment: 'sandbox',
    consentId: parseConsentId(`0b4f7d0e-6f0a-4c51-9d3e-${String(index).padStart(12, '0')}`),
    clientId: 'tpp-one',
    tpp: { name: 'Betaltjänst AB', authorisationNumber: 'SE-FINA-41234' },
    bank: 'exempelbanken',
    payer: 'bound',
    orderedAt: addMs(at, -30_000),
    nonce: 'AAECAwQFBgcICQoLDA0ODw',
    template: 'sv-2',
    bankName: 'Vektorbanken AB',
    channel: { way: 'browser' },
    creditorNameVerification: undefined,
    initiation: parseInitiation(
      {
        type: 'payment_initiation',
        instructedAmount: { currency: 'SEK', amount: `${index + 1}250.00` },
        creditorName: 'Elbolaget AB',
        creditorAccount: { bankgiro: '5050-1055' },
        remittanceInformationUnstructured: `Faktura ${index}`,
      },
      '',
    ),
  };
}

/** In the form of Skatteverket's test numbers: a day of birth for each payer, and 238. */
function personalNumber(index: number): PersonalNumber {
  const born = addMs(FIRST_BIRTHDAY, index * 24 * 60 * MINUTE_MS).toISOString();
  const digits = `${born.slice(0, 10).replaceAll('-', '')}238`;
  return `${digits}${luhnDigit(digits.slice(2))}` as PersonalNumber;
}

interface Texts {
  readonly visibleData: Uint8Array;
  readonly nonVisibleData: Uint8Array;
}

async function sign(pki: Pki, index: number, texts: Texts, at: Date): Promise<Completion> {
  const person = { personalNumber: personalNumber(index), givenName: 'Anna', surname: `Andersson ${index}` };
  const certificate = await pki.payers.certificateOf(person, 'Signing', at);
  const { customerCa, bankCa } = pki.authorities;
  const xml = await signDocument(
    {
      ...texts,
      visibleDataFormat: 'plaintext',
      relyingPartyName: pki.relyingParty.relyingPartyName,
      displayName: pki.relyingParty.displayName,
      function: 'Signing',
      certificatePolicy: testPolicies.mobile,
      uhi: Buffer.alloc(21, index),
    },
    certificate,
    [customerCa.certificate, bankCa.certificate],
  );
  const signature = Buffer.from(xml).toString('base64');
  const ocspResponse = await answerFor(pki, signature, certificate, at);
  return { signature, ocspResponse, personalNumber: person.personalNumber };
}

async function answerFor(pki: Pki, signature: string, { serial }: PayerCertificate, at: Date): Promise<string> {
  const responder = {
    name: responderName,
    key: pki.authorities.responderKey,
    certificate: pki.responderCertificate,
    issuer: pki.authorities.customerCa,
  };
  const facts = { serial, status: 'good', producedAt: addMs(at, -2000), nonce: nonceFor(signature) } as const;
  return (await makeOcspResponse(facts, responder)).toString('base64');
}

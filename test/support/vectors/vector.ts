import { createHash, randomBytes, sign } from 'node:crypto';
import type { ConsentId } from '../../../src/kernel/ids.ts';
import { parseInitiation } from '../../../src/payment/initiation.ts';
import {
  buildNonVisibleData,
  type SignedConsentFacts,
  type SignedFacts1,
  type SignedFacts2,
} from '../../../src/payment/non-visible.ts';
import { renderVisibleText } from '../../../src/payment/visible-text.ts';
import type { Completion, Expectation } from '../../../src/verification/expectation.ts';
import { acceptAnchors, parseTrustAnchor, type TrustAnchors } from '../../../src/verification/trust-anchors.ts';
import {
  bits,
  derNull,
  encodeName,
  extensions,
  generalizedTime,
  integer,
  octets,
  oid,
  sequence,
  signatureAlgorithm,
  tlv,
  type Hash,
} from './der-writer.ts';
import {
  changePki,
  issue,
  key,
  keyHash,
  personalNumber,
  toPem,
  type KeyName,
  type PkiChanges,
  type PkiRecipe,
} from './test-pki.ts';

export const orderStartedAt = new Date('2026-06-01T12:00:00Z');
export const producedAt = new Date('2026-06-01T12:00:30Z');
export const receivedAt = new Date('2026-06-01T12:00:32Z');
export const now = new Date('2026-06-01T12:00:33Z');
export const relyingPartyName = 'cn=Sigill,name=Sigill Test,serialNumber=5560000000,o=Vektorbanken AB (publ),c=SE';

export const facts: SignedFacts1 = {
  environment: 'sandbox',
  consentId: '0b4f7d0e-6f0a-4c51-9d3e-3a1f0a9c2b11' as ConsentId,
  clientId: 'tpp-one',
  tpp: { name: 'Betaltjänst AB', authorisationNumber: 'SE-FINA-41234' },
  bank: 'bank-a',
  payer: 'bound',
  orderedAt: orderStartedAt,
  nonce: 'AAECAwQFBgcICQoLDA0ODw',
  template: 'sv-1',
  initiation: parseInitiation(
    {
      type: 'payment_initiation',
      instructedAmount: { currency: 'SEK', amount: '1250.00' },
      creditorName: 'Elbolaget AB',
      creditorAccount: { bankgiro: '5050-1055' },
      remittanceInformationUnstructured: 'Faktura 1234',
    },
    '',
  ),
};

export const textOf = (consent: SignedConsentFacts): string => renderVisibleText(consent);

/** The same consent in version 2. */
export const facts2: SignedFacts2 = {
  ...facts,
  template: 'sv-2',
  bankName: 'Vektorbanken AB',
  channel: { way: 'browser' },
  creditorNameVerification: undefined,
};

export interface OcspRecipe {
  readonly responseStatus: number;
  readonly status: Buffer;
  readonly thisUpdate: Date;
  readonly nextUpdate: Date | undefined;
  readonly producedAt: Date;
  readonly nonce: (signatureText: string) => Buffer;
  readonly responseExtensions: (nonce: Buffer) => readonly Buffer[];
  readonly singleExtensions: readonly Buffer[] | undefined;
  readonly serial: Buffer;
  readonly issuerKey: KeyName;
  readonly issuerName: 'leaf' | 'root';
  readonly answers: 0 | 1 | 2;
  readonly hash: Hash;
  readonly signedWith: KeyName;
  readonly sendResponder: boolean;
  /** Last change before the responder signs. */
  readonly mangleTbs: (der: Buffer) => Buffer;
}

export const good = tlv(0x80);
export const unknown = tlv(0x82);
export const revoked = (at: Date): Buffer => tlv(0xa1, generalizedTime(at));

export interface Recipe {
  readonly pki?: PkiChanges;
  /** Which certificates go into KeyInfo. */
  readonly chain?: (certificates: {
    leaf: Buffer;
    customerCa: Buffer;
    bankCa: Buffer;
    root: Buffer;
  }) => readonly Buffer[];
  readonly visibleText?: string;
  readonly visibleAttributes?: string;
  readonly nonVisibleData?: Uint8Array | null;
  readonly relyingParty?: string;
  readonly funcId?: string;
  /** Changes before signing. */
  readonly signedData?: (xml: string) => string;
  readonly keyInfo?: (xml: string) => string;
  readonly signedInfo?: (xml: string) => string;
  /** Changes after signing. */
  readonly document?: (xml: string) => string;
  /** The octets of the document, where they are not its UTF-8. */
  readonly encode?: (xml: string) => Uint8Array;
  /** Last change to the base64 text. */
  readonly text?: (base64: string) => string;
  readonly signatureHash?: 'sha256' | 'sha1';
  readonly digestHash?: 'sha256' | 'sha1';
  readonly signedWith?: KeyName;
  readonly ocsp?: Partial<OcspRecipe> | 'none';
  readonly mangleOcsp?: (der: Buffer) => Buffer;
}

export interface Vector {
  readonly completion: Completion;
  readonly trust: TrustAnchors;
  readonly rootPem: string;
  readonly expectation: Expectation;
}

const b64 = (data: string | Uint8Array): string => Buffer.from(data as Uint8Array).toString('base64');
const DSIG = 'http://www.w3.org/2000/09/xmldsig#';
const C14N = 'http://www.w3.org/TR/2001/REC-xml-c14n-20010315';
const digestUri = { sha256: 'http://www.w3.org/2001/04/xmlenc#sha256', sha1: `${DSIG}sha1` };
const signatureUri = { sha256: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256', sha1: `${DSIG}rsa-sha1` };

/** A completion that passes every check, but for what the recipe changes. */
export function makeVector(recipe: Recipe = {}): Vector {
  const pki = changePki(recipe.pki ?? {});
  const certificates = {
    leaf: issue(pki.leaf),
    customerCa: issue(pki.customerCa),
    bankCa: issue(pki.bankCa),
    root: issue(pki.root),
  };
  const { leaf, customerCa, bankCa } = certificates;
  const chain = recipe.chain?.(certificates) ?? [leaf, customerCa, bankCa];
  const document = makeDocument(recipe, pki, chain);
  const plainText = b64(recipe.encode?.(document) ?? Buffer.from(document, 'utf8'));
  const signature = recipe.text?.(plainText) ?? plainText;
  const rootPem = toPem(certificates.root);
  const nonVisibleData = buildNonVisibleData(facts);
  return {
    completion: {
      signature,
      ocspResponse:
        recipe.ocsp === 'none' ? undefined : b64(makeOcsp(signature, pki, recipe.ocsp ?? {}, recipe.mangleOcsp)),
      personalNumber,
    },
    rootPem,
    trust: acceptAnchors([parseTrustAnchor(rootPem, 'accept-unpinned')], ['unpinned']),
    expectation: {
      environment: 'sandbox',
      facts,
      visibleData: Buffer.from(textOf(facts)),
      nonVisibleData,
      relyingPartyName,
      orderStartedAt,
      receivedAt,
      payer: { kind: 'bound', personalNumber: personalNumber as never },
    },
  };
}

/** The completion of another consent; nothing else is changed. */
export function vectorOf(consent: SignedConsentFacts): Vector {
  const nonVisibleData = buildNonVisibleData(consent);
  const visibleText = textOf(consent);
  const vector = makeVector({ nonVisibleData, visibleText });
  const visibleData = Buffer.from(visibleText);
  return { ...vector, expectation: { ...vector.expectation, facts: consent, nonVisibleData, visibleData } };
}

function makeDocument(recipe: Recipe, pki: PkiRecipe, chain: readonly Buffer[]): string {
  const hash = recipe.digestHash ?? 'sha256';
  const digest = (xml: string): string => createHash(hash).update(xml, 'utf8').digest('base64');
  const hidden =
    recipe.nonVisibleData === null
      ? ''
      : `<usrNonVisibleData>${b64(recipe.nonVisibleData ?? buildNonVisibleData(facts))}</usrNonVisibleData>`;
  const attributes = recipe.visibleAttributes ?? 'charset="UTF-8" visible="wysiwys"';
  const plainData =
    `<bankIdSignedData xmlns="http://www.bankid.com/signature/v1.0.0/types" Id="bidSignedData"><usrVisibleData ${attributes}>${b64(Buffer.from(recipe.visibleText ?? textOf(facts)))}</usrVisibleData>${hidden}` +
    `<srvInfo><name>${b64(Buffer.from(recipe.relyingParty ?? relyingPartyName))}</name><nonce>${b64(Buffer.alloc(20, 7))}</nonce><displayName>${b64(Buffer.from('Sigill'))}</displayName></srvInfo>` +
    `<clientInfo><funcId>${recipe.funcId ?? 'Signing'}</funcId><version>${b64(Buffer.from('7.0'))}</version><env><ai><type>${b64(Buffer.from('IOS'))}</type><deviceInfo>${b64(Buffer.from('19.0'))}</deviceInfo><uhi>${b64(Buffer.alloc(21, 9))}</uhi><fsib>0</fsib><utb>cs1</utb><requirement><condition><type>CertificatePolicies</type><value>1.2.3.4.5</value></condition></requirement><uauth>pw</uauth></ai></env></clientInfo></bankIdSignedData>`;
  const plainKeyInfo = `<KeyInfo xmlns="${DSIG}" Id="bidKeyInfo"><X509Data>${chain.map((der) => `<X509Certificate>${b64(der)}</X509Certificate>`).join('')}</X509Data></KeyInfo>`;
  const data = recipe.signedData?.(plainData) ?? plainData;
  const keyInfo = recipe.keyInfo?.(plainKeyInfo) ?? plainKeyInfo;
  const reference = (type: string, uri: string, xml: string): string =>
    `<Reference ${type}URI="${uri}"><Transforms><Transform Algorithm="${C14N}"></Transform></Transforms><DigestMethod Algorithm="${digestUri[hash]}"></DigestMethod><DigestValue>${digest(xml)}</DigestValue></Reference>`;
  const method = recipe.signatureHash ?? 'sha256';
  const plainInfo =
    `<SignedInfo xmlns="${DSIG}"><CanonicalizationMethod Algorithm="${C14N}"></CanonicalizationMethod><SignatureMethod Algorithm="${signatureUri[method]}"></SignatureMethod>` +
    `${reference('Type="http://www.bankid.com/signature/v1.0.0/types" ', '#bidSignedData', data)}${reference('', '#bidKeyInfo', keyInfo)}</SignedInfo>`;
  const info = recipe.signedInfo?.(plainInfo) ?? plainInfo;
  const value = sign(method, Buffer.from(info, 'utf8'), key(recipe.signedWith ?? pki.leaf.key)).toString('base64');
  const document = `<?xml version="1.0" encoding="UTF-8" standalone="no"?><Signature xmlns="${DSIG}">${info}<SignatureValue>${value}</SignatureValue>${keyInfo}<Object>${data}</Object></Signature>`;
  return recipe.document?.(document) ?? document;
}

export const bankidNonce = (text: string): Buffer =>
  Buffer.concat([createHash('sha1').update(text).digest(), randomBytes(12)]);

function makeOcsp(
  signature: string,
  pki: PkiRecipe,
  changes: Partial<OcspRecipe>,
  mangle = (der: Buffer): Buffer => der,
): Buffer {
  const recipe: OcspRecipe = {
    responseStatus: 0,
    status: good,
    thisUpdate: changes.producedAt ?? producedAt,
    nextUpdate: undefined,
    producedAt,
    nonce: bankidNonce,
    responseExtensions: (nonce) => [extensions.nonce(nonce)],
    singleExtensions: undefined,
    serial: pki.leaf.serial,
    issuerKey: 'customerCa',
    issuerName: 'leaf',
    answers: 1,
    hash: 'sha256',
    signedWith: pki.responder.key,
    sendResponder: true,
    mangleTbs: (der) => der,
    ...changes,
  };
  if (recipe.responseStatus !== 0) return sequence(tlv(0x0a, Buffer.from([recipe.responseStatus])));
  const single = makeSingle(recipe, pki);
  const plainTbs = sequence(
    tlv(0xa1, encodeName(pki.responder.subject)),
    generalizedTime(recipe.producedAt),
    sequence(...Array.from({ length: recipe.answers }, () => single)),
    tlv(0xa1, sequence(...recipe.responseExtensions(recipe.nonce(signature)))),
  );
  const tbs = recipe.mangleTbs(plainTbs);
  const sent = recipe.sendResponder ? [tlv(0xa0, sequence(issue(pki.responder)))] : [];
  const basic = sequence(
    tbs,
    signatureAlgorithm(recipe.hash),
    bits(sign(recipe.hash, tbs, key(recipe.signedWith))),
    ...sent,
  );
  return mangle(sequence(tlv(0x0a, Buffer.from([0])), tlv(0xa0, sequence(oid('1.3.6.1.5.5.7.48.1.1'), octets(basic)))));
}

function makeSingle(recipe: OcspRecipe, pki: PkiRecipe): Buffer {
  const name = encodeName(recipe.issuerName === 'leaf' ? pki.leaf.issuer : pki.root.subject);
  const certId = sequence(
    sequence(oid('1.3.14.3.2.26'), derNull),
    octets(createHash('sha1').update(name).digest()),
    octets(keyHash(recipe.issuerKey)),
    integer(recipe.serial),
  );
  return sequence(
    certId,
    recipe.status,
    generalizedTime(recipe.thisUpdate),
    ...(recipe.nextUpdate ? [tlv(0xa0, generalizedTime(recipe.nextUpdate))] : []),
    ...(recipe.singleExtensions ? [tlv(0xa1, sequence(...recipe.singleExtensions))] : []),
  );
}

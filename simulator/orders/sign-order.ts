import { createHash, randomBytes } from 'node:crypto';
import { responderName } from '../pki/authorities.ts';
import { testPolicies } from '../pki/oids.ts';
import { findPerson, fullName, type Person } from '../pki/people.ts';
import type { PayerCertificate } from '../pki/payer-certificates.ts';
import type { Pki } from '../pki/pki.ts';
import { makeOcspResponse, nonceFor } from '../signature/ocsp-response.ts';
import { signDocument } from '../signature/xml-signature.ts';
import type { OrderFault } from './faults.ts';
import type { CompletionData, Order } from './order.ts';

/** Where the phone is when nothing says so. */
const PHONE_IP = '198.51.100.7';

/** Who signs, and where the phone is. */
export interface Signing {
  readonly person: Person;
  readonly deviceIp: string | undefined;
  readonly risk: string | undefined;
  readonly isRevoked: boolean;
}

/** Signs the order as its payer's app and BankID's servers together would, with the order's faults. */
export async function signOrder(order: Order, signing: Signing, pki: Pki, now: Date): Promise<CompletionData> {
  const { fault, request } = order;
  const person = signer(signing.person, fault);
  const certificate = await pki.payers.certificateOf(person, fault.function ?? request.function, now);
  const signature = Buffer.from(await signedXml(order, person, certificate, pki), 'utf8').toString('base64');
  const ocsp = await ocspResponse(signature, certificate, fault, signing.isRevoked, pki, now);
  const issueDate =
    fault.bankIdIssueDate === undefined ? certificate.validFrom.toISOString().slice(0, 10) : fault.bankIdIssueDate;
  const mrtd = fault.mrtd === undefined ? request.mrtd || null : fault.mrtd;
  const risk = signing.risk ?? (fault.risk === undefined ? 'low' : fault.risk);
  return {
    user: {
      personalNumber: fault.reportedPersonalNumber ?? person.personalNumber,
      name: fullName(person),
      givenName: person.givenName,
      surname: person.surname,
    },
    device: {
      ipAddress: signing.deviceIp ?? fault.deviceIp ?? request.endUserIp ?? PHONE_IP,
      uhi: uhiOf(person).toString('base64'),
    },
    ...(issueDate === null ? {} : { bankIdIssueDate: issueDate }),
    ...(mrtd === null ? {} : { stepUp: { mrtd } }),
    signature,
    ...(ocsp === undefined ? {} : { ocspResponse: ocsp.toString('base64') }),
    ...(request.returnRisk && risk !== null ? { risk } : {}),
  };
}

function signer(person: Person, fault: OrderFault): Person {
  return fault.personalNumber === undefined ? person : findPerson(fault.personalNumber, fullName(person));
}

async function signedXml(order: Order, person: Person, certificate: PayerCertificate, pki: Pki): Promise<string> {
  const { fault, request, relyingParty } = order;
  const xml = await signDocument(
    {
      visibleData: fault.visibleText === undefined ? request.visibleData : Buffer.from(fault.visibleText, 'utf8'),
      visibleDataFormat: request.visibleDataFormat,
      nonVisibleData: nonVisibleData(order),
      relyingPartyName: fault.relyingPartyName ?? relyingParty.relyingPartyName,
      displayName: relyingParty.displayName,
      function: fault.function ?? request.function,
      certificatePolicy: testPolicies.mobile,
      uhi: uhiOf(person),
    },
    certificate,
    [pki.authorities.customerCa.certificate, pki.authorities.bankCa.certificate],
  );
  return fault.brokenSignature ? breakSignatureValue(xml) : xml;
}

function nonVisibleData({ fault, request }: Order): Uint8Array | undefined {
  if (fault.nonVisibleData === undefined) return request.nonVisibleData;
  return fault.nonVisibleData === null ? undefined : Buffer.from(fault.nonVisibleData, 'base64');
}

function breakSignatureValue(xml: string): string {
  return xml.replace(/<SignatureValue>(.)/, (_, first: string) => `<SignatureValue>${first === 'A' ? 'B' : 'A'}`);
}

async function ocspResponse(
  signature: string,
  certificate: PayerCertificate,
  fault: OrderFault,
  isRevoked: boolean,
  pki: Pki,
  now: Date,
): Promise<Buffer | undefined> {
  if (fault.revocation === 'absent') return undefined;
  const responder = {
    name: responderName,
    key: pki.authorities.responderKey,
    certificate: pki.responderCertificate,
    issuer: pki.authorities.customerCa,
  };
  const status = fault.revocation ?? (isRevoked ? 'revoked' : 'good');
  const producedAt = new Date(now.getTime() + (fault.ocspOffsetMs ?? 0));
  return makeOcspResponse(
    { serial: certificate.serial, status, producedAt, nonce: nonce(signature, fault) },
    responder,
  );
}

function nonce(signature: string, fault: OrderFault): Buffer | undefined {
  if (fault.nonce === 'absent') return undefined;
  if (fault.nonce === 'random') return randomBytes(32);
  return nonceFor(fault.nonce === 'another' ? `${signature} of another order` : signature);
}

/** The device's identity: the same 21 bytes for all that one person signs. */
function uhiOf(person: Person): Buffer {
  const digest = createHash('sha256').update(`device of ${person.personalNumber}`).digest();
  return Buffer.concat([Buffer.from([0x82]), digest.subarray(0, 20)]);
}

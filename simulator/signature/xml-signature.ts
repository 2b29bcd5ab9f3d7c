import { createHash, randomBytes } from 'node:crypto';
import { signWith } from '../pki/certificate.ts';
import type { PayerCertificate, SignatureFunction } from '../pki/payer-certificates.ts';

/** What the payer's app signs, and about which device and relying party. */
export interface SignatureContent {
  /** Undefined for an identification without a text; the element is then left out. */
  readonly visibleData: Uint8Array | undefined;
  readonly visibleDataFormat: 'plaintext' | 'simpleMarkdownV1';
  readonly nonVisibleData: Uint8Array | undefined;
  readonly relyingPartyName: string;
  readonly displayName: string;
  readonly function: SignatureFunction;
  readonly certificatePolicy: string;
  /** 21 bytes that name the device. */
  readonly uhi: Buffer;
}

const XMLDSIG = 'http://www.w3.org/2000/09/xmldsig#';
const BANKID = 'http://www.bankid.com/signature/v1.0.0/types';
const C14N = 'http://www.w3.org/TR/2001/REC-xml-c14n-20010315';
const RSA_SHA256 = 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256';
const SHA256 = 'http://www.w3.org/2001/04/xmlenc#sha256';

const base64 = (value: Uint8Array | string): string => Buffer.from(value).toString('base64');
const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('base64');

/**
 * The signed document as BankID delivers it: one line, every element already in Inclusive C14N 1.0 form, so that each
 * digest is over the very text that stands in the document.
 * @param chain leaf's issuers, Customer CA first, without the root
 * @returns the UTF-8 XML
 */
export async function signDocument(
  content: SignatureContent,
  payer: PayerCertificate,
  chain: readonly Buffer[],
): Promise<string> {
  const keyInfo = element('KeyInfo', ` xmlns="${XMLDSIG}" Id="bidKeyInfo"`, [
    element(
      'X509Data',
      '',
      [payer.der, ...chain].map((der) => element('X509Certificate', '', [base64(der)])),
    ),
  ]);
  const signedData = bankIdSignedData(content);
  const signedInfo = element('SignedInfo', ` xmlns="${XMLDSIG}"`, [
    element('CanonicalizationMethod', ` Algorithm="${C14N}"`),
    element('SignatureMethod', ` Algorithm="${RSA_SHA256}"`),
    reference(` Type="${BANKID}" URI="#bidSignedData"`, signedData),
    reference(' URI="#bidKeyInfo"', keyInfo),
  ]);
  const value = await signWith('sha256', Buffer.from(signedInfo, 'utf8'), payer.privateKey);
  const signature = element('Signature', ` xmlns="${XMLDSIG}"`, [
    signedInfo,
    element('SignatureValue', '', [base64(value)]),
    keyInfo,
    element('Object', '', [signedData]),
  ]);
  return `<?xml version="1.0" encoding="UTF-8" standalone="no"?>${signature}`;
}

/** Each of `attributes` begins with a space; they stand in canonical order. */
function element(name: string, attributes: string, children: readonly string[] = []): string {
  return `<${name}${attributes}>${children.join('')}</${name}>`;
}

function reference(attributes: string, target: string): string {
  return element('Reference', attributes, [
    element('Transforms', '', [element('Transform', ` Algorithm="${C14N}"`)]),
    element('DigestMethod', ` Algorithm="${SHA256}"`),
    element('DigestValue', '', [sha256(target)]),
  ]);
}

function bankIdSignedData(content: SignatureContent): string {
  const format = content.visibleDataFormat === 'plaintext' ? '' : ` format="${content.visibleDataFormat}"`;
  return element('bankIdSignedData', ` xmlns="${BANKID}" Id="bidSignedData"`, [
    ...(content.visibleData === undefined
      ? []
      : [element('usrVisibleData', ` charset="UTF-8"${format} visible="wysiwys"`, [base64(content.visibleData)])]),
    ...(content.nonVisibleData === undefined
      ? []
      : [element('usrNonVisibleData', '', [base64(content.nonVisibleData)])]),
    element('srvInfo', '', [
      element('name', '', [base64(content.relyingPartyName)]),
      element('nonce', '', [base64(randomBytes(20))]),
      element('displayName', '', [base64(content.displayName)]),
    ]),
    clientInfo(content),
  ]);
}

function clientInfo(content: SignatureContent): string {
  const uhi = base64(content.uhi);
  const version = `Personal=7.40.0&BankID_exe=7.40.0&BISP=7.40.0&platform=android&os_version=15&display_version=&uhi=${uhi}&`;
  return element('clientInfo', '', [
    element('funcId', '', [content.function]),
    element('version', '', [base64(version)]),
    element('env', '', [
      element('ai', '', [
        element('type', '', [base64('ANDROID')]),
        element('deviceInfo', '', [base64('15')]),
        element('uhi', '', [uhi]),
        element('fsib', '', ['0']),
        element('utb', '', ['cs1']),
        element('requirement', '', [
          element('condition', '', [
            element('type', '', ['CertificatePolicies']),
            element('value', '', [content.certificatePolicy]),
          ]),
        ]),
        element('uauth', '', ['pw']),
      ]),
    ]),
  ]);
}

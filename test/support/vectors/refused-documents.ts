import { replace, verdicts, type Row } from './row.ts';

const { FORMAT, HASH, CRYPTO, NO_SIGNER } = verdicts;

export const refusedDocuments: readonly Row[] = [
  ['a comment', { document: replace('<Object>', '<Object><!-- x -->') }, FORMAT, 'structure'],
  ['a processing instruction in a signed text', { signedData: replace('<name>', '<name><?p ?>') }, FORMAT, 'structure'],
  ['a DOCTYPE', { document: replace('?><Sig', '?><!DOCTYPE Signature><Sig') }, FORMAT, 'structure'],
  ['an entity', { signedData: replace('<funcId>', '<funcId>&amp;') }, FORMAT, 'structure'],
  ['CDATA', { signedData: replace('>pw<', '><![CDATA[pw]]><') }, FORMAT, 'structure'],
  ['a prefix', { document: replace('<Object>', '<Object xmlns:x="y">') }, FORMAT, 'structure'],
  ['a byte order mark', { document: (xml) => `\ufeff${xml}` }, FORMAT, 'structure'],
  ['an unsigned element', { document: replace('</Object>', '</Object><Object></Object>') }, FORMAT, 'structure'],
  [
    'a second bankIdSignedData',
    { document: (xml) => xml.replace(/<bankIdSignedData.*<\/bankIdSignedData>/, '$&$&') },
    FORMAT,
    'structure',
  ],
  ['text between elements', { document: replace('<Object>', 'x<Object>') }, FORMAT, 'structure'],
  ['an unknown algorithm', { signedInfo: replace('#rsa-sha256', '#hmac-sha256') }, FORMAT, 'structure'],
  [
    'another transform',
    {
      signedInfo: replace(
        '<Transform Algorithm="http://www.w3.org/TR/2001/REC-xml-c14n-20010315">',
        '<Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#">',
      ),
    },
    FORMAT,
    'structure',
  ],
  [
    'one reference',
    { signedInfo: (xml) => xml.replace(/<Reference URI="#bidKeyInfo">.*<\/Reference>/, '') },
    FORMAT,
    'structure',
  ],
  [
    'three references',
    { signedInfo: (xml) => xml.replace(/<Reference URI="#bidKeyInfo">.*<\/Reference>/, '$&$&') },
    FORMAT,
    'structure',
  ],
  ['two X509Data', { keyInfo: replace('</X509Data>', '</X509Data><X509Data></X509Data>') }, FORMAT, 'structure'],
  ['base64 that is not canonical', { document: replace('=</DigestValue>', '= </DigestValue>') }, FORMAT, 'structure'],
  [
    'an unknown element in srvInfo',
    { signedData: replace('</srvInfo>', '<more></more></srvInfo>') },
    FORMAT,
    'structure',
  ],
  ['another charset', { visibleAttributes: 'charset="ISO-8859-1" visible="wysiwys"' }, FORMAT, 'structure'],
  ['a signature that is not base64', {}, FORMAT, 'structure', { completion: { signature: '<Signature/>' } }],
  ['an empty signature', {}, FORMAT, 'structure', { completion: { signature: '' } }],
  [
    'a changed text',
    { document: (xml) => xml.replace(/<usrVisibleData([^>]*)>./, '<usrVisibleData$1>A') },
    HASH,
    'digests',
  ],
  [
    'an exchanged KeyInfo',
    { document: (xml) => xml.replace(/<X509Certificate>[^<]*/, '<X509Certificate>AAAA') },
    HASH,
    'digests',
  ],
  ['a signature by another key', { signedWith: 'stranger' }, CRYPTO, 'signature-value'],
  [
    'a changed SignedInfo',
    {
      document: (xml) =>
        xml
          .replace(
            'Type="http://www.bankid.com/signature/v1.0.0/types" ',
            'Type="http://www.bankid.com/signature/v1.0.0/types"  ',
          )
          .replace(/<SignatureValue>..../, '<SignatureValue>AAAA'),
    },
    CRYPTO,
    'signature-value',
  ],
  ['no certificate', { chain: () => [] }, NO_SIGNER, 'signature-value'],
  ['CA certificates only', { chain: ({ customerCa, bankCa }) => [customerCa, bankCa] }, NO_SIGNER, 'signature-value'],
];

/**
 * What reports and messages say in English, sentence by sentence. What stands for a name is `{}`. A sentence that is not here stays
 * English: it is technical, and for an expert.
 */
export const swedishSentences: Readonly<Record<string, string>> = {
  // Checks that had nothing to look at
  'nothing to check: an earlier check did not pass': 'inget att pröva: en tidigare kontroll gick inte igenom',
  'no order to compare with': 'ingen beställning att jämföra med',
  'no payer to compare with': 'ingen betalare att jämföra med',
  'no receipt to compare with': 'ingen tidpunkt för mottagandet att jämföra med',
  'no text to compare with': 'ingen text att jämföra med',
  'no relying party was named to compare with': 'ingen förlitande part angavs att jämföra med',
  'the time of receipt is not among what was signed':
    'tidpunkten för mottagandet finns inte bland det som skrevs under',
  'the number to which the consent is bound is not among what was signed':
    'numret som samtycket är knutet till finns inte bland det som skrevs under',
  // Form and signature
  'signature: empty or too large': 'underskriften är tom eller för stor',
  'not canonical base64': 'ingen riktig base64',
  'base64 with line breaks or spaces in it': 'base64 med radbrytningar eller mellanslag i',
  'the digest of {} does not match': 'kontrollsumman för {} stämmer inte',
  'the signature value does not verify': 'underskriftens värde stämmer inte',
  'KeyInfo holds no certificate': 'underskriften har inget certifikat med sig',
  'the first certificate is a CA, not a signer': 'det första certifikatet är en utfärdares, inte en undertecknares',
  // Path and algorithms
  'the chain does not end in a given root': 'certifikatkedjan slutar inte i någon rot som angetts',
  'the signing certificate: signature does not verify': 'undertecknarens certifikat är inte utfärdat av sin utfärdare',
  'no certificate policy of BankID': 'ingen av BankID:s certifikatpolicyer',
  'a test policy under the production root': 'en testpolicy under produktionsroten',
  'SHA-1 in the signature': 'SHA-1 i underskriften',
  'SHA-1 in a certificate': 'SHA-1 i ett certifikat',
  // OCSP and time
  'no OCSP response': 'inget OCSP-svar',
  'the OCSP service answered with an error, status {}': 'OCSP-tjänsten svarade med ett fel, status {}',
  'no OCSP response, and the certificate has expired': 'inget OCSP-svar, och certifikatet har gått ut',
  'the nonce belongs to another signature': 'OCSP-svaret gjordes för en annan underskrift',
  'the responder does not know the certificate': 'BankID:s OCSP-tjänst känner inte till certifikatet',
  'another certificate': 'ett annat certifikat',
  'another issuer name': 'en annan utfärdares namn',
  'another issuer key': 'en annan utfärdares nyckel',
  'revoked before the order began': 'spärrat innan beställningen började',
  'revoked, not provably before the signing': 'spärrat, inte bevisligen före underskriften',
  'signed before the certificate was valid': 'undertecknat innan certifikatet gällde',
  'the order began after the certificate had expired': 'beställningen började efter att certifikatet hade gått ut',
  'the certificate had expired at the time that is proven': 'certifikatet hade gått ut vid den tidpunkt som är bevisad',
  'a CA certificate was not valid at the time that is proven':
    'en utfärdares certifikat gällde inte vid den tidpunkt som är bevisad',
  'the OCSP response is older than the order': 'OCSP-svaret är äldre än beställningen',
  'the OCSP response is younger than its receipt': 'OCSP-svaret är yngre än mottagandet',
  // Content and people
  'made for another relying party': 'gjord för en annan förlitande part',
  'an identification, not a signature': 'en identifiering, ingen underskrift',
  'differs: {}': 'skiljer sig: {}',
  // Files
  'is empty': 'är tom',
  'is a symbolic link': 'är en symbolisk länk',
  '{} is a symbolic link': '{} är en symbolisk länk',
  'is neither a signature (XML, or base64 of XML) nor a ZIP':
    'är varken en underskrift (XML, eller base64 av XML) eller en ZIP',
  'holds neither evidence folders nor signatures (*.b64, *.xml)':
    'har varken bevismappar eller underskrifter (*.b64, *.xml)',
  'a ZIP without evidence folders': 'en ZIP utan bevismappar',
  'a ZIP without its end: was it cut off?': 'en ZIP utan sitt slut: är den avklippt?',
  'not a ZIP that can be read safely': 'ingen ZIP som går att läsa säkert',
  'too many members': 'en ZIP med för många filer',
  'two members of one name': 'en ZIP med två filer av samma namn',
  'a member name that Sigill does not write': 'ett filnamn i ZIP-filen som Sigill inte skriver',
  'an encrypted member': 'en krypterad fil i ZIP-filen',
  'a symbolic link': 'en symbolisk länk i ZIP-filen',
  'a member that is too large': 'en för stor fil i ZIP-filen',
  'members that are too large together': 'filer i ZIP-filen som är för stora tillsammans',
  'a member that is cut off': 'en avklippt fil i ZIP-filen',
  'a member that is larger than it says': 'en fil i ZIP-filen som är större än den uppger',
  'a member that cannot be unpacked': 'en fil i ZIP-filen som inte går att packa upp',
  'bytes that belong to no member': 'innehåll i ZIP-filen som inte hör till någon fil',
  'local headers that differ from the directory': 'filer i ZIP-filen som inte stämmer med dess förteckning',
  'cannot read {}: {}': 'kan inte läsa {}: {}',
  'no such file or directory (ENOENT)': 'filen eller katalogen finns inte (ENOENT)',
  'permission denied (EACCES)': 'åtkomst nekad (EACCES)',
  'not evidence, and left alone: {}': 'inga bevis, och inte granskade: {}',
};

/** The prose of `VERIFY.txt`; the sums of the folder's files follow it. */
export const verifyNotes = `EVIDENCE OF ONE PAYMENT CONSENT

What this is
  A person signed the text in visible-text.txt with BankID. The signature is an advanced electronic signature
  (Regulation (EU) No 910/2014, Article 26); it is not a qualified one. This folder can be checked without the
  service that made it.

Files
  signature.b64       the signature exactly as BankID delivered it (base64 of an XML document)
  ocsp.b64            the OCSP response that BankID delivered with it (base64 of DER)
  visible-text.txt    the text that the person saw and signed
  non-visible.json    what was signed besides: consent, third-party provider, bank, payment
  consent.json        the consent as it was stored
  circumstances.json  what was recorded on the occasion, and the random bytes of the evidence digest
  report.json         what the service's own verifier found
  bankid-root.pem     the root certificate that vouches for the signature
  verify.sh           the check; read it first, it is the same in every folder

How to check
  1. sh verify.sh            needs xmlsec1, openssl 3 and coreutils; exit code 0 means that everything holds
  2. sh verify.sh ROOT.pem   the same, with BankID's root certificate as you got it yourself

What is checked
  - every file is as exported (the sums below)
  - the signature has exactly BankID's form and was made to sign, not to log in
  - the certificates lead to bankid-root.pem and were valid at the time that the OCSP response states
  - the signature is genuine: xmlsec1 checks both references and the value
  - the certificate was good, by an OCSP response that is genuine and was made for this very signature: its nonce
    begins with the SHA-1 of signature.b64, so the signature existed at that time
  - visible-text.txt and non-visible.json are what was signed; consent.json names the same consent and payment
  - the evidence digest, which the bank was given when it used the consent, is that of these files

What is not checked
  - whether the visible text is what the template makes of the payment: sigill verify does that, or your own eyes
  - circumstances.json and report.json are the service's own statements; the sums show damage only. Who forges a
    whole folder can make new sums, but neither a signature nor an OCSP response, nor the digest that the bank holds
  - whether the person acted freely

SHA-256
`;

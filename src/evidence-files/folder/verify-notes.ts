/** The prose of `VERIFY.txt` of a consent; the sums of the folder's files follow it. */
export const consentNotes = `EVIDENCE OF ONE PAYMENT CONSENT

What this is
  A person signed the text in visible-text.txt with BankID. The signature is an advanced electronic signature
  (Regulation (EU) No 910/2014, Article 26); it is not a qualified one. This folder can be checked without the
  service that made it.

Files
  signature.b64         the signature exactly as BankID delivered it (base64 of an XML document)
  ocsp.b64              the OCSP response that BankID delivered with it (base64 of DER)
  visible-text.txt      the text that the person saw and signed
  non-visible.json      what was signed besides: consent, third-party provider, bank, payment, how the payer was
                        reached, and what the verification of the payee said
  consent.json          the consent, in the words of the signed data and no others
  circumstances.json    what was recorded on the occasion
  report.json           what the service's own verifier found when it stored the evidence
  evidence-digest.json  the evidence digest and the random bytes that it is made with
  bankid-root.pem       the root certificate that vouches for the signature
  verify.sh             the check; read it first, it is the same in every folder
  request-object.jwt    the request that the third-party provider signed, where it signed one

How to check
  1. sh verify.sh            exit code 0 means that everything holds, 1 that something does not,
                             66 that nothing can be said: a tool, or room for temporary files, is
                             missing, or a file cannot be read
  2. sh verify.sh ROOT.pem   the same, with BankID's root certificate as you got it yourself
  3. SEAL_CA=ROOT.pem TSA_CA=ROOT.pem sh verify.sh
                             of a bundle (.asice) that was unpacked: the same, and its seal and timestamp, with the
                             root certificates of their issuers; without both the seal is called untrusted
  It needs a POSIX shell (dash, bash, mksh, BusyBox), xmlsec1, openssl, and the utilities cat, cut, ls, mkdir, rm,
  tr and wc in their POSIX form.

What is checked
  - the folder holds the files above, plain ones, and no others; every file is as exported (the sums below)
  - the signature has exactly BankID's form and was made to sign, not to log in
  - visible-text.txt and non-visible.json are what was signed; consent.json is, to the byte, what RFC 8785 makes of
    the signed data
  - the certificates lead to bankid-root.pem and were valid at the time that the OCSP response states; none of them
    is signed over SHA-1, and none has an RSA key under 2048 bits or an exponent under 65537
  - the signature is genuine: openssl checks both references and the value, and xmlsec1 all of it once more
  - the certificate was good, by an OCSP response that is genuine, over SHA-256 or better, from a responder that the
    payer's CA gave the right to answer, for this certificate, and made for this very signature: its nonce begins
    with the SHA-1 of signature.b64, so the signature existed at that time
  - the response was made when it says: not long after its thisUpdate, not after its nextUpdate, not before the order
  - the evidence digest, which the bank was given when it used the consent, is that of these files: of the signature,
    the OCSP response, consent.json, the text, circumstances.json and report.json; compare the digest
    that is printed with the one that the bank holds
  - of a bundle: each seal covers every file, by SHA-256, and is genuine; the timestamp is of the first seal and
    genuine; this seal and the timestamp lead to the certificates that you gave, at the time of the timestamp

What is not checked (sigill verify checks the first eight)
  - of a bundle: whether a certificate of seal or timestamp was revoked, its place in the ledger
    (ledger.tlog-proof, checkpoint.tsr), and of a second seal whose it is and its timestamp
  - whether the visible text is what the template makes of the payment: your own eyes can do that
  - the policies of the certificates (BankID's own, and no test policy in production), the form of the payer's name
    and personal number, and how long the chain is beyond its three certificates and the root
  - serial numbers and extensions of certificates beyond what openssl looks at, DER that has more than one spelling
  - the key usage of the responder beyond its right to sign OCSP responses
  - whether the responder's certificate has expired since: its time rests on trust in its past
  - the members of the payment one by one; they are compared as a whole
  - whether the signature was made for the relying party that you expect: it is printed, compare it
  - circumstances.json, report.json and request-object.jwt are statements. Anyone who forges a whole folder can make
    new sums and a new evidence digest, but neither a signature nor an OCSP response, nor the digest that the bank
    holds: it shows that circumstances.json and report.json are as they were then
  - the attestation of the payee in non-visible.json, where there is one (sigill verify compares what it says; the
    key of its signature is the bank's)
  - whether the person acted freely

SHA-256
`;

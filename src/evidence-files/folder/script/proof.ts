/** The third part: certificates, signature, OCSP, content, evidence digest. */
export const verifyProof = `# --- chain: payer, customer CA, bank CA, root, all valid at that time; the responder, of the same customer CA ---
describe() { openssl x509 -in "$work/$1.pem" -noout -text 2>/dev/null; }
named() { openssl x509 -in "$work/$1.pem" -noout "-$2" -nameopt RFC2253 2>/dev/null | cut -d = -f 2-; }
below() { # what stands on the line after the heading $2
  value=\${1#*"$2"}
  [ "$value" != "$1" ] || value=$newline
  value=\${value#*"$newline"}
  value=\${value%%"$newline"*}
}
leads() { # the output is read too: some openssl go on, and exit 0, after an error
  [ "$(openssl verify -trusted "$work/root.pem" -untrusted "$work/cas.pem" -attime "$at" "$work/$1.pem" 2>&1)" = "$work/$1.pem: OK" ]
}
strong() { # no SHA-1, at least RSA-2048, no small exponent
  value=$(describe "$1")
  value=\${value#*'Signature Algorithm: '}
  case \${value%%"$newline"*} in
    sha256WithRSAEncryption | sha384WithRSAEncryption | sha512WithRSAEncryption) ;;
    *) [ "$1" = root ] || fail "the $1 certificate is not signed by RSA over SHA-256 or better" ;;
  esac
  openssl x509 -in "$work/$1.pem" -noout -pubkey >"$work/$1.pub" 2>/dev/null
  value=$(openssl rsa -pubin -in "$work/$1.pub" -noout -modulus 2>/dev/null)
  [ \${#value} -ge $((8 + 512)) ] || fail "the $1 certificate has no RSA key of at least 2048 bits"
  value=$(openssl rsa -pubin -in "$work/$1.pub" -noout -text 2>/dev/null)
  value=\${value##*'Exponent: '}
  value=\${value%%' '*}
  { [ \${#value} -gt 5 ] || [ "\${value:-0}" -ge 65537 ]; } 2>/dev/null || fail "the $1 certificate has a small RSA exponent"
}
cat "$work/customer.pem" "$work/bank.pem" >"$work/cas.pem"
leads leaf || fail 'the certificates do not lead to bankid-root.pem'
{ [ "$(named leaf issuer)" = "$(named customer subject)" ] && [ "$(named customer issuer)" = "$(named bank subject)" ] &&
  [ "$(named bank issuer)" = "$(named root subject)" ]; } || fail 'the certificates are not one chain'
for name in leaf customer bank root; do strong "$name"; done
below "$(describe leaf)" 'X509v3 Key Usage:'
case $value in
  *"$use"*) ;;
  *) fail "the certificate is not one to $did" ;;
esac
ok 'the certificates lead to bankid-root.pem'

# --- signature: both references and the value by openssl under the first certificate; and all of it once more by xmlsec1 ---
digest64() { openssl dgst -sha256 -binary | openssl base64 -A; }
[ "$(printf '%s' "$signed_data" | digest64)" = "$data_digest" ] || fail 'the digest of what was signed is another'
[ "$(printf '%s' "$key_info" | digest64)" = "$key_digest" ] || fail 'the digest of the certificates is another'
openssl dgst -sha256 -verify "$work/leaf.pub" -signature "$work/signature-value" "$work/signed-info" >/dev/null 2>&1 ||
  fail "the signature is not the payer's"
xmlsec1 --verify --trusted-pem "$work/root.pem" --enabled-key-data x509 --enabled-reference-uris same-doc \\
  --id-attr:Id "$bankid:bankIdSignedData" --id-attr:Id "$xmldsig:KeyInfo" --verification-time "$stamp" \\
  "$work/signature.xml" >/dev/null 2>&1 || fail 'xmlsec1 refuses the signature'
ok 'the signature is genuine'

# --- OCSP: genuine, by a responder of the same customer CA, for this certificate, good; and made for this very signature ---
openssl x509 -in "$work/ocsp.txt" -out "$work/responder.pem" 2>/dev/null || fail 'the OCSP response holds no certificate of its responder'
leads responder || fail 'the responder does not lead to bankid-root.pem'
[ "$(named responder issuer)" = "$(named customer subject)" ] || fail 'the responder is not one of the customer CA'
strong responder
text=$(describe responder)
below "$text" 'X509v3 Extended Key Usage:'
case $value in *'OCSP Signing'*) ;; *) fail 'the responder may not sign OCSP responses' ;; esac
case $text in *'OCSP No Check:'*) ;; *) fail 'the responder does not say that it need not be checked itself' ;; esac
case $text in *'CA:TRUE'*) fail 'the responder is a CA' ;; esac
case $algorithm in
  sha256WithRSAEncryption | sha384WithRSAEncryption | sha512WithRSAEncryption) ;;
  *) fail 'the OCSP response is not signed by RSA over SHA-256 or better' ;;
esac
case $(openssl ocsp -respin "$work/ocsp.der" -no_cert_verify -no_intern -verify_other "$work/responder.pem" 2>&1) in
  *'Response verify OK'*) ;;
  *) fail 'the OCSP response is not genuine' ;;
esac
wanted=$(cert_id <"$work/ocsp.txt")
case $wanted in HashAlgorithm:sha256*) hash=-sha256 ;; *) hash=-sha1 ;; esac
openssl ocsp $hash -issuer "$work/customer.pem" -cert "$work/leaf.pem" -no_nonce -req_text >"$work/request.txt" 2>/dev/null ||
  unable 'this openssl makes no OCSP requests'
[ "$wanted" = "$(cert_id <"$work/request.txt")" ] || fail 'the OCSP response is about another certificate'
[ "$status" = good ] || fail 'the certificate was not good'
ok "the certificate was good at $produced"
[ "$nonces" -eq 1 ] || fail 'the OCSP response does not hold exactly one nonce'
case $nonce in
  0420*) [ \${#nonce} -eq 68 ] && nonce=\${nonce#0420} ;;
esac
[ \${#nonce} -eq 64 ] || fail 'the nonce does not have 32 bytes'
case $nonce in
  "$(digest sha1 <signature.b64 | tr a-f A-F)"*) ;;
  *) fail 'the OCSP response belongs to another signature' ;;
esac
ok 'the OCSP response was made for this signature: it existed at that time'

# --- signed for the world that the root is of, and not before it was ordered ---
[ "$environment" = "$world" ] || fail "signed for $(printable "$environment"), but the root is that of $world"
produced_at=$at
case $ordered in
  [0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9]Z) ;;
  *) fail 'the signed data name no time of the order' ;;
esac
IFS='-T:.Z'
# shellcheck disable=SC2086 # the parts of a time
set -- $ordered
unset IFS
seconds "$1" "$2" "$3" "$4" "$5" "$6"
[ "$produced_at" -ge $((at - 60)) ] || fail 'the OCSP response is older than the order'

# --- the digest that the bank was given when it consumed the consent, or the client of a login with its verdict: over every statement ---
read_text evidence-digest.json
rest=$value what='evidence-digest.json is not of its form'
take '{"evidenceDigest":"'
upto '","evidenceDigestRandom":"'
expected=$value
upto '"}'
[ -z "$rest" ] || fail 'something follows the evidence digest'
printf '%s=' "$value" | tr '_-' '/+' | openssl base64 -d -A >"$work/random" 2>/dev/null
url64() { openssl base64 -A | tr '/+' '_-' | tr -d =; }
[ $(($(wc -c <"$work/random"))) -eq 32 ] && [ "$(url64 <"$work/random")" = "$value" ] || fail 'evidence-digest.json does not hold 32 random bytes'
prefixed() { # the length of a file as 64 bits, big-endian, and the file
  printf '\\000\\000\\000\\000'
  length=$(($(wc -c <"$1")))
  for shift in 24 16 8 0; do
    printf '%b' "\\\\0$(printf '%03o' $(((length >> shift) & 255)))"
  done
  cat "$1"
}
actual=$({
  printf 'sigill-evidence-v2'
  cat "$work/random"
  prefixed signature.b64
  prefixed "$work/ocsp.der"
  prefixed "$kind.json"
  prefixed visible-text.txt
  prefixed circumstances.json
  prefixed report.json
} | openssl dgst -sha256 -binary | url64)
[ "$actual" = "$expected" ] || fail 'the evidence digest is not that of these files'
ok "evidence digest $expected"

`;

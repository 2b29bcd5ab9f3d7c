/**
 * `verify.sh` of an evidence folder: the same text in every folder, so that a reader has to read it once. Besides the shell it
 * runs xmlsec1, openssl and coreutils only; the profile is read element by element by the shell itself, because a search
 * for an element would also find one that nobody signed.
 */
export const verifyScript = `#!/bin/sh
# Checks this evidence folder with nothing but a shell, xmlsec1 (1.2 or later), openssl (3.0 or later) and coreutils.
#   sh verify.sh [ROOT.pem]     ROOT.pem: BankID's signature root as you got it elsewhere; it must be the one in the folder
# Exit: 0 everything holds, 1 something does not, 66 a file cannot be read. VERIFY.txt says what is checked, and what is not.
set -u
export LC_ALL=C TZ=UTC0
given=
if [ $# -gt 0 ]; then
  given=$(realpath "$1") || exit 66
fi
cd "$(dirname "$0")" || exit 66
work=$(mktemp -d) || exit 66
trap 'rm -rf "$work"' EXIT

fail() {
  printf 'FAILED  %s\\n' "$1"
  exit 1
}
ok() { printf 'ok      %s\\n' "$1"; }
sum() { sha256sum | cut -d ' ' -f 1; }

# --- the files are those that were exported ---
files='bankid-root.pem circumstances.json consent.json non-visible.json ocsp.b64 report.json signature.b64 verify.sh visible-text.txt '
for file in $files VERIFY.txt; do
  [ -r "$file" ] || { printf 'FAILED  %s cannot be read\\n' "$file"; exit 66; }
done
own=$(head -n -1 VERIFY.txt | sum)
[ "$(tail -n 1 VERIFY.txt | sum)" = "$(printf '%s  the lines above\\n' "$own" | sum)" ] || fail 'VERIFY.txt was changed'
tail -n 10 VERIFY.txt | head -n 9 >"$work/sums"
[ "$(cut -d ' ' -f 3 "$work/sums" | tr '\\n' ' ')" = "$files" ] || fail 'VERIFY.txt does not name the files'
sha256sum --check --strict --status "$work/sums" || fail "changed after the export: $(sha256sum --check --quiet "$work/sums" 2>/dev/null | tr '\\n' ' ')"
ok 'every file is as it was exported'

# --- base64, exactly one spelling ---
decode() {
  base64 -d "$1" >"$2" 2>/dev/null || fail "$1 is not base64"
  [ "$(base64 -w 0 "$2" | sum)" = "$(sum <"$1")" ] || fail "$1 is not base64 in its one form"
}
decode signature.b64 "$work/signature.xml"
decode ocsp.b64 "$work/ocsp.der"

# --- BankID's signature profile, element by element: nothing may stand where a reader would not look ---
rest=$(cat "$work/signature.xml")
[ "$(printf '%s' "$rest" | sum)" = "$(sum <"$work/signature.xml")" ] || fail 'the signature holds bytes that no XML text has'
take() {
  case $rest in
    "$1"*) rest=\${rest#"$1"} ;;
    *) fail "the signature is not of BankID's profile at $1" ;;
  esac
}
upto() {
  value=\${rest%%"$1"*}
  [ "$value" != "$rest" ] || fail "the signature is not of BankID's profile before $1"
  rest=\${rest#"$value"}
  take "$1"
}
text() {
  upto "$1"
  case $value in
    '' | *[!A-Za-z0-9+/=]*) fail "not base64 before $1" ;;
  esac
}
xmldsig='http://www.w3.org/2000/09/xmldsig#'
c14n='http://www.w3.org/TR/2001/REC-xml-c14n-20010315'
bankid='http://www.bankid.com/signature/v1.0.0/types'
digest="<Transforms><Transform Algorithm=\\"$c14n\\"></Transform></Transforms><DigestMethod Algorithm=\\"http://www.w3.org/2001/04/xmlenc#sha256\\"></DigestMethod><DigestValue>"
take '<?xml version="1.0" encoding="UTF-8" standalone="no"?>'
take "<Signature xmlns=\\"$xmldsig\\">"
signed_info=$rest
take "<SignedInfo xmlns=\\"$xmldsig\\"><CanonicalizationMethod Algorithm=\\"$c14n\\"></CanonicalizationMethod>"
take '<SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"></SignatureMethod>'
take "<Reference Type=\\"$bankid\\" URI=\\"#bidSignedData\\">$digest"
text '</DigestValue></Reference>'
take "<Reference URI=\\"#bidKeyInfo\\">$digest"
text '</DigestValue></Reference></SignedInfo>'
printf '%s' "\${signed_info%"$rest"}" >"$work/signed-info"
take '<SignatureValue>'
text '</SignatureValue>'
printf '%s' "$value" | base64 -d >"$work/signature-value" || fail 'SignatureValue is not base64'
take "<KeyInfo xmlns=\\"$xmldsig\\" Id=\\"bidKeyInfo\\"><X509Data>"
for name in leaf customer bank; do
  take '<X509Certificate>'
  text '</X509Certificate>'
  printf '%s' "$value" | base64 -d 2>/dev/null | openssl x509 -inform DER -out "$work/$name.pem" 2>/dev/null ||
    fail "the $name certificate cannot be read"
done
take "</X509Data></KeyInfo><Object><bankIdSignedData xmlns=\\"$bankid\\" Id=\\"bidSignedData\\">"
take '<usrVisibleData charset="UTF-8" visible="wysiwys">'
text '</usrVisibleData>'
printf '%s' "$value" | base64 -d >"$work/visible" 2>/dev/null || fail 'usrVisibleData is not base64'
take '<usrNonVisibleData>'
text '</usrNonVisibleData>'
printf '%s' "$value" | base64 -d >"$work/non-visible" 2>/dev/null || fail 'usrNonVisibleData is not base64'
take '<srvInfo><name>'
text '</name>'
relying_party=$(printf '%s' "$value" | base64 -d 2>/dev/null | tr -d '\\000-\\037\\177')
take '<nonce>'
text '</nonce>'
take '<displayName>'
text '</displayName></srvInfo>'
take '<clientInfo><funcId>Signing</funcId>'
upto '</clientInfo>'
case $value in
  *[!A-Za-z0-9+/=_.\\<\\>-]*) fail 'clientInfo holds more than plain elements' ;;
esac
take '</bankIdSignedData></Object></Signature>'
[ -z "$rest" ] || fail 'something follows the signature'
ok "the signature has BankID's profile, and was made to sign, not to log in"

# --- which root ---
openssl x509 -in bankid-root.pem -out "$work/root.pem" 2>/dev/null || fail 'bankid-root.pem is not a certificate'
print_of() { openssl x509 -in "$1" -noout -fingerprint -sha256 | cut -d = -f 2; }
case $(print_of "$work/root.pem") in
  CA:32:58:8E:38:5B:96:1D:58:E2:60:10:C6:F8:C8:39:F7:CA:07:1E:49:7D:E6:B7:84:16:40:A6:15:06:FD:31) world=production ;;
  C6:FA:EA:F8:CC:AD:CF:D0:73:8D:C9:91:40:CA:78:8C:1A:19:A9:3F:84:3C:5A:9E:C1:36:98:72:D5:0E:45:F2) world=bankid-test ;;
  *) world=sandbox ;;
esac
if [ -n "$given" ]; then
  [ "$(print_of "$given")" = "$(print_of "$work/root.pem")" ] || fail 'bankid-root.pem is not the root that you gave'
fi

# --- when: the time that the OCSP responder signed ---
openssl ocsp -respin "$work/ocsp.der" -noverify -resp_text >"$work/ocsp.txt" 2>/dev/null || fail 'ocsp.b64 is not an OCSP response'
produced= updated= nonce= nonces=0 answers=0 next=
while IFS= read -r line; do
  [ "$next" = nonce ] && nonce=$(printf '%s' "$line" | tr -d ' ')
  next=
  case $line in
    'Certificate:'*) break ;;
    '    Produced At: '*) produced=\${line#'    Produced At: '} ;;
    '    This Update: '*) updated=\${line#'    This Update: '} ;;
    '    Cert Status: '*) answers=$((answers + 1)) ;;
    '        OCSP Nonce: '*) nonces=$((nonces + 1)) next=nonce ;;
  esac
done <"$work/ocsp.txt"
at=$(date -d "$produced" +%s 2>/dev/null) && from=$(date -d "$updated" +%s 2>/dev/null) || fail 'the OCSP response names no time'
[ "$answers" -eq 1 ] || fail 'the OCSP response does not hold exactly one answer'
{ [ "$from" -le "$at" ] && [ "$at" -le $((from + 300)) ]; } || fail 'the OCSP response is older than its time'

# --- chain: payer, customer CA, bank CA, root, all valid at that time ---
cat "$work/customer.pem" "$work/bank.pem" >"$work/cas.pem"
openssl verify -no-CApath -no-CAstore -CAfile "$work/root.pem" -untrusted "$work/cas.pem" -attime "$at" "$work/leaf.pem" >/dev/null 2>&1 ||
  fail 'the certificates do not lead to bankid-root.pem'
case $(openssl x509 -in "$work/leaf.pem" -noout -ext keyUsage 2>/dev/null) in
  *'Non Repudiation'*) ;;
  *) fail 'the certificate is not one for signing' ;;
esac
ok 'the certificates lead to bankid-root.pem'

# --- signature: both references and the value, by xmlsec1; and the value once more under the first certificate ---
xmlsec1 --verify --trusted-pem "$work/root.pem" --enabled-key-data x509 --enabled-reference-uris same-doc \\
  --id-attr:Id "$bankid:bankIdSignedData" --id-attr:Id "$xmldsig:KeyInfo" \\
  --verification-time "$(date -d "@$at" '+%Y-%m-%d %H:%M:%S')" "$work/signature.xml" >/dev/null 2>&1 ||
  fail 'xmlsec1 refuses the signature'
openssl x509 -in "$work/leaf.pem" -noout -pubkey >"$work/leaf.pub" 2>/dev/null
openssl dgst -sha256 -verify "$work/leaf.pub" -signature "$work/signature-value" "$work/signed-info" >/dev/null 2>&1 ||
  fail "the signature is not the payer's"
ok 'the signature is genuine'

# --- OCSP: genuine, for this certificate, good; and made for this very signature ---
openssl ocsp -respin "$work/ocsp.der" -issuer "$work/customer.pem" -cert "$work/leaf.pem" -no_nonce -no-CApath -no-CAstore \\
  -CAfile "$work/root.pem" -verify_other "$work/cas.pem" -attime "$at" >"$work/status" 2>/dev/null || fail 'the OCSP response is not genuine'
[ "$(head -n 1 "$work/status")" = "$work/leaf.pem: good" ] || fail 'the certificate was not good'
ok "the certificate was good at $produced"
[ "$nonces" -eq 1 ] || fail 'the OCSP response does not hold exactly one nonce'
case $nonce in
  0420*) [ \${#nonce} -eq 68 ] && nonce=\${nonce#0420} ;;
esac
[ \${#nonce} -eq 64 ] || fail 'the nonce does not have 32 bytes'
sum=$(sha1sum signature.b64 | cut -d ' ' -f 1 | tr a-f A-F)
[ "$(printf '%s' "$nonce" | cut -c 1-40)" = "$sum" ] || fail 'the OCSP response belongs to another signature'
ok 'the OCSP response was made for this signature: it existed at that time'

# --- what was signed is what the folder says ---
[ "$(sum <"$work/visible")" = "$(sum <visible-text.txt)" ] || fail 'visible-text.txt is not what the payer signed'
[ "$(sum <"$work/non-visible")" = "$(sum <non-visible.json)" ] || fail 'non-visible.json is not what the payer signed'
signed=$(cat non-visible.json)
consent=$(cat consent.json)
circumstances=$(cat circumstances.json)
member() {
  case $1 in
    *"\\"$2\\":\\""*) value=\${1#*"\\"$2\\":\\""} value=\${value%%\\"*} ;;
    *) fail "$2 is missing" ;;
  esac
}
initiation=\${signed#*'"initiation":'}
initiation=\${initiation%%',"nonce":'*}
case $consent in
  *"\\"initiation\\":$initiation"[,\\}]*) ;;
  *) fail 'consent.json is another payment than the one signed' ;;
esac
member "$signed" consentId
case $consent in
  *"Id\\":\\"$value\\""* | *"\\"id\\":\\"$value\\""*) ;;
  *) fail 'consent.json is another consent than the one signed' ;;
esac
member "$signed" environment
[ "$value" = "$world" ] || fail "signed for $value, but the root is that of $world"
ok 'text, data and consent are those that the payer signed'

# --- the digest that the bank was given when it consumed the consent ---
member "$circumstances" evidenceDigest
expected=$value
member "$circumstances" evidenceDigestRandom
prefixed() {
  printf '%016X' "$(wc -c <"$1")" | basenc --base16 -d
  cat "$1"
}
random=$value
actual=$({
  printf 'sigill-evidence-v1'
  printf '%s=' "$random" | basenc --base64url -d
  prefixed signature.b64
  prefixed "$work/ocsp.der"
  prefixed consent.json
} | openssl dgst -sha256 -binary | basenc --base64url -w 0 | tr -d =)
[ "$actual" = "$expected" ] || fail 'the evidence digest is not that of these files'
ok "evidence digest $expected"

printf 'signer  %s\\n' "$(openssl x509 -in "$work/leaf.pem" -noout -subject -nameopt utf8,esc_ctrl,sep_comma_plus_space,sname | cut -d = -f 2-)"
printf 'for     %s\\n' "$relying_party"
case $world in
  production) printf 'PASSED  under BankID'"'"'s production root\\n' ;;
  bankid-test) printf 'PASSED  TEST: under the root of BankID'"'"'s test environment\\n' ;;
  *) printf 'PASSED  UNPINNED: the root is not one of BankID'"'"'s; this proves nothing about a person\\n' ;;
esac
`;

/**
 * The second part: the profile, read element by element by the shell itself; root and time. A search for an element would also
 * find one that is not signed.
 */
export const verifyProfile = `# --- BankID's signature profile, element by element: nothing may stand where a reader would not look ---
read_text "$work/signature.xml"
rest=$value
what="the signature is not of BankID's profile"
take() {
  case $rest in
    "$1"*) rest=\${rest#"$1"} ;;
    *) fail "$what at $1" ;;
  esac
}
upto() {
  value=\${rest%%"$1"*}
  [ "$value" != "$rest" ] || fail "$what before $1"
  rest=\${rest#"$value"}
  take "$1"
}
text() {
  upto "$1"
  case $value in
    '' | *[!A-Za-z0-9+/=]*) fail "not base64 before $1" ;;
  esac
}
plain() { printf '%s' "$value" | openssl base64 -d -A 2>/dev/null; }
xmldsig='http://www.w3.org/2000/09/xmldsig#'
c14n='http://www.w3.org/TR/2001/REC-xml-c14n-20010315'
bankid='http://www.bankid.com/signature/v1.0.0/types'
method="<Transforms><Transform Algorithm=\\"$c14n\\"></Transform></Transforms><DigestMethod Algorithm=\\"http://www.w3.org/2001/04/xmlenc#sha256\\"></DigestMethod><DigestValue>"
take '<?xml version="1.0" encoding="UTF-8" standalone="no"?>'
take "<Signature xmlns=\\"$xmldsig\\">"
signed_info=$rest
take "<SignedInfo xmlns=\\"$xmldsig\\"><CanonicalizationMethod Algorithm=\\"$c14n\\"></CanonicalizationMethod>"
take '<SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"></SignatureMethod>'
take "<Reference Type=\\"$bankid\\" URI=\\"#bidSignedData\\">$method"
text '</DigestValue></Reference>'
data_digest=$value
take "<Reference URI=\\"#bidKeyInfo\\">$method"
text '</DigestValue></Reference></SignedInfo>'
key_digest=$value
printf '%s' "\${signed_info%"$rest"}" >"$work/signed-info"
take '<SignatureValue>'
text '</SignatureValue>'
plain >"$work/signature-value" || fail 'SignatureValue is not base64'
key_info=$rest
take "<KeyInfo xmlns=\\"$xmldsig\\" Id=\\"bidKeyInfo\\"><X509Data>"
for name in leaf customer bank; do
  take '<X509Certificate>'
  text '</X509Certificate>'
  plain | openssl x509 -inform DER -out "$work/$name.pem" 2>/dev/null || fail "the $name certificate cannot be read"
done
take '</X509Data></KeyInfo>'
key_info=\${key_info%"$rest"}
take '<Object>'
signed_data=$rest
take "<bankIdSignedData xmlns=\\"$bankid\\" Id=\\"bidSignedData\\"><usrVisibleData charset=\\"UTF-8\\" visible=\\"wysiwys\\">"
text '</usrVisibleData>'
plain >"$work/visible" || fail 'usrVisibleData is not base64'
take '<usrNonVisibleData>'
text '</usrNonVisibleData>'
plain >"$work/non-visible" || fail 'usrNonVisibleData is not base64'
take '<srvInfo><name>'
text '</name>'
relying_party=$(plain | tr -d '\\000-\\037\\177')
take '<nonce>'
text '</nonce>'
take '<displayName>'
text '</displayName></srvInfo>'
take "<clientInfo><funcId>$act</funcId>"
upto '</clientInfo>'
case $value in
  *[!A-Za-z0-9+/=_.\\<\\>-]*) fail 'clientInfo holds more than plain elements' ;;
esac
take '</bankIdSignedData>'
signed_data=\${signed_data%"$rest"}
take '</Object></Signature>'
[ -z "$rest" ] || fail 'something follows the signature'
ok "the signature has BankID's profile, and was made to $did"

# --- what is inside the signature is what the folder says; consent.json or login.json is made of the signed data alone, to the byte ---
same() { [ "$(digest sha256 <"$1")" = "$(digest sha256 <"$2")" ]; }
same "$work/visible" visible-text.txt || fail 'visible-text.txt is not what the payer signed'
same "$work/non-visible" non-visible.json || fail 'non-visible.json is not what the payer signed'
read_text non-visible.json
signed=$value rest=$value what="the signed data are not those of a $kind"
# In RFC 8785 JSON no text holds a bare quotation mark: what is looked for can only be the member itself.
read_consent() {
  take '{"bank":"'
  upto '","'
  case $rest in
    'bankName":"'*)
      version=2
      upto '","channel":{"'
      upto '"},"clientId":"'
      ;;
    *)
      version=1
      take 'clientId":"'
      ;;
  esac
  upto '","consentId":"'
  upto '","'
  case $rest in
    'creditorNameVerification":{'*) upto '},"environment":"' ;;
    *) take 'environment":"' ;;
  esac
  upto '","initiation":{'
  environment=$value
  upto '},"nonce":"'
  head=\${signed%"\\"nonce\\":\\"$rest"}
  upto '","orderedAt":"'
  upto '","payer":"'
  ordered=$value
  upto '","template":"'
  payer=$value
  upto '","tpp":{"authorisationNumber":"'
  tail=$rest
  upto '","name":"'
  upto "\\"},\\"v\\":$version}"
  [ -z "$rest" ] || fail 'something follows the signed data'
  printf '%s"payer":"%s","tpp":{"authorisationNumber":"%s' "$head" "$payer" "$tail" >"$work/$kind"
}
read_login() {
  case $rest in
    '{"bindingMessage":"'*) upto '","channel":{"' ;;
    *) take '{"channel":{"' ;;
  esac
  upto '"},"clientId":"'
  upto '","clientName":"'
  upto '","environment":"'
  upto '","loginId":"'
  environment=$value
  upto '","nonce":"'
  head=\${signed%"\\"nonce\\":\\"$rest"}
  upto '","orderedAt":"'
  upto '","payer":"'
  ordered=$value
  upto '","purpose":"login","scopes":["'
  payer=$value
  upto '"],"template":"'
  scopes=$value
  upto '","v":1}'
  [ -z "$rest" ] || fail 'something follows the signed data'
  printf '%s"payer":"%s","purpose":"login","scopes":["%s"],"v":1}' "$head" "$payer" "$scopes" >"$work/$kind"
}
"read_$kind"
same "$work/$kind" "$kind.json" || fail "$kind.json is not, to the byte, the $kind that the payer signed"
ok "text, data and $kind are those inside the signature"

# --- which root ---
openssl x509 -in bankid-root.pem -out "$work/root.pem" 2>/dev/null || fail 'bankid-root.pem is not a certificate'
print_of() { openssl x509 -in "$1" -noout -fingerprint -sha256 2>/dev/null | cut -d = -f 2; }
case $(print_of "$work/root.pem") in
  CA:32:58:8E:38:5B:96:1D:58:E2:60:10:C6:F8:C8:39:F7:CA:07:1E:49:7D:E6:B7:84:16:40:A6:15:06:FD:31) world=production ;;
  C6:FA:EA:F8:CC:AD:CF:D0:73:8D:C9:91:40:CA:78:8C:1A:19:A9:3F:84:3C:5A:9E:C1:36:98:72:D5:0E:45:F2) world='bankid-test' ;;
  *) world=sandbox ;;
esac
if [ -n "$given" ]; then
  [ "$(print_of "$given")" = "$(print_of "$work/root.pem")" ] || fail 'bankid-root.pem is not the root that you gave'
fi

# --- when: the time that the OCSP responder signed ---
openssl ocsp -respin "$work/ocsp.der" -noverify -resp_text -respout "$work/again.der" >"$work/ocsp.txt" 2>/dev/null || fail 'ocsp.b64 is not an OCSP response'
[ "$(digest sha256 <"$work/again.der")" = "$(digest sha256 <"$work/ocsp.der")" ] || fail 'ocsp.b64 holds more than an OCSP response'
cert_id() { # what an OCSP request or response says of the certificate that it is about, in one line
  part=
  while IFS= read -r line; do
    case $line in
      *'Certificate ID:') part=id ;;
      *) [ "$part" != id ] || printf '%s;' "$line" ;;
    esac
    case $line in *'  Serial Number: '*) part= ;; 'Certificate:'*) break ;; esac
  done | tr -d ' '
}
produced='' updated='' until='' status='' algorithm='' nonce='' nonces=0 answers=0 next=
while IFS= read -r line; do
  [ -z "$next" ] || nonce=$(printf '%s' "$line" | tr -d ' ')
  next=
  case $line in
    'Certificate:'*) break ;;
    '    Produced At: '*) produced=\${line#'    Produced At: '} ;;
    '    Cert Status: '*) answers=$((answers + 1)) status=\${line#'    Cert Status: '} ;;
    '    This Update: '*) updated=\${line#'    This Update: '} ;;
    '    Next Update: '*) until=\${line#'    Next Update: '} ;;
    '        OCSP Nonce: '*) nonces=$((nonces + 1)) next=nonce ;;
    *'Signature Algorithm: '*) algorithm=\${line##*'Signature Algorithm: '} ;;
  esac
done <"$work/ocsp.txt"
seconds() { # year, month, day, hh, mm, ss: seconds since 1970; stamp: the same in words
  stamp="$1-$2-$3 $4:$5:$6"
  y=$1 m=\${2#0} d=\${3#0}
  [ "$m" -gt 2 ] || { y=$((y - 1)) m=$((m + 12)); }
  days=$((365 * y + y / 4 - y / 100 + y / 400 + (153 * (m - 3) + 2) / 5 + d - 719469))
  at=$((((days * 24 + \${4#0}) * 60 + \${5#0}) * 60 + \${6#0}))
}
epoch() { # of 'Nov  2 10:00:05 2026 GMT'
  case $1 in
    [A-Z][a-z][a-z]\\ [\\ 0-3][0-9]\\ [0-2][0-9]:[0-5][0-9]:[0-5][0-9]\\ [0-9][0-9][0-9][0-9]\\ GMT) ;;
    *) fail 'a time is not written as openssl writes it' ;;
  esac
  IFS=' :'
  # shellcheck disable=SC2086 # the words of a time
  set -- $1
  unset IFS
  months='Jan01Feb02Mar03Apr04May05Jun06Jul07Aug08Sep09Oct10Nov11Dec12'
  month=\${months#*"$1"}
  case $2 in ?) set -- "$1" "0$2" "$3" "$4" "$5" "$6" ;; esac
  seconds "$6" "\${month%"\${month#??}"}" "$2" "$3" "$4" "$5"
}
epoch "$updated"
from=$at
[ -z "$until" ] || epoch "$until"
to=$at
epoch "$produced"
[ "$answers" -eq 1 ] || fail 'the OCSP response does not hold exactly one answer'
{ [ "$from" -le "$at" ] && [ "$at" -le $((from + 300)) ]; } || fail 'the OCSP response is older than its time'
[ -z "$until" ] || [ "$at" -le "$to" ] || fail 'the OCSP response had ended at its time'

`;

/**
 * The fourth part: the seal, where the folder came in a bundle, and the verdict. The certificates of seal and timestamp are read out of
 * them without trust, so that a seal whose issuer is not given is still told from one that is broken.
 * @see ETSI EN 319 162-1 §4.4; RFC 5652; RFC 3161 §2.4.2
 */
export const verifySeal = `# --- the seal of a bundle: over every member but mimetype and META-INF, with the time that an authority states ---
covers() { # manifest, signature: names every member with its digest, and nothing else
  read_text "$1"
  rest=$value what="$1 is not of the form of a manifest"
  take "<?xml version=\\"1.0\\" encoding=\\"UTF-8\\"?><ASiCManifest xmlns=\\"http://uri.etsi.org/02918/v1.2.1#\\"$newline"
  take "><SigReference URI=\\"$2\\" MimeType=\\"application/pkcs7-signature\\"></SigReference$newline"
  left=" $members "
  while :; do
    case $rest in
      '><DataObjectReference URI="'*) ;;
      *) break ;;
    esac
    take '><DataObjectReference URI="'
    upto "\\"><DigestMethod xmlns=\\"$xmldsig\\" Algorithm=\\"http://www.w3.org/2001/04/xmlenc#sha256\\"/><DigestValue xmlns=\\"$xmldsig\\">"
    name=$value
    upto "</DigestValue></DataObjectReference$newline"
    case $name in
      '' | *[!A-Za-z0-9._-]*) fail "$1 names something that is no member" ;;
    esac
    case $left in
      *" $name "*) left=\${left%%" $name "*}' '\${left#*" $name "} ;;
      *) fail "$name is in $1 and not in the bundle, or there twice" ;;
    esac
    [ "$(digest64 <"$name")" = "$value" ] || fail "$name is not the file that was sealed"
  done
  take '></ASiCManifest>'
  [ -z "$rest" ] || fail "something follows $1"
  # shellcheck disable=SC2086 # names, one by one
  set -- $left
  [ $# -eq 0 ] || fail "$1 is not sealed"
}
signed_by() { # CMS, name of its signer, content or nothing: genuine by the certificate that it brings
  openssl cms -verify -binary -noverify -inform DER -in "$1" \${3:+-content "$3"} -signer "$work/$2.pem" \\
    -certsout "$work/$2-cas.pem" -out "$work/$2-content" >/dev/null 2>&1
}
issued_by() { # name of a signer, root: the path holds at the time of the timestamp
  [ "$(openssl verify -trusted "$2" -untrusted "$work/$1-cas.pem" -purpose any -attime "$at" "$work/$1.pem" 2>&1)" = "$work/$1.pem: OK" ]
}
may_seal() { # allowed to sign, and no authority
  text=$(describe sealer)
  case $text in *'CA:TRUE'*) return 1 ;; esac
  below "$text" 'X509v3 Extended Key Usage:'
  case $value in *'Time Stamping'* | *'OCSP Signing'* | *'TLS Web'*) return 1 ;; esac
  below "$text" 'X509v3 Key Usage:'
  case $value in "$newline" | *'Digital Signature'* | *'Non Repudiation'*) ;; *) return 1 ;; esac
}
signature_value() { # of the one signer of the CMS: the OCTET STRING at the depth where there is no other
  openssl asn1parse -inform DER -in "$1" >"$work/seal.txt" 2>/dev/null || fail "$1 is not a signature"
  values=0 offset=
  while IFS= read -r line; do
    case $line in
      *[!0-9\\ ]*:d=5\\ *) ;;
      *:d=5\\ *'prim: OCTET STRING'*) values=$((values + 1)) offset=\${line%%:*} ;;
    esac
  done <"$work/seal.txt"
  [ "$values" -eq 1 ] || fail "$1 does not hold exactly one signature"
  openssl asn1parse -inform DER -in "$1" -strparse "$((offset))" -noout -out "$work/seal-value" >/dev/null 2>&1 || fail "$1 is not a signature"
}
read_token() { # of a timestamp: the time that it states, and the digest that it is of
  openssl ts -reply -token_in -in "$1" -text >"$work/token.txt" 2>/dev/null || fail "$1 is not a timestamp"
  stamped='' imprint='' hash='' part=
  while IFS= read -r line; do
    case $line in
      'Hash Algorithm: '*) hash=\${line#'Hash Algorithm: '} ;;
      'Message data:') part=imprint ;;
      'Serial number: '*) part= ;;
      'Time stamp: '*) stamped=\${line#'Time stamp: '} ;;
      *) [ "$part" != imprint ] || imprint=$imprint$(printf '%s' "$line" | cut -c 12-58 | tr -d ' -') ;;
    esac
  done <"$work/token.txt"
  case $hash in sha256 | sha384 | sha512) ;; *) fail 'the timestamp is not over SHA-256 or better' ;; esac
  case $stamped in *.*) stamped="\${stamped%%.*} \${stamped#*.* }" ;; esac
}
if [ -z "$around" ]; then
  printf 'seal    none: this is a folder and not a bundle\\n'
else
  case $(openssl cms -help 2>&1) in *-certsout*) ;; *) unable 'this openssl reads no seals' ;; esac
  case $(openssl ts -help 2>&1) in *-token_in*) ;; *) unable 'this openssl reads no timestamps' ;; esac
  read_text mimetype
  [ "$value" = 'application/vnd.etsi.asic-e+zip' ] || fail 'mimetype does not say that this is a bundle'
  members="$files VERIFY.txt$ledger"
  signature_value META-INF/signature001.p7s
  token=META-INF/sigill-token.tsr
  read_token "$token"
  [ "$(digest "$hash" <"$work/seal-value")" = "$imprint" ] || fail 'the timestamp is of another seal'
  signed_by "$token" stamper || fail 'the timestamp is not genuine'
  epoch "$stamped"
  for number in $seals; do
    manifest=META-INF/ASiCManifest00$number.xml
    covers "$manifest" "META-INF/signature00$number.p7s"
    signed_by "META-INF/signature00$number.p7s" sealer "$manifest" || fail "seal $number is not genuine"
    same "$work/sealer-content" "$manifest" || fail "seal $number is of other bytes"
    may_seal || fail "the certificate of seal $number is not for seals"
    by=$(openssl x509 -in "$work/sealer.pem" -noout -subject -nameopt utf8,esc_ctrl,sep_comma_plus_space,sname | cut -d = -f 2-)
    if [ "$number" -gt 1 ]; then
      printf 'seal    once more: genuine, of these files, by %s; whose it is, sigill verify can tell\\n' "$by"
    elif [ -z "$seal_ca" ]; then
      printf 'seal    untrusted: genuine, of these files, by %s; whose it is, SEAL_CA=ROOT.pem can tell\\n' "$by"
    else
      issued_by sealer "$seal_ca" || fail "the certificate of seal $number does not lead to SEAL_CA"
      if [ -n "$tsa_ca" ]; then
        ok "sealed, every member, by $by"
      else
        printf 'seal    untrusted: genuine, of these files, by %s, under SEAL_CA; if its certificate was valid, TSA_CA=ROOT.pem can tell\\n' "$by"
      fi
    fi
  done
  if [ -z "$tsa_ca" ]; then
    printf 'time    untrusted: sealed before %s, as the timestamp says; TSA_CA=ROOT.pem can tell whose it is\\n' "$stamped"
  else
    openssl ts -verify -token_in -in "$token" -data "$work/seal-value" -CAfile "$tsa_ca" -attime "$at" >/dev/null 2>&1 ||
      fail 'the timestamp is not by an authority of TSA_CA'
    ok "sealed before $stamped"
  fi
fi

printf 'signer  %s\\n' "$(openssl x509 -in "$work/leaf.pem" -noout -subject -nameopt utf8,esc_ctrl,sep_comma_plus_space,sname | cut -d = -f 2-)"
printf 'for     %s\\n' "$relying_party"
[ "$kind" = consent ] || printf 'note    this is an identification for a login: nothing was signed, and no payment is authorised by it\\n'
case $world in
  production) printf "PASSED  under BankID's production root\\n" ;;
  bankid-test) printf "PASSED  TEST: under the root of BankID's test environment\\n" ;;
  *) printf "PASSED  UNPINNED: the root is not one of BankID's; this proves nothing about a person\\n" ;;
esac
`;

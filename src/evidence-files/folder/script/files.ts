/** The first part of `verify.sh`: its tools, the folder, the sums, base64. */
export const verifyFiles = `#!/bin/sh
# Checks this evidence folder with a POSIX shell, xmlsec1 (1.2 or later), openssl (or LibreSSL) and a few POSIX utilities.
#   sh verify.sh [ROOT.pem]     ROOT.pem: BankID's signature root as you got it elsewhere; it must be the one in the folder
#   Of a bundle that was unpacked (unzip bundle.asice) also its seal: SEAL_CA=ROOT.pem TSA_CA=ROOT.pem sh verify.sh [ROOT.pem]
# Exit: 0 everything holds, 1 something does not, 66 nothing can be said: a tool or room is missing, or a file cannot be read.
# VERIFY.txt says what is checked, and what is not.
set -u
umask 077
unset CDPATH
export LC_ALL=C TZ=UTC0
newline='
'
unable() {
  printf 'UNCHECKED  %s; this says nothing about the evidence\\n' "$1"
  exit 66
}
fail() {
  printf 'FAILED  %s\\n' "$1"
  exit 1
}
ok() { printf 'ok      %s\\n' "$1"; }

# --- the shell and the tools, before anything is said about the evidence ---
words='one two'
for name in $words; do [ "$name" != "$words" ] || { echo 'UNCHECKED  this shell is not a POSIX one: sh verify.sh' && exit 66; }; done
command -v printf >/dev/null 2>&1 || { echo 'UNCHECKED  printf is not on this machine, and verify.sh needs it' && exit 66; }
for tool in openssl xmlsec1 cat cut ls mkdir rm tr wc; do
  command -v "$tool" >/dev/null 2>&1 || unable "$tool is not on this machine, and verify.sh needs it"
done
digest() { # the last word of what openssl prints, in whichever form
  set -- "$(openssl dgst "-$1" 2>/dev/null)"
  printf '%s' "\${1##*[ =]}"
}
[ "$(printf abc | digest sha256)" = ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad ] || unable 'this openssl makes no SHA-256'
[ "$(printf abc | digest sha1)" = a9993e364706816aba3e25717850c26c9cd0d89d ] || unable 'this openssl makes no SHA-1'
[ "$(printf 'YWI/' | openssl base64 -d -A 2>/dev/null | openssl base64 -A 2>/dev/null)" = 'YWI/' ] || unable 'this openssl reads no base64'
case $(openssl ocsp -help 2>&1) in *-respin*) ;; *) unable 'this openssl reads no OCSP responses' ;; esac
xmlsec1 --check-transforms c14n rsa-sha256 sha256 >/dev/null 2>&1 || unable 'this xmlsec1 lacks c14n, sha256 or rsa-sha256'
xmlsec1 --check-key-data x509 >/dev/null 2>&1 || unable 'this xmlsec1 reads no certificates'

# --- the files: plain ones of a sane size, all that belong to the folder, and no others ---
given='' seal_ca='' tsa_ca=''
bring() { # a certificate that the reader brings: what it is, and where
  case $2 in /*) value=$2 ;; *) value=$PWD/$2 ;; esac
  { [ -f "$value" ] && [ -r "$value" ]; } || unable "$1 cannot be read"
  openssl x509 -in "$value" -noout 2>/dev/null || unable "$1 is not a certificate in PEM"
}
if [ $# -gt 0 ]; then
  bring 'the root certificate that you gave' "$1"
  given=$value
fi
if [ -n "\${SEAL_CA:-}" ]; then
  bring SEAL_CA "$SEAL_CA"
  seal_ca=$value
fi
if [ -n "\${TSA_CA:-}" ]; then
  bring TSA_CA "$TSA_CA"
  tsa_ca=$value
fi
case $0 in */*) cd -- "\${0%/*}/" || unable 'the folder cannot be entered' ;; esac
# A consent that a payer signed, or a login for which a person identified: the folder has the file of one of them.
kind=consent act=Signing did='sign, not to log in' use='Non Repudiation'
if [ -e login.json ] || [ -L login.json ]; then
  kind=login act=Identification did='log in, not to sign' use='Digital Signature'
fi
files="bankid-root.pem circumstances.json $kind.json evidence-digest.json non-visible.json ocsp.b64 report.json signature.b64 verify.sh visible-text.txt"
# What an unpacked bundle has besides: its type, the place in the ledger, manifests and signatures.
around='' ledger='' seals=''
if [ -e META-INF ] || [ -L META-INF ]; then
  { [ -d META-INF ] && [ ! -L META-INF ]; } || fail 'META-INF is not a folder'
  around='mimetype META-INF/sigill-token.tsr'
  for name in ledger.tlog-proof checkpoint.tsr; do
    if [ -e "$name" ] || [ -L "$name" ]; then ledger="$ledger $name"; fi
  done
  for number in 1 2 3 4 5 6 7 8 9; do
    name=META-INF/ASiCManifest00$number.xml
    [ -e "$name" ] || [ -L "$name" ] || break
    seals="$seals $number"
    around="$around $name META-INF/signature00$number.p7s"
  done
  [ -n "$seals" ] || fail 'META-INF holds no seal'
fi
beside='audit.jsonl receipt.pdf report.en.txt report.sv.txt'
printable() { printf '%s' "$1" | tr -c '\\040-\\176' '?'; }
for name in * .* META-INF/* META-INF/.*; do
  if [ ! -e "$name" ] && [ ! -L "$name" ]; then continue; fi
  case $name in
    *[!A-Za-z0-9._/-]*) ;;
    *)
      case " . .. META-INF META-INF/. META-INF/.. VERIFY.txt request-object.jwt $files $around $ledger " in
        *" $name "*) continue ;;
      esac
      case " $beside " in
        *" $name "*) echo "NOTE    $name stands beside the evidence, and is not checked here: folders.sha256 has its sum"; continue ;;
      esac
      ;;
  esac
  fail "$(printable "$name") does not belong to an evidence folder: take it out, and check again"
done
[ ! -e request-object.jwt ] && [ ! -L request-object.jwt ] || files="\${files% signature.b64*} signature.b64 verify.sh visible-text.txt request-object.jwt"
size() { ls -ldn "$1" | tr -s ' ' | cut -d ' ' -f 5; }
for name in $files VERIFY.txt $around $ledger; do
  { [ -e "$name" ] || [ -L "$name" ]; } || fail "$name is missing"
  { [ ! -L "$name" ] && [ -f "$name" ]; } || fail "$name is not a plain file"
  [ -r "$name" ] || unable "$name cannot be read"
  [ "$(size "$name")" -le 2097152 ] || fail "$name is larger than anything that is exported"
done
work=\${TMPDIR:-/tmp}/sigill-verify-$$
mkdir "$work" || unable 'no temporary directory can be made'
trap 'rm -rf "$work"' EXIT
trap 'exit 66' HUP INT TERM
# shellcheck disable=SC2086 # names, one by one
cat $files $files VERIFY.txt >"$work/room" 2>/dev/null || unable 'the temporary directory has no room'
rm "$work/room"

# --- the files are those that were exported ---
read_text() { # to the byte: what a shell variable cannot hold is refused
  value=$(cat "$1" && printf .) || unable "$1 cannot be read"
  value=\${value%.}
  [ "$(printf '%s' "$value" | digest sha256)" = "$(digest sha256 <"$1")" ] || fail "$1 holds bytes that no text has"
}
read_text VERIFY.txt
above=\${value%"  the lines above$newline"}
own=\${above##*"$newline"}
above=\${above%"$own"}
[ "$value" = "$above$own  the lines above$newline" ] && [ "$(printf '%s' "$above" | digest sha256)" = "$own" ] || fail 'VERIFY.txt was changed'
sums=
for name in $files; do
  line="$(digest sha256 <"$name")  $name$newline"
  case $above in *"$newline$line"*) ;; *) fail "$name is not the file that VERIFY.txt names" ;; esac
  sums=$sums$line
done
[ "\${above%"SHA-256$newline$sums"}" != "$above" ] || fail 'VERIFY.txt does not name the files'
ok 'every file is as it was exported'

# --- base64, exactly one spelling ---
decode() {
  openssl base64 -d -A -in "$1" -out "$2" 2>/dev/null || fail "$1 is not base64"
  [ "$(openssl base64 -A -in "$2" | digest sha256)" = "$(digest sha256 <"$1")" ] || fail "$1 is not base64 in its one form"
}
decode signature.b64 "$work/signature.xml"
decode ocsp.b64 "$work/ocsp.der"

`;

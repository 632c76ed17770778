#!/bin/bash
# stir issue: a hierarchy that openssl and certtool verify, over-claiming refused with its
# sentence, CSRs by openssl req, wrong use. R9060-8-1, R9060-7-3, R9060-4-4, R9060-8.1-1.
. "$(dirname "$0")/common.sh"
start=1767225600 # 2026-01-01T00:00:00Z

for program in openssl certtool; do
    command -v $program >/dev/null || {
        echo "issue: not checked: there is no $program" >&2
        if [ -n "${CI-}" ]; then exit 1; else exit 77; fi
    }
done

# try EXIT ARGUMENT...: stir issue at that time.
try() {
    local wanted=$1
    shift
    run "$wanted" issue --now $start "$@"
}

same() { # WHAT FOUND WANTED
    [ "$2" = "$3" ] || wrong "$1: found $2, wanted $3"
}

# other COMMAND...: somebody else's, whose output goes to out; it must succeed.
other() {
    case_="(then $*)"
    "$@" >out 2>err || wrong "exit $?"
}

# ---- a hierarchy, valid long because certtool goes by the clock ----
long='--not-before 2025-01-01T00:00:00Z --not-after 2045-01-01T00:00:00Z'
try 0 $long --root --out root.pem --key-out root.key --subject 'CN=Test ROOT,O=Test,C=US'
try 0 $long --issuer root.pem --issuer-key root.key --ca --out ca.pem --key-out ca.key
try 0 $long --issuer ca.pem --issuer-key ca.key --ca --path-length 0 --spc 709J \
    --range 12155551200+1000 --out provider.pem --key-out provider.key --subject 'CN=SHAKEN 709J'
try 0 $long --issuer provider.pem --issuer-key provider.key \
    --range 12155551200+50 --range 12155551250+50 --must-exclude rcd --permit attest=A --permit attest=B \
    --out acme.pem --key-out acme.key \
    --subject 'CN=ACME delegate'
says 'issued     acme.pem'
says '12155551200-12155551299 (100 numbers)'
says 'entries-merged:'

same 'mode of the key' "$(stat -c %a acme.key)" 600
grep -q 'BEGIN PRIVATE KEY' acme.key || wrong 'the key is not PKCS #8'
same 'certificates in the list' "$(grep -c BEGIN acme.pem)" 4
csplit -sz -f link- acme.pem /BEGIN/ '{*}'
for i in 0 1 2 3; do openssl x509 -in link-0$i -noout -subject; done >subjects
same 'signer first, then its issuers' "$(sed 's/.*CN = //' subjects | tr '\n' ,)" \
    'ACME delegate,SHAKEN 709J,STIR CA,Test ROOT,'
for i in 0 1 2; do
    other openssl verify -x509_strict -partial_chain -trusted link-0$((i + 1)) link-0$i
done
other openssl verify -x509_strict -CAfile root.pem -untrusted provider.pem acme.pem
other certtool --verify-chain --infile acme.pem
# Not critical: the value comes right behind the OID.
other openssl asn1parse -in acme.pem
grep -A1 ':1.3.6.1.5.5.7.1.26$' out |
    grep -qF '[HEX DUMP]:3014A1123010160B3132313535353531323030020164' ||
    wrong 'the TNAuthList is another'
grep -A1 ':1.3.6.1.5.5.7.1.33$' out | grep -qF '[HEX DUMP]:' ||
    wrong 'no claim constraints, or critical ones'
other openssl x509 -in acme.pem -noout -text
says 'Not Before: Jan  1 00:00:00 2025 GMT'
says 'Not After : Jan  1 00:00:00 2045 GMT'
says 'CA:FALSE'
says 'Digital Signature'
openssl pkey -in acme.key -pubout >of-key
openssl x509 -in acme.pem -noout -pubkey >of-certificate
cmp -s of-key of-certificate || wrong 'the key is not the certificate'\''s'

# ---- over-claiming ----
printf 'spc,first,last\n709J,12155559000,12155559099\n' >spc.csv
below="--issuer provider.pem --issuer-key provider.key --subject CN=over --out over.pem"
try 0 $below --key-out last.key --range 12155552190+10
try 1 $below --key-out over.key --range 12155552190+11 --spc-db csv:spc.csv
try 1 $below --key-out over.key --spc 709K
says 'certificate 0 "over": SPC 709K is not encompassed by certificate 1 "SHAKEN 709J" (RFC 9060 section 4)'
says 'refused    not-encompassed'
[ -e over.key ] && wrong 'a key was written for what was refused'
try 1 $below --key-out over.key --spc 709K --json
says '"code": "not-encompassed"'
says '"certificate": null'
try 0 $below --key-out over.key --spc 709K --force
says 'forced     not-encompassed'
other openssl verify -attime $start -partial_chain -trusted provider.pem over.pem

# ---- numbers under an SPC: data ----
try 0 $below --key-out spc1.key --range 12155559000+100
says 'scope-unchecked:'
try 0 $below --key-out spc2.key --range 12155559000+100 --spc-db csv:spc.csv
says_not 'scope-unchecked'
try 1 $below --key-out spc3.key --range 12155559000+101 --spc-db csv:spc.csv
says '12155559100 is not encompassed'
try 1 $below --key-out spc3.key --range 12155559000+100 --set spc_unknown=invalid

# ---- other refusals ----
try 1 $below --key-out no.key --spc 709J --ca # path length 0
says 'path-length'
try 1 $below --key-out no.key --spc 709J --not-after 2045-01-01T00:00:01Z
says 'cert-expired'
try 1 $below --key-out no.key --spc 709J --must-exclude iat
says 'constraints-syntax'
try 1 $below --key-out no.key
says 'tnauthlist-gap'
try 1 --issuer acme.pem --issuer-key acme.key --spc 709J --out no.pem --key-out no.key
says 'issuer-not-ca'
try 1 --issuer provider.pem --issuer-key ca.key --spc 709J --out no.pem --key-out no.key
says 'signer-key'
try 0 $below --key-out anchored.key --spc 709J --set anchors=root.pem
try 0 --root --out other.pem --key-out other.key
try 1 $below --key-out no.key --spc 709J --set anchors=other.pem
says 'path-no-anchor'

# ---- CSRs ----
openssl ecparam -name prime256v1 -genkey -noout -out subject.key
openssl req -new -key subject.key -subj /O=ACME/CN=asked -out asked.csr
from_csr="--issuer provider.pem --issuer-key provider.key --spc 709J"
try 0 $from_csr --csr asked.csr --out one.pem
try 0 $from_csr --csr asked.csr --out two.pem --json
says '"key": null'
says '"certificate": "two.pem"'
other openssl x509 -in one.pem -noout -subject
says 'CN = asked'
# Under one clock only serial number and signature differ.
for f in one two; do
    openssl x509 -in $f.pem -noout -text -certopt no_serial,no_sigdump >$f.txt
done
cmp -s one.txt two.txt || wrong 'what is issued at one time differs'
cmp -s one.pem two.pem && wrong 'the serial number is the same twice'
openssl req -new -key subject.key -subj /CN=ca -addext basicConstraints=critical,CA:TRUE -out ca.csr
try 1 --issuer ca.pem --issuer-key ca.key --csr ca.csr --out no.pem
says 'signer-is-ca'
try 0 --issuer ca.pem --issuer-key ca.key --csr ca.csr --ca --out sub.pem
openssl ecparam -name secp384r1 -genkey -noout -out large.key
openssl req -new -key large.key -subj /CN=large -out large.csr
try 1 $from_csr --csr large.csr --out no.pem
says 'wanted a P-256 key, found P-384'
try 0 $from_csr --csr large.csr --out large.pem --force
openssl req -in asked.csr -outform DER -out asked.der
try 0 $from_csr --csr asked.der --out three.pem
sed 3d asked.csr >broken.csr
try 2 $from_csr --csr broken.csr --out no.pem
try 2 $from_csr --csr acme.pem --out no.pem
complains 'CERTIFICATE REQUEST'

# ---- wrong use: 2, nothing written, and a word of what is wrong ----
misuse() { # SENTENCE ARGUMENT...
    local sentence=$1
    shift
    try 2 "$@"
    complains "$sentence"
}
new="--out no.pem --key-out no.key"
misuse '--out CERT is missing' --root --key-out no.key
misuse '--root or --issuer is missing' $new
misuse '--root and --issuer exclude each other' $new --root --issuer ca.pem
misuse '--issuer-key KEY is missing' $new --issuer ca.pem
misuse '--key-out or --csr is missing' --root --out no.pem
misuse 'exclude each other' $new --issuer ca.pem --issuer-key ca.key --csr asked.csr
misuse 'exclude each other' $new --root --days 3 --not-after 2027-01-01T00:00:00Z
misuse 'exists already' --root --out no.pem --key-out root.key
misuse '--key-out no.pem' --root --out no.pem --key-out no.pem
misuse 'a private key goes to a file' --root --out no.pem --key-out -
misuse 'absent.pem' $new --issuer absent.pem --issuer-key ca.key
misuse 'no list of certificates' $new --issuer root.key --issuer-key ca.key
misuse 'issuer-key' $new --issuer ca.pem --issuer-key ca.pem
misuse 'FIRST+COUNT' $new --root --range 12155551200
misuse 'length' $new --root --range 9990+20
misuse '2 numbers or more' $new --root --range 10+1
misuse 'without +' $new --root --tn +12155551212
misuse 'RFC 4514' $new --root --subject ACME
misuse 'NAME=VALUE' $new --root --permit attest
misuse '1 to 36525' $new --root --days 0
misuse 'unknown option' $new --root --colour red
misuse 'bogus' $new --root --set bogus=1
misuse 'absent.csv' $new --root --spc-db csv:absent.csv
misuse 'a private key, which is not overwritten' --root --out root.key --key-out no.key
[ -e no.pem ] && wrong 'a certificate was written'
[ -e no.key ] && wrong 'a key was written'

# ---- standard output ----
try 0 --root --out - --key-out stdout.key
same 'first line of --out -' "$(head -1 out)" '-----BEGIN CERTIFICATE-----'
mv out piped.pem
other openssl verify -attime $start -CAfile piped.pem piped.pem
misuse 'standard output' --root --out - --key-out no.key --json
finish

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

# try EXIT ARGUMENT...: stir issue at that time, or where clock is empty now.
clock="--now $start"
try() {
    local wanted=$1
    shift
    run "$wanted" issue $clock "$@"
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

# What a CSR asks for and none may have; forced, it is issued without.
ask() { openssl req -new -key subject.key -subj /CN=asks -out ask.csr "$@" 2>/dev/null || wrong "openssl req $*"; }
numbers=1.3.6.1.5.5.7.1.26 plain=1.3.6.1.5.5.7.1.27 enhanced=1.3.6.1.5.5.7.1.33
attest=DER:30:0A:A0:08:30:06:16:04:61:62:63:64
asks() { # CODE SENTENCE FORCED ADDEXT...: FORCED is how --force ends
    local code=$1 sentence=$2 forced=$3 extension
    shift 3
    local extensions=()
    for extension in "$@"; do extensions+=(-addext "$extension"); done
    ask "${extensions[@]}"
    try 1 $from_csr --csr ask.csr --out no.pem $([ "$forced" = 0 ] || echo --force)
    [ -e no.pem ] && wrong 'it was written'
    if [ "$forced" = 0 ]; then
        says "refused    $code"
        says "$sentence"
        try 0 $from_csr --csr ask.csr --out forced.pem --force
        says "forced     $code"
    else
        complains "$sentence"
    fi
}
asks tnauthlist-syntax 'its TNAuthList is critical, which none may be (RFC 8226 section 9)' 0 \
    "$numbers=critical,DER:30:08:A0:06:16:04:37:30:39:4A"
asks constraints-syntax 'its claim constraints are critical, which none may be (RFC 8226 section 8)' 0 \
    "$plain=critical,$attest"
other openssl x509 -in forced.pem -noout -text
says '1.3.6.1.5.5.7.1.27: '
says_not '1.3.6.1.5.5.7.1.27: critical'
asks constraints-syntax 'its claim constraints are critical, which none may be (RFC 9118 section 3)' 0 \
    "$enhanced=critical,$attest"
asks cert-critical-extension 'critical extension 2.5.29.30, which is not issued here' 0 \
    'nameConstraints=critical,permitted;DNS:example.org'
other openssl x509 -in forced.pem -noout -text
says_not 'Name Constraints'
asks tnauthlist-syntax 'RFC 8226 section 9' 1 "$numbers=DER:30:00"
asks tnauthlist-syntax 'RFC 8226 section 9' 1 "$numbers=DER:30:10:A1:0E:30:0C:16:07:2B:31:32:31:35:35:35:02:01:05"
asks tnauthlist-syntax 'RFC 8226 section 9' 1 "$numbers=DER:30:0B:A1:09:30:07:16:02:31:30:02:01:01"
asks tnauthlist-syntax 'RFC 8226 section 9' 1 "$numbers=DER:30:0B:A1:09:30:07:16:02:39:30:02:01:0A"
asks tnauthlist-syntax 'RFC 8226 section 9' 1 "$numbers=DER:30:07:A2:05:16:03:31:32:41"
asks constraints-syntax 'RFC 8226 section 8' 1 "$plain=DER:30:00"
asks constraints-both 'both kinds of claim constraints' 1 "$plain=$attest" "$enhanced=$attest"
ask -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,digitalSignature
try 1 --issuer ca.pem --issuer-key ca.key --csr ask.csr --ca --out no.pem
says 'it asks to be a CA whose key usage lacks keyCertSign (RFC 5280 section 4.2.1.3)'
try 0 --issuer ca.pem --issuer-key ca.key --csr ask.csr --ca --out forced.pem --force
ask -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign
try 0 --issuer ca.pem --issuer-key ca.key --csr ask.csr --ca --out sub2.pem

# ---- the rest of the checklist (requirements.md section 12), each forced as well ----
refuses() { # CODE ARGUMENT...
    local code=$1
    shift
    rm -f no.key no.pem
    try 1 "$@" --out no.pem --key-out no.key
    says "refused    $code"
    try 0 "$@" --out no.pem --key-out no.key --force
    says "forced     $code"
    rm -f no.key no.pem
}
under="--issuer provider.pem --issuer-key provider.key --subject CN=x"
refuses not-encompassed $under --range 12155551200+1000 --tn 12155552200 --spc-db csv:spc.csv
refuses constraints-syntax --issuer ca.pem --issuer-key ca.key --subject CN=x --ca --permit attest=A
refuses constraints-syntax $under --spc 709J --must-exclude orig
refuses tnauthlist-reference $under --tnauthlist-url http://a.example/list
refuses path-length $under --spc 709J --ca
refuses cert-expired $under --spc 709J --not-after 2045-01-01T00:00:01Z
# Issuers that openssl made: without SKI, without keyCertSign, with another AKI.
mid() { # NAME EXTENSION...
    local name=$1 extension
    shift
    printf '%s\n' '[e]' basicConstraints=critical,CA:TRUE "$@" >mid.cnf
    openssl req -new -key ca.key -subj "/CN=$name" -out mid.csr
    openssl x509 -req -in mid.csr -CA root.pem -CAkey root.key -days 9999 -extfile mid.cnf -extensions e \
        -out mid.pem 2>/dev/null || wrong 'openssl x509'
    cat mid.pem root.pem >"$name.pem"
}
clock= # openssl signs as of today
mid no-skid keyUsage=critical,keyCertSign authorityKeyIdentifier=keyid subjectKeyIdentifier=none
openssl x509 -in no-skid.pem -noout -text | grep -q 'Subject Key' &&
    mid no-skid keyUsage=critical,keyCertSign authorityKeyIdentifier=keyid
mid no-sign keyUsage=critical,cRLSign authorityKeyIdentifier=keyid subjectKeyIdentifier=hash
mid no-akid keyUsage=critical,keyCertSign subjectKeyIdentifier=hash authorityKeyIdentifier=none
mid other-akid keyUsage=critical,keyCertSign subjectKeyIdentifier=hash 2.5.29.35=DER:30:04:80:02:AA:BB
refuses skid-missing --issuer no-skid.pem --issuer-key ca.key --spc 709J
refuses key-usage --issuer no-sign.pem --issuer-key ca.key --spc 709J
refuses akid-missing --issuer no-akid.pem --issuer-key ca.key --spc 709J
refuses akid-mismatch --issuer other-akid.pem --issuer-key ca.key --spc 709J
clock="--now $start"
warns() { # WARNING ARGUMENT...
    local warning=$1
    shift
    rm -f warned.key
    try 0 --issuer ca.pem --issuer-key ca.key --subject CN=x --out warned.pem --key-out warned.key "$@"
    says "warning    $warning:"
}
warns entries-merged --tn 12155551200 --tn 12155551201
warns constraints-contradict --spc 709J --must-include rcd --must-exclude rcd
warns must-exclude-rcdi --spc 709J --must-exclude rcdi
warns must-include-baseline --spc 709J --must-include orig
warns short-serial --spc 709J --serial 7fffffffffffff
try 0 --issuer ca.pem --issuer-key ca.key --subject CN=x --out warned.pem --key-out long.key --spc 709J \
    --serial 0100000000000000
says_not 'warning'
says 'serial     0100000000000000'

# ---- certificates as ATIS-1000080 and -1000092 have them (A80-1 to A80-11, A92-1 to A92-5) ----
us=(--policy 2.16.840.1.114569.1.1.4 --crl-url https://crl.example.org/crl
    --crl-issuer 'CN=STI-PA CRL,O=STI-PA,C=US')
try 0 --root --out sroot.pem --key-out sroot.key --subject 'CN=SHAKEN test ROOT,O=Test,C=US'
try 0 --issuer sroot.pem --issuer-key sroot.key --ca --out sti.pem --key-out sti.key \
    --subject 'CN=SHAKEN test CA 1,O=Test,C=US' "${us[@]}"
try 0 --issuer sti.pem --issuer-key sti.key --spc 709J --out telco.pem --key-out telco.key \
    --subject 'CN=SHAKEN 709J,O=Telco,C=US' "${us[@]}"
try 0 --issuer sti.pem --issuer-key sti.key --ca --path-length 0 --spc 709J --out sca.pem --key-out sca.key \
    --subject 'CN=SHAKEN SCA 709J,O=Telco,C=US' "${us[@]}"
try 0 --issuer sca.pem --issuer-key sca.key --range 12155559000+100 --spc-db csv:spc.csv --out enterprise.pem \
    --key-out enterprise.key --must-exclude attest --must-exclude origid \
    --subject 'CN=ACME,O=ACME,C=US' "${us[@]}"
lints() { # PROFILE FILE...: no error and no warning
    local profile=$1
    shift
    run 0 lint --profile "$profile" "$@"
    says_not ': error: '
    says_not ': warning: '
}
lints atis80 sroot.pem sti.pem telco.pem
lints atis92 sroot.pem sti.pem telco.pem sca.pem enterprise.pem
run 1 lint --profile atis80 enterprise.pem
says 'tnauthlist-of-ca'
try 0 --issuer sti.pem --issuer-key sti.key --spc 709J --out bare.pem --key-out bare.key \
    --subject 'CN=SHAKEN 709J,O=Telco,C=US'
run 0 lint --profile atis80 bare.pem
says 'policies: wanted exactly one policy, found 0'
says 'crl-distribution: wanted one point: an http URL, and the STI-PA as cRLIssuer, found absent'
other openssl x509 -in telco.pem -noout -ext certificatePolicies,crlDistributionPoints
says 'X509v3 Certificate Policies: '
says 'Policy: 2.16.840.1.114569.1.1.4'
says 'X509v3 CRL Distribution Points: '
says 'URI:https://crl.example.org/crl'
says 'DirName:C = US, O = STI-PA, CN = STI-PA CRL'
other certtool -i --infile telco.pem
says 'Certificate Policies (not critical):'
says 'CRL Distribution points (not critical):'
says 'URI: https://crl.example.org/crl'
other openssl verify -x509_strict -CAfile sroot.pem -untrusted telco.pem telco.pem

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
misuse 'an object identifier' $new --root --policy 1.2.x
misuse 'a URL' $new --root --crl-url 'a b'
misuse 'RFC 4514' $new --root --crl-issuer ACME
misuse 'hexadecimal' $new --root --serial 0
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

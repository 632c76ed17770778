#!/bin/bash
# stir lint: one line a finding, and an exit status.
. "${top_srcdir:?run by make check}/tests/tools/common.sh"
issue_all

run 0 lint delegate.pem
is_quiet
run 0 lint root.pem delegate.pem
run 1 lint --profile atis80 delegate.pem
says 'delegate.pem: warning: certificate 0 "ACME delegate": policies: wanted exactly one policy, found 0 ('
says ': error: '
run 1 lint --json --profile atis80 delegate.pem
members file severity rule where wanted found clause
is file '"delegate.pem"'
run 0 lint --json root.pem
[ "$(tr -d ' \n' <out)" = '[]' ] || wrong 'no finding is an empty array'
run 1 lint --set profile=atis80 delegate.pem
says ': error: '

"$stir" tnauthlist encode --spc 709j >list.der || wrong 'encode'
run 0 lint list.der
says 'list.der: notice: TNAuthList: spc-form: wanted SPCs of A-Z and 0-9'
run 1 lint --profile atis80 list.der
says 'list.der: error: TNAuthList: spc-form'

# A CRL, and a delta (which openssl does not write by itself: it is an extension of the CRL).
printf '[ca]\ndefault_ca=d\n[d]\ndatabase=index\ncrlnumber=number\ndefault_md=sha256\ndefault_crl_days=30\n[e]\nauthorityKeyIdentifier=keyid\n2.5.29.27=critical,ASN1:INTEGER:1\n' >cnf
: >index
echo 1000 >number
openssl ca -gencrl -config cnf -keyfile root.key -cert root.pem -crlexts e -out delta.crl 2>/dev/null ||
    wrong 'openssl ca'
openssl ca -gencrl -config cnf -keyfile root.key -cert root.pem -out plain.crl 2>/dev/null ||
    wrong 'openssl ca'
run 1 lint delta.crl
says 'delta.crl: error: the CRL of "CN=Root" (number 4096): crl-delta: wanted a list by itself, found a delta'
run 0 lint plain.crl
says 'crl-akid-missing'
run 0 lint --profile atis80 plain.crl
says 'warning: the CRL of "CN=Root" (number 4097): crl-indirect'
cat delta.crl plain.crl >two.crl
run 1 lint two.crl
says '(number 4096): crl-delta'
says '(number 4097): crl-akid-missing'
run 0 show two.crl
says '  number          4096'
says '  fault           status-unknown: it is a delta to another list'
run 0 show --json plain.crl
members file kind issuer number this_update next_update signature akid indirect only \
    only_reasons names entries issuers reasons fault

# Tokens: what a profile asks of them, and what a verifier would refuse.
"$stir" sign --key delegate.key --x5u https://a.example/c --ppt shaken --orig 12155551234 \
    --dest 12155559876 --attest A --origid 123e4567-e89b-12d3-a456-426614174000 >identity ||
    wrong 'sign'
run 0 lint --profile atis80 identity
is_quiet
"$stir" sign --key delegate.key --x5u https://a.example/c --orig 12155551234 \
    --dest 12155559876 >identity || wrong 'sign'
run 1 lint --profile atis80 identity
says 'identity: error: Identity 0: token-ppt: wanted ppt shaken, found absent (ATIS-1000074)'
run 0 lint identity
is_quiet

head -c 100 /dev/zero >zeros
run 1 lint zeros
complains 'zeros: '
run 1 lint zeros list.der
says 'list.der: notice'
run 2 lint
complains 'FILE... is missing'
run 2 lint absent
complains 'absent: No such file or directory'
run 2 lint --profile atis root.pem
complains 'wanted rfc|atis80|atis92'
finish

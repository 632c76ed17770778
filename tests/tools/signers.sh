#!/bin/bash
# stir signers: the record of a verifier, and lines of decisions written and obeyed.
. "${top_srcdir:?run by make check}/tests/tools/common.sh"
issue_all
path() { # EXIT ARGUMENT...
    local wanted=$1
    shift
    run "$wanted" path --now "$now" --anchors root.pem --certs leaf.pem --set decisions=decisions \
        "$@"
}
lines() { # TEXT...: is that what stands in decisions, but for comments?
    printf '%s\n' "$@" >wanted
    sed 's/ *#.*//' decisions | cmp -s - wanted || wrong "decisions has: $(cat decisions)"
}
digest() { openssl x509 -in "$1" -noout -fingerprint -sha256 | sed 's/.*=//; s/://g' | tr A-F a-f; }

run 0 signers deny --decisions decisions --certificate leaf.pem
is_quiet
lines "deny certificate $(digest leaf.pem)"
grep -q '# CN=SHAKEN 709J leaf$' decisions || wrong 'the line does not say who it is of'
path 1
says 'signer-denied'
says 'certificate 0 "SHAKEN 709J leaf": the certificate is denied by the operator'
run 0 signers allow --decisions decisions --certificate leaf.pem --spc 'a b#'
lines "allow certificate $(digest leaf.pem)" 'allow spc a\x20b\x23'
path 0
run 0 signers deny --decisions decisions --spc 709J
path 1
says 'SPC 709J is denied'
run 0 signers allow --decisions decisions --spc 709J
path 0
run 0 signers deny --decisions decisions --anchor root.pem
path 1
says 'the trust anchor is denied'
run 0 signers allow --decisions decisions --anchor "$(digest root.pem | tr a-f A-F)"
path 0
run 0 signers deny --decisions decisions --key leaf.pem
path 1
says 'its key is denied'
# What an operator wrote by hand stays.
printf 'others  hold # until we know them\n' >decisions
run 0 signers deny --decisions decisions --spc X
lines 'others  hold' 'deny spc X'
path 3
says 'signer-held'
path 0 --set decisions=<(echo allow spc 709J)

# A record: the verifier that verifies writes it.
stir_sign() {
    "$stir" sign --key leaf.key --x5u https://c.example/a.pem --ppt shaken --orig 12155551300 \
        --dest 12155559876 --iat "$now" --attest A >identity || exit 1
}
stir_sign
verify() { # EXIT ARGUMENT...
    local wanted=$1
    shift
    run "$wanted" verify --now "$now" --anchors root.pem --certs leaf.pem --from 12155551300 \
        --to 12155559876 --set signers_file=signers "$@" identity
}
verify 0
run 0 signers list --signers signers
says 'CN=SHAKEN 709J leaf'
says "$(digest leaf.pem)"
run 0 signers list --signers signers --json
is decision null
is sha256 "\"$(digest leaf.pem)\""
members subject sha256 spki_sha256 first_seen decision
echo "deny certificate $(digest leaf.pem)" >deny
run 0 signers list --signers signers --decisions deny --json
is decision '"deny"'
verify 1 --set decisions=deny
says 'signer-denied'
run 0 signers list --signers none --json
says '[]'

run 2 signers list
complains '--signers FILE is missing'
run 2 signers deny --spc X
complains '--decisions FILE is missing'
run 2 signers deny --decisions decisions
complains '--certificate, --key, --spc or --anchor is missing'
run 2 signers deny --decisions decisions --key absent
complains '--key: neither 64 hexadecimal digits nor a certificate'
run 2 signers deny --decisions decisions --spc $'\x01'
complains 'decisions, line'
run 2 signers deny --decisions "$work" --spc X
run 2 path --now "$now" --anchors root.pem --certs leaf.pem --set decisions=identity
complains 'decisions, line 1'
run 2 signers list --signers identity
complains 'signers, line 1'
finish

#!/bin/bash
# Keys behind PKCS #11, of a SoftHSM token made here: stir sign and stir path take their URLs, and
# what they sign verifies.
. "${top_srcdir:?run by make check}/tests/tools/common.sh"
if ! command -v softhsm2-util >/dev/null; then
    [ -n "${CI-}" ] && { echo 'softhsm2 is missing' >&2; exit 1; }
    exit 77
fi
mkdir tokens
export SOFTHSM2_CONF=$work/softhsm2.conf
printf 'directories.tokendir = %s/tokens\nobjectstore.backend = file\n' "$work" >"$SOFTHSM2_CONF"
softhsm2-util --init-token --free --label stir --so-pin 12345678 --pin 1234 >/dev/null || exit 1
printf 1234 >pin
printf 4321 >wrong-pin

issue_all
put() { # KEY-FILE LABEL ID: into the token
    softhsm2-util --import "$1" --token stir --label "$2" --id "$3" --pin 1234 >/dev/null || exit 1
}
put leaf.key leaf A1
put ca.key ca A2
openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-384 -out p384.key 2>/dev/null
put p384.key p384 A3
url() { echo "pkcs11:token=stir;object=$1?pin-source=$work/pin"; }

# R9060-5-1: the key is the certificate's, or it is not.
run 0 path --now "$now" --anchors root.pem --certs leaf.pem --key "$(url leaf)"
run 1 path --now "$now" --anchors root.pem --certs leaf.pem --key "$(url ca)"
says 'signer-key'

# R8224-4.1-10: what it signs verifies; twice the same is signed by two signatures, which a key of
# PEM never does (RFC 6979).
sign() {
    run 0 sign --key "$1" --x5u https://c.example/a.pem --ppt shaken --orig 12155551300 \
        --dest 12155559876 --iat "$now" --attest A --origid 123e4567-e89b-12d3-a456-426614174000
}
sign "$(url leaf)"
cp out first
run 0 verify --now "$now" --anchors root.pem --certs leaf.pem --from 12155551300 \
    --to 12155559876 first
says 'verdict    valid'
sign "$(url leaf)"
! cmp -s out first || wrong 'a device that signs the same way twice'
sign leaf.key
cp out first
sign leaf.key
cmp -s out first || wrong 'a key of PEM signs in two ways (RFC 6979)'

# A CA whose key is behind PKCS #11 (R9060-8-1).
run 0 issue --now "$now" --days 30 --issuer ca.pem --issuer-key "$(url ca)" --spc 709J \
    --subject CN=Leaf --out new.pem --key-out new.key
run 0 path --now "$now" --anchors root.pem --certs new.pem --key new.key

# What is no key.
run 2 sign --key "$(url absent)" --x5u https://c.example/a.pem --orig 12155551300 \
    --dest 12155559876
complains 'pkcs11:token=stir;object=absent: '
run 2 sign --key "pkcs11:token=stir;object=leaf?pin-source=$work/wrong-pin" \
    --x5u https://c.example/a.pem --orig 12155551300 --dest 12155559876
complains 'pkcs11:token=stir;object=leaf: '
run 2 sign --key 'pkcs11:token=stir;object=leaf?pin-value=4321' --x5u https://c.example/a.pem \
    --orig 12155551300 --dest 12155559876
! grep -q 4321 err || wrong 'the PIN is shown'
run 2 sign --key pkcs11:nonsense --x5u https://c.example/a.pem --orig 12155551300 \
    --dest 12155559876
complains 'pkcs11:nonsense: '
run 2 sign --key "$(url p384)" --x5u https://c.example/a.pem --orig 12155551300 \
    --dest 12155559876
complains 'the key is P-384, wanted: P-256'
finish

#!/bin/sh
# make.sh STIR: makes the files of this folder, under a fixed clock. It was run once; make never
# runs it, because what is shipped has to stay what it is.
#
# A root; an STI-CA; the CA of a provider, with its SPC; the provider's customer ACME, with a
# hundred numbers of the provider's. And a forged certificate, for numbers that the provider does
# not hold.
set -eu
stir=$(realpath "$1")
cd "$(dirname "$0")"
keys=$(mktemp -d)
trap 'rm -rf "$keys"' EXIT
now=2026-11-22T12:00:00Z
x5u=https://certificates.example.com

rm -f ./*.pem ./*.key ./*.identity
cat >spc.csv <<END
spc,first,last
709J,12155551000,12155551299
808K,12155551300,12155551999
END

issue() {
    "$stir" issue --now $now --not-before 2026-11-01T00:00:00Z --not-after 2046-11-01T00:00:00Z "$@"
}

issue --root --ca --subject 'CN=Example STIR Root,O=Example Authority,C=US' \
    --out root.pem --key-out "$keys/root.key"
issue --issuer root.pem --issuer-key "$keys/root.key" --ca \
    --subject 'CN=Example STI-CA,O=Example Authority,C=US' \
    --out "$keys/ca.pem" --key-out "$keys/ca.key"
issue --issuer "$keys/ca.pem" --issuer-key "$keys/ca.key" --ca --spc 709J \
    --subject 'CN=SHAKEN 709J,O=Example Telephone,C=US' \
    --out provider.pem --key-out provider.key
issue --issuer provider.pem --issuer-key provider.key --range 12155551200+100 \
    --spc-db csv:spc.csv --subject 'CN=ACME delegate,O=ACME,C=US' --out acme.pem \
    --key-out acme.key
issue --issuer provider.pem --issuer-key provider.key --range 12155551200+200 --force \
    --spc-db csv:spc.csv --subject 'CN=ACME delegate,O=ACME,C=US' \
    --out forged.pem --key-out "$keys/forged.key"

sign() {
    "$stir" sign --now $now --iat $now --dest 12155550100 "$@"
}

sign --key acme.key --x5u $x5u/acme.pem --orig 12155551234 >inside.identity
sign --key acme.key --x5u $x5u/acme.pem --orig 12155551300 >outside.identity
sign --key "$keys/forged.key" --x5u $x5u/forged.pem --orig 12155551300 >forged.identity

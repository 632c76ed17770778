#!/bin/bash
# The example programs, on the shipped data: what each exits with and says.
. "$(dirname "$0")/common.sh"

build=$(cd "$top_builddir" && pwd)
cd examples/delegation || exit 1
now=1795348805
spc=csv:spc.csv

run() { # EXIT TEXT PROGRAM ARGUMENT...
    local wanted=$1 text=$2 program=$3 found
    shift 3
    "$build/examples/$program" "$@" >"$work/out" 2>&1
    found=$?
    [ "$found" = "$wanted" ] || complain "$program: exit $found, wanted $wanted"
    grep -qF -- "$text" "$work/out" || complain "$program: wanted \"$text\", found $(cat "$work/out")"
}

run 0 'calling number: 12155551234' operation root.pem $spc . 12155551234 12155550100 \
    "$(cat inside.identity)" $now
run 1 'identity 0, https://certificates.example.com/forged.pem: not-encompassed' operation root.pem \
    $spc . 12155551300 12155550100 "$(cat forged.identity)" $now
run 1 'acme.pem: x5u-unreachable' operation root.pem $spc /nonexistent 12155551234 12155550100 \
    "$(cat inside.identity)" $now

# The program's own inventory says that ten of the hundred numbers were ported out.
run 1 'not-encompassed: certificate 0 "ACME delegate": 12155551250-12155551259' resolver root.pem \
    acme.pem $now

run 0 'Identity: eyJ' presign root.pem $spc acme.pem acme.key \
    https://certificates.example.com/acme.pem 12155551299 12155550100 $now
cut -c11- "$work/out" >"$work/identity"
run 0 'calling number: 12155551299' operation root.pem $spc . 12155551299 12155550100 \
    "$(cat "$work/identity")" $now
run 1 'unsigned, orig-out-of-scope' presign root.pem $spc acme.pem acme.key \
    https://certificates.example.com/acme.pem 12155551300 12155550100 $now

run 0 'holds 12155551200 to 12155551299, 100 numbers' show acme.pem
run 2 'show: ' show /nonexistent

run 0 'BEGIN CERTIFICATE' ca $spc provider.pem provider.key 12155551200+100 $now
cp "$work/out" "$work/new.pem"
run 0 'holds 12155551200 to 12155551299' show "$work/new.pem"
run 1 'refused, not-encompassed' ca $spc provider.pem provider.key 12155551200+200 $now

run 0 '12155551300: worker says 1' worker root.pem $spc acme.pem $now \
    12155551234 12155550100 "$(cat inside.identity)" \
    12155551300 12155550100 "$(cat outside.identity)"
grep -qx '12155551234: worker says 0' "$work/out" || complain 'worker: the first call is valid'

# The program's own HTTP client: one GET for two calls; and an address that it may not connect to.
run 0 '12155551234: ok' own_http root.pem $spc . 93.184.216.34 $now \
    12155551234 12155550100 "$(cat inside.identity)" \
    12155551300 12155550100 "$(cat outside.identity)"
grep -qx '12155551300: orig-out-of-scope' "$work/out" || complain 'own_http: the second call'
[ "$(grep -c '^GET https://certificates.example.com/acme.pem$' "$work/out")" = 1 ] ||
    complain "own_http: wanted one GET, found $(cat "$work/out")"
run 0 '12155551234: x5u-refused' own_http root.pem $spc . 169.254.169.254 $now \
    12155551234 12155550100 "$(cat inside.identity)"
run 0 '12155551234: x5u-unreachable' own_http root.pem $spc /nonexistent 93.184.216.34 $now \
    12155551234 12155550100 "$(cat inside.identity)"
finish

#!/bin/bash
# The main job on the shipped data: a delegated call is valid, one from a number outside the range
# and one with a certificate that claims too much are not, and each says why.
. "$(dirname "$0")/common.sh"

build=$(cd "$top_builddir" && pwd)
stir=$build/tools/stir
cd examples/delegation || exit 1

./run "$stir" >"$work/out" 2>&1 || { cat "$work/out" >&2; complain 'examples/delegation/run fails'; }

# has NAME JSON: a member in the printed JSON.
has() {
    grep -qF "\"$1\": $2" "$work/out" || complain "$call: wanted \"$1\": $2, found $(
        grep -F "\"$1\":" "$work/out" || head -3 "$work/out")"
}

verify() { # CALL CERTIFICATES FROM EXIT
    local found
    call=$1
    "$stir" verify --json --now 2026-11-22T12:00:05Z --date 2026-11-22T12:00:00Z \
        --anchors root.pem --spc csv:spc.csv --certs "$2" --to 12155550100 --from "$3" \
        "$1.identity" >"$work/out" 2>&1
    found=$?
    [ "$found" = "$4" ] || complain "$call: exit $found, wanted $4"
}

verify inside acme.pem 12155551234 0
has verdict '"valid"'
has verstat '"TN-Validation-Passed"'
has code '"ok"'
has sip_status null
has detail '"certificate 0 \"ACME delegate\" has authority over 12155551234 (RFC 8226 section 9)"'
has compared true
has warnings '[]'

verify outside acme.pem 12155551300 1
has verdict '"invalid"'
has verstat '"TN-Validation-Failed"'
has code '"orig-out-of-scope"'
has sip_status 437
has depth 0
has detail '"certificate 0 \"ACME delegate\": 12155551300 is not in its TNAuthList (RFC 8226 section 9)"'
has claims null

verify forged forged.pem 12155551300 1
has verdict '"invalid"'
has code '"not-encompassed"'
has depth 0
has detail '"certificate 0 \"ACME delegate\": 12155551300-12155551399 is not encompassed by certificate 1 \"SHAKEN 709J\": not of SPC 709J (RFC 9060 section 4)"'

# One number of the token changed in the call: somebody else's token.
verify inside acme.pem 12155551235 1
has code '"orig-mismatch"'
has verstat '"No-TN-Validation"'

# What is seen of the certificates.
call='stir show'
"$stir" show --json acme.pem inside.identity >"$work/out" 2>&1 || complain 'stir show fails'
has subject '"CN=ACME delegate,O=ACME,C=US"'
has first '"12155551200"'
has last '"12155551299"'
has spc '"709J"'
"$stir" show acme.pem >"$work/out" 2>&1
grep -q 'range 12155551200 +100 (12155551200 to 12155551299)' "$work/out" ||
    complain 'stir show does not tell the range'

# Somebody else's opinion on the same path.
if command -v openssl >/dev/null 2>&1; then
    for list in acme forged; do
        openssl verify -attime 1795348805 -CAfile root.pem -untrusted $list.pem $list.pem \
            >"$work/out" 2>&1 || complain "openssl does not accept the path of $list.pem"
    done
fi
finish

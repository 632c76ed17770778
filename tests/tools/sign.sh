#!/bin/bash
# stir sign: good and bad use of every option; what it prints verifies.
. "${top_srcdir:?run by make check}/tests/tools/common.sh"
issue_all
s() { # EXIT ARGUMENT...
    local wanted=$1
    shift
    run "$wanted" sign --now "$now" "$@"
}
all=(--key leaf.key --x5u "$x5u" --orig 12155551300 --dest 12155559999)
check() { # the printed value
    "$stir" verify --now "$now" --anchors root.pem --certs leaf.pem --spc csv:spc.csv \
        --from 12155551300 --to 12155559999 "$@" out >verified 2>&1 || {
        wrong 'what was signed does not verify'
        cat verified >&2
    }
}

s 0 "${all[@]}" --ppt shaken --attest A --origid "$origid"
says ";info=<$x5u>;alg=ES256;ppt=\"shaken\""
is_quiet
check
s 0 "${all[@]}" --ppt shaken --attest B
check
# R8588-10: without --origid, one of its own for each call, which says nothing to others.
origid_of() {
    "$stir" show --json out | sed -n 's/.*"origid": "\([^"]*\)".*/\1/p' | head -1
}
one=$(origid_of)
s 0 "${all[@]}" --ppt shaken --attest B
[[ $one =~ ^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$ ]] ||
    wrong "origid \"$one\" is no random UUID"
[ "$one" != "$(origid_of)" ] || wrong 'two calls have one origid'
s 0 "${all[@]}"
says_not 'ppt'
check
s 0 "${all[@]}" --compact
grep -q '^\.\.' out || wrong 'it is not compact'
check --date "$now"
s 0 "${all[@]}" --iat 2026-07-01T09:14:30Z --dest sip:bob@example.com
check
s 0 --json "${all[@]}"
is identity "\"eyJ"
s 0 "${all[@]}" --claim 'foo={"b":1e2,"a":[true,2.0,0.5]}'
check
"$stir" show out >shown 2>&1 && grep -q foo shown || wrong 'the claim is not there'
grep -qF '{"a":[true,2,0.5],"b":100}' shown || wrong 'whole numbers are no integers (R8225-9-4)'
# Numbers in any form are made canonical.
s 0 --key leaf.key --x5u "$x5u" --orig 'tel:+1-215-555-1300' --dest '<sip:12155559999@x>'
check

for missing in key x5u orig dest; do
    args=()
    for option in key=leaf.key "x5u=$x5u" orig=12155551300 dest=12155559999; do
        [ "${option%%=*}" = "$missing" ] || args+=("--$option")
    done
    s 2 "${args[@]}"
    complains "--$missing "
    complains 'is missing'
done
# What a verifier would refuse is not signed.
s 1 "${all[@]}" --ppt shaken --attest D --origid "$origid"
complains 'attest'
s 1 "${all[@]}" --ppt shaken
complains 'attest'
s 1 "${all[@]}" --ppt shaken --attest A --origid 1
complains 'origid'
s 1 "${all[@]}" --ppt shaken --attest A --compact
complains 'compact'
s 1 "${all[@]}" --claim foo=1 --compact
complains 'foo'
s 2 "${all[@]}" --ppt frobnicate
complains '--ppt: '
s 2 "${all[@]}" --orig 12155551301
complains '--orig is given twice'
s 2 --key leaf.key --x5u "$x5u" --orig bob --dest 12155559999
complains '--orig bob: '
s 2 --key leaf.key --x5u "$x5u" --orig 12155551300 --dest bob
complains '--dest bob: '
s 2 --key leaf.pem --x5u "$x5u" --orig 12155551300 --dest 12155559999
complains '--key: '
s 2 --key absent --x5u "$x5u" --orig 12155551300 --dest 12155559999
complains 'absent: No such file'
s 2 "${all[@]}" --iat yesterday
complains '--iat yesterday: '
s 2 "${all[@]}" --claim foo
complains '--claim foo: it is written NAME=JSON'
s 2 "${all[@]}" --claim 'foo={'
complains '--claim foo={: '
s 2 "${all[@]}" extra
complains '"extra" is one operand too many'
finish

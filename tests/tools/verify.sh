#!/bin/bash
# stir verify: good and bad use of every option, and the JSON of design.
. "${top_srcdir:?run by make check}/tests/tools/common.sh"
issue_all
sign delegate.key 12155551312 12155559999 >identity
verify() { # EXIT ARGUMENT...
    local wanted=$1
    shift
    run "$wanted" verify --now "$now" --anchors root.pem --spc csv:spc.csv "$@"
}

# The main job: inside the range, and one number outside of it.
verify 0 --certs delegate.pem --from 12155551312 --to 12155559999 identity
says 'valid'
says 'TN-Validation-Passed'
says '12155551300-12155551399 (100 numbers)'
says 'CN=ACME delegate'
says '(trust anchor)'
says_not '(not verified)'
is_quiet
sign delegate.key 12155551400 12155559999 >outside
verify 1 --certs delegate.pem --from 12155551400 --to 12155559999 outside
says 'invalid: orig-out-of-scope'
says '12155551400'
says '437 Unsupported Credential'
says 'token      shaken, attest A, of 2026-07-01T09:15:00Z (not verified)'
has_colours() { grep -q "$(printf '\033')" out; }
has_colours && wrong 'colours although it is no terminal'
# Where there is a terminal to be had: a container may have none.
if script -qec true /dev/null >out 2>&1 </dev/null; then
    on_terminal() {
        TERM=xterm script -qec "'$stir' verify --now $now --anchors root.pem --spc csv:spc.csv \
            --certs delegate.pem outside" /dev/null >out 2>err </dev/null
    }
    case_='verify on a terminal'
    on_terminal
    has_colours || wrong 'no colours on a terminal'
    NO_COLOR=1 on_terminal
    has_colours && wrong 'colours in spite of NO_COLOR'
    NO_COLOR='' on_terminal
    has_colours || wrong 'an empty NO_COLOR is none'
fi

# JSON: all members of design, always.
verify 0 --json --certs delegate.pem --from 12155551312 --to 12155559999 identity
members verdict verstat code sip_status sip_reason depth detail decided_by warnings path \
    identities subject issuer serial sha256 not_before not_after ca tnauthlist tnauthlist_url \
    anchor ppt x5u in_spc compared claims
is verdict '"valid"'
is verstat '"TN-Validation-Passed"'
is code '"ok"'
is sip_status null
is sip_reason null
is depth null
is decided_by 0
is ppt '"shaken"'
is x5u "\"$x5u\""
is compared true
is attest '"A"'
is origid "\"$origid\""
is first '"12155551300"'
is last '"12155551399"'
is anchor true
is anchor false
verify 1 --json --certs delegate.pem --from 12155551400 --to 12155559999 outside
is verdict '"invalid"'
is verstat '"TN-Validation-Failed"'
is code '"orig-out-of-scope"'
is sip_status 437
is sip_reason '"Unsupported Credential"'
is depth 0
is claims null

# How the identity may be written.
printf 'Identity: %s\n' "$(cat identity)" >named
verify 0 --certs delegate.pem --from 12155551312 --to 12155559999 named
printf 'y:%s\r\n\r\n' "$(cat identity)" >named
verify 0 --certs delegate.pem --from 12155551312 --to 12155559999 named
sed 's/;info/\r\n ;info/; s/;ppt/\n\t;ppt/' identity >folded
verify 0 --certs delegate.pem --from 12155551312 --to 12155559999 folded
cat outside identity >both
verify 0 --json --certs delegate.pem --from 12155551312 --to 12155559999 both
is decided_by 1
verify 0 --certs delegate.pem --from 12155551312 --to 12155559999 both
says 'orig-mismatch'
case_='verify -'
"$stir" verify --now "$now" --anchors root.pem --spc csv:spc.csv --certs delegate.pem \
    --from 12155551312 --to 12155559999 - <identity >out 2>err || wrong 'standard input'
printf 'rubbish\n' >rubbish
verify 1 --certs delegate.pem --from 12155551312 --to 12155559999 rubbish
says 'info-missing'
printf 'a b\n' >rubbish
verify 1 --certs delegate.pem --from 12155551312 --to 12155559999 rubbish
says 'identity-syntax'

# Whom it is compared with.
verify 1 --certs delegate.pem --from 12155551313 --to 12155559999 identity
says 'orig-mismatch'
verify 1 --certs delegate.pem --from 12155551312 --to 12155559998 identity
says 'dest-mismatch'
verify 0 --certs delegate.pem --from '+1 (215) 555-1312' --to tel:+1-215-555-9999 identity
verify 0 --certs delegate.pem --from '"A" <sip:+12155551312@x;user=phone>;tag=1' \
    --to 'sip:12155559999@x' identity
verify 1 --certs delegate.pem --from sip:12155551312@x --to 12155559999 \
    --set numeric_user=uri identity
says 'orig-mismatch'
verify 0 --certs delegate.pem --pai 12155551312 --from 911 --to 12155559999 identity
verify 1 --certs delegate.pem --pai 911 --from 12155551312 --to 12155559999 identity
says 'orig-mismatch'
verify 0 --certs delegate.pem --pai 911 --from 12155551312 --to 12155559999 \
    --set orig_check=from identity
verify 0 --certs delegate.pem --pai 12155551312 --to 12155559999 identity
verify 0 --certs delegate.pem identity
says 'caller     not compared'
says 'called     not compared'
verify 0 --json --certs delegate.pem --from 12155551312 identity
is compared false
says 'not-compared'
verify 0 --certs delegate.pem --from 12155551312 identity
says 'called     not compared'
verify 0 --certs delegate.pem --from 12155551312 --to 911 --ruri sip:12155559999@x \
    --set dest_check=request_uri identity
verify 1 --certs delegate.pem --from 12155551312 --to 12155559999 --ruri sip:911@x \
    --set dest_check=request_uri identity
says 'dest-mismatch'
verify 0 --certs delegate.pem --from 12155551312 --to 12155559999 --ruri sip:911@x identity
verify 1 --certs delegate.pem --from sip:example.com --to 12155559999 identity
says 'orig-mismatch'
verify 2 --certs delegate.pem --from bob --to 12155559999 identity
complains '--from: "bob" is no identity'
verify 2 --certs delegate.pem --to 1234567890123456 identity
complains '--to: '
verify 2 --certs delegate.pem --pai '' identity
complains '--pai: '

# When.
run 1 verify --anchors root.pem --certs delegate.pem --now 2026-07-01T09:16:01Z identity
says 'stale-iat'
run 3 verify --anchors root.pem --certs delegate.pem --now 1782897360 identity
says 'encompass-unknown'
run 2 verify --anchors root.pem --certs delegate.pem --now yesterday identity
complains '--now yesterday: wanted UNIX seconds or a time as 2026-11-22T01:02:03Z'
for time in 2026-07-01 2026-07-01T09:16:01 2026-13-01T09:16:01Z 2026-02-29T09:16:01Z -1 1x '' \
    2026-07-01T24:16:01Z 2026-07-01T09:16:01+1:00; do
    run 2 verify --anchors root.pem --certs delegate.pem --now "$time" identity
done
for time in 2026-07-01T09:15:00.999Z 2026-07-01t11:15:00+02:00 2026-07-01T04:45:00-04:30; do
    run 0 verify --anchors root.pem --certs delegate.pem --spc csv:spc.csv --now "$time" identity
done
verify 0 --certs delegate.pem --date 'Wed, 01 Jul 2026 09:15:00 GMT' identity
is_quiet
says_not 'date-differs'
verify 0 --certs delegate.pem --date "$now" identity
says_not 'date-differs'
verify 0 --certs delegate.pem --date 2026-07-01T09:10:00Z identity
says 'date-differs'
verify 1 --certs delegate.pem --date 2026-07-01T09:10:00Z --set date_check=require identity
says 'stale-date'
verify 2 --certs delegate.pem --date yesterday identity
complains '--date yesterday: '

# Certificates.
: >empty
verify 0 --certs "$x5u=delegate.pem" identity
verify 3 --certs 'https://other.example.org/=delegate.pem' identity
says 'x5u-unreachable'
says "$x5u"
verify 0 --certs 'https://other.example.org/?a=b=leaf.pem' --certs "$x5u=delegate.pem" identity
verify 3 identity
says 'x5u-unreachable'
verify 3 --offline identity
verify 1 --certs delegate.key identity
says 'x5u-body'
verify 1 --certs rubbish identity
says 'x5u-body'
sed '/-----/d' delegate.pem | base64 -d >delegate.der
verify 1 --certs delegate.der identity
says 'x5u-body'
verify 1 --certs empty identity
says 'x5u-body'
head -c 1100000 /dev/zero | tr '\0' '\n' >huge
verify 1 --certs huge identity
says 'x5u-body'
verify 1 --certs leaf.pem identity
says 'bad-signature'
verify 2 --certs absent identity
complains 'stir verify: absent: No such file'
verify 2 --certs "$x5u=absent" identity
complains 'absent: No such file'

# Anchors, data, policy.
run 2 verify --now "$now" --certs delegate.pem identity
complains '--anchors PEM is missing'
run 2 verify --now "$now" --anchors absent --certs delegate.pem identity
complains '--anchors: '
complains 'absent'
run 2 verify --now "$now" --anchors rubbish --certs delegate.pem identity
complains 'rubbish'
run 2 verify --now "$now" --anchors delegate.der --certs delegate.pem identity
complains 'delegate.der'
run 2 verify --now "$now" --anchors empty --certs delegate.pem identity
complains 'empty'
run 2 verify --now "$now" --anchors root.key --certs delegate.pem identity
complains 'root.key'
mkdir anchors
cp root.pem anchors
run 0 verify --now "$now" --anchors anchors --certs delegate.pem --spc csv:spc.csv identity
run 0 verify --now "$now" --set anchors=root.pem --set spc=csv:spc.csv --certs delegate.pem identity
run 1 verify --now "$now" --anchors other.pem --certs delegate.pem --spc csv:spc.csv identity
says 'path-no-anchor'
run 2 verify --now "$now" --anchors leaf.pem --certs delegate.pem --spc csv:spc.csv identity
complains '--anchors: leaf.pem: '
run 2 verify --now "$now" --anchors root.pem --spc lmdb:x --certs delegate.pem identity
complains '--spc: '
complains 'lmdb:x'
run 2 verify --now "$now" --anchors root.pem --spc csv:absent --certs delegate.pem identity
complains 'absent'
printf 'spc,first,last\n709J,x,y\n' >bad.csv
run 2 verify --now "$now" --anchors root.pem --spc csv:bad.csv --certs delegate.pem identity
complains 'bad.csv'
verify 2 --certs delegate.pem --profile atis81 identity
complains '--profile: '
complains 'atis81'
verify 1 --certs delegate.pem --profile atis80 identity
says 'because    certificate 0 "ACME delegate": tnauthlist-spc: '
verify 0 --certs delegate.pem --profile rfc identity
verify 2 --certs delegate.pem --set frobnicate=1 identity
complains '--set: '
complains 'frobnicate'
verify 2 --certs delegate.pem --set freshness=soon identity
complains 'soon'
for setting in es256=libcrypto rcd_content=want; do
    verify 2 --certs delegate.pem --set "$setting" identity
    complains "${setting%%=*}"
done
for setting in fetch=on fetch=off cache_floor=1h x5c=prefer spc_db_max_age=1h; do
    verify 0 --certs delegate.pem --set "$setting" identity
done
verify 2 --certs delegate.pem --set replay=on identity
complains 'Call-ID'
verify 0 --certs delegate.pem --set replay=on --call-id 1@example.org identity

# What belongs to later versions.
for option in --batch=x; do
    verify 2 --certs delegate.pem "$option" identity
    complains "${option%%=*} is not in this version"
done

# FILE.
verify 2 --certs delegate.pem
complains 'FILE is missing'
verify 2 --certs delegate.pem identity identity
complains '"identity" is one operand too many'
verify 2 --certs delegate.pem absent
complains 'stir verify: absent: No such file'
: >empty
verify 2 --certs delegate.pem empty
complains 'empty has no Identity header'
printf ' \r\n\t\n' >empty
verify 2 --certs delegate.pem empty
case_='verify -- -x'
cp identity ./-x
verify 0 --certs delegate.pem -- -x
finish

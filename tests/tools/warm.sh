#!/bin/bash
# stir cache warm: what is at a server is fetched, over TLS, validated and kept for the verifiers of
# other processes; what is there and fresh is not fetched again. tests/tools/cache.sh has the rest.
. "${top_srcdir:?run by make check}/tests/tools/common.sh"
issue_all

coproc SERVER { "$top_builddir/tests/server/talk" leaf.pem; }
server_pid=$SERVER_PID
read -r url port ca <&"${SERVER[0]}" || {
    wait "$server_pid"
    exit $?
}
tell() { # VERB PATH [RULE]: the answer is then in $answer
    echo "$*" >&"${SERVER[1]}"
    read -r answer <&"${SERVER[0]}"
}
asked() { # TIMES PATH
    tell count "$2"
    [ "$answer" = "$1" ] || wrong "$2 was asked for $answer times, wanted $1"
}

server="--set cache_file=kept --set fetch_allow=127.0.0.0/8 --set x5u_ports=443,$port"
warm() { # EXIT ARGUMENT...
    local wanted=$1
    shift
    run "$wanted" cache warm --now $now --anchors root.pem $server "$@"
}

# Whom it does not trust it does not ask.
printf '%s\n' "$url/a.pem" >manifest
warm 1 manifest
says "$url/a.pem: x5u-unreachable: "
says 'no authority trusted'
says '0 of 1 URLs'
asked 0 /a.pem

server="$server --set fetch_ca=$ca"
printf '%s\n' "$url/a.pem" "$url/b.pem" "$url/c.pem" "$url/html/d.pem" \
    "$url/e.pem=leaf.pem" >manifest
tell rule /c.pem status=404
warm 1 manifest
is_quiet
says "$url/c.pem: x5u-unreachable: "
says 'found 404'
says "$url/html/d.pem: x5u-body: "
says '3 of 5 URLs are in the cache with a valid path'
asked 1 /a.pem
asked 1 /b.pem
asked 0 /e.pem

# The twin without what fails; nothing is fetched again, though a process was between.
grep -v -e /c.pem -e html manifest >good
warm 0 good
says '3 of 3 URLs are in the cache with a valid path'
asked 1 /a.pem
asked 1 /b.pem
run 0 cache list --set cache_file=kept --json
is url "\"$url/a.pem\""
is url "\"$url/b.pem\""
says_not /c.pem
says_not html

# A verifier that fetches nothing has it.
x5u=$url/b.pem
sign leaf.key 12155551300 12155559876 >identity
verify() { # EXIT ARGUMENT...
    local wanted=$1
    shift
    run "$wanted" verify --now $now --anchors root.pem --from 12155551300 --to 12155559876 \
        --set "x5u_ports=443,$port" --offline "$@" identity
}
verify 0 --set cache_file=kept
verify 3
asked 1 /b.pem

# What was dropped is fetched anew, and what is no longer good is not taken.
tell rule /a.pem leaf,status=500
run 0 cache drop "$url/a.pem" --set cache_file=kept
warm 1 --json good
is good 2
is code '"x5u-unreachable"'
asked 2 /a.pem

# Progress is for a terminal; elsewhere, above, nothing is written.
if command -v script >/dev/null; then
    case_='cache warm, on a terminal'
    script -qec "'$stir' cache warm --now $now --anchors root.pem $server good" /dev/null \
        </dev/null >out 2>err
    says '] 1 of 3'
    says '##########] 3 of 3'
fi

exec {SERVER[1]}>&-
wait "$server_pid" || wrong 'the test server did not end well'
finish

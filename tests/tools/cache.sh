#!/bin/bash
# stir cache: what a file holds for all processes, added, listed, shown, warmed, dropped, and used
# by stir verify. No network: bodies are at hand, and nobody listens where something is fetched.
. "${top_srcdir:?run by make check}/tests/tools/common.sh"
issue_all
u=https://cert.example.org/list.pem
file='--set cache_file=kept'

cache() { # EXIT ARGUMENT...
    local wanted=$1
    shift
    run "$wanted" cache "$@" $file
}

cache 0 list
is_quiet
[ ! -s out ] || wrong 'an empty cache has rows'
cache 0 list --json
says '[]'
[ "$(stat -c %a kept kept-lock | sort -u)" = 600 ] || wrong 'the file is not for its owner alone'

cache 0 add $u leaf.pem
says 'path-no-anchor'
cache 0 list
says "$u"
says "$(sha256sum leaf.pem | cut -d' ' -f1)"
cache 0 list --json
members url sha256 fetched expires used octets code detail kind uses
is octets "\"$(stat -c %s leaf.pem)\""
is kind '"certificates"'
is code null
cache 0 show $u --anchors root.pem --now $now
says 'verdict    valid'
says 'CN=SHAKEN 709J leaf'
cache 0 show $u --json --anchors other.pem --now $now
is code '"path-no-anchor"'
members url result
cache 1 show $u.not
complains 'is not in the cache'

# What the path comes to, with anchors; and what is there gives way.
cache 0 add $u leaf.pem --anchors root.pem --now $now
cache 1 add $u leaf.pem --anchors other.pem --now $now
says 'path-no-anchor'
cache 0 add $u delegate.pem --anchors root.pem --spc csv:spc.csv --now $now
cache 0 list
says "$(sha256sum delegate.pem | cut -d' ' -f1)"
says_not "$(sha256sum leaf.pem | cut -d' ' -f1)"
echo '<html>' >rubbish
cache 1 add https://cert.example.org/rubbish rubbish
says 'x5u-body'
cache 1 add http://cert.example.org/list.pem leaf.pem
says 'x5u-refused'
cache 0 list
says_not rubbish
says_not http://

# A verifier of another process finds it there, and nowhere else.
sign leaf.key 12155551300 12155559876 >identity
verify() { # EXIT ARGUMENT...
    local wanted=$1
    shift
    run "$wanted" verify --now $now --anchors root.pem --from 12155551300 --to 12155559876 \
        --offline "$@" identity
}
cache 0 add "$x5u" leaf.pem
verify 0 $file
verify 3
says 'x5u-unreachable'

cache 1 drop $u.not
cache 0 drop "$x5u"
is_quiet
verify 3 $file

# A manifest: URLs whose bodies are at hand, one that nobody serves, one that is refused.
cat >manifest <<END
# Two lists, and a blank line.
  $x5u=leaf.pem

https://cert.example.org/delegate.pem=delegate.pem
END
warm() { # EXIT ARGUMENT...
    local wanted=$1
    shift
    cache "$wanted" warm --now $now --anchors root.pem --spc csv:spc.csv "$@"
}
warm 0 manifest
says '2 of 2 URLs are in the cache with a valid path'
is_quiet
# What is there without one is not counted: whether the numbers are the SPC's is not known.
cache 1 warm --now $now --anchors root.pem manifest
says 'encompass-unknown'
says '1 of 2 URLs are in the cache with a valid path'
verify 0 $file
cat >>manifest <<END
https://127.0.0.1:1/list.pem
https://127.0.0.1:8443/list.pem
END
warm 1 manifest --set fetch_allow=127.0.0.1 --set x5u_ports=443,1
says 'https://127.0.0.1:1/list.pem: x5u-unreachable: '
says 'https://127.0.0.1:8443/list.pem: x5u-refused: '
says '2 of 4 URLs are in the cache with a valid path'
warm 1 --json manifest
is urls 4
is good 2
members failed url verdict code detail
says_not 'leaf.pem"'
printf '%s\n' "$u=leaf.pem" "$u=not/there" >absent
warm 2 absent
complains not/there
: >empty
warm 2 empty
complains 'there is no URL in it'
cache 2 warm manifest
complains '--anchors'

cache 0 drop --all
cache 0 list --json
says '[]'
cache 2 drop
cache 2 drop $u --all

file=
cache 2 list
complains 'which cache? --set cache_file=FILE'
file='--set cache_file=kept'
chmod 640 kept
cache 2 list
complains 'mode 0600'
chmod 600 kept
head -c 9000 leaf.pem >kept
cache 2 list
complains 'damaged'
cache 2 add $u leaf.pem
finish

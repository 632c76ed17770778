#!/bin/bash
# stir anchors show: whom a configuration trusts, and where that is from (A74-5).
. "${top_srcdir:?run by make check}/tests/tools/common.sh"
issue_all

run 0 anchors show --anchors root.pem --anchors other.pem
says 'subject'
says 'CN=Root'
says 'CN=Other root'
says 'root.pem'
run 0 anchors show --json --anchors root.pem
members subject sha256 not_after source until sequence state detail
is source '"root.pem"'
is until null
run 2 anchors show
complains '--anchors'
run 2 anchors show --anchors leaf.pem
complains 'is no CA'
run 2 anchors show --trusted-list leaf.pem
complains 'trusted_list_signer'

# A list as ATIS-1000084 has it, by openssl: leaf.pem is who signs.
b64() { openssl base64 -A | tr '+/' '-_' | tr -d '='; }
unhex() { printf "$(sed 's/../\\x&/g')"; }
list() { # SEQUENCE FILE: signed by leaf.key
    local input r s
    input=$(printf '{"alg":"ES256","typ":"JWT"}' | b64).$(
        printf '{"version":"1","sequence":%s,"exp":4102444800,"trustList":["%s"]}' "$1" \
            "$(awk '{printf "%s\\n", $0}' other.pem)" | b64)
    read -r r s < <(printf %s "$input" | openssl dgst -sha256 -sign leaf.key |
        openssl asn1parse -inform DER | sed -n 's/.*INTEGER *:\([0-9A-F]*\)$/\1/p' | tr '\n' ' ')
    printf '%s.%s\n' "$input" "$(printf '%64s%64s' "$r" "$s" | tr ' ' 0 | unhex | b64)" >"$2"
}
list 3 list.jws
run 0 anchors show --trusted-list-signer leaf.pem --trusted-list list.jws
says 'CN=Other root'
says 'list.jws'
says '2100-01-01T00:00:00Z'
run 2 anchors show --trusted-list-signer delegate.pem --trusted-list list.jws
complains 'signed by none of'
sed 's/.$/A/; s/A$/B/' list.jws >bent.jws
run 2 anchors show --trusted-list-signer leaf.pem --trusted-list bent.jws
# A URL that policy refuses, so that nothing is fetched.
run 0 anchors show --anchors root.pem --trusted-list-signer leaf.pem --trusted-list https://x:22/l
says 'https://x:22/l'
says 'missing'
says 'wanted a port of policy x5u_ports'
run 0 anchors show --json --trusted-list-signer leaf.pem --trusted-list list.jws
is sequence '"3"'
is state '"trusted"'
list 2 older.jws
run 2 anchors show --trusted-list-signer leaf.pem --trusted-list list.jws --trusted-list older.jws
complains 'sequence 2, wanted: 3'
finish

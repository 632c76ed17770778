#!/bin/bash
# stir path: good and bad use of every option (R9060-5-1).
. "${top_srcdir:?run by make check}/tests/tools/common.sh"
issue_all
path() { # EXIT ARGUMENT...
    local wanted=$1
    shift
    run "$wanted" path --now "$now" --anchors root.pem "$@"
}

path 0 --spc csv:spc.csv --certs delegate.pem
says 'verdict    valid'
says '0 CN=ACME delegate'
says '(trust anchor)'
is_quiet
path 0 --json --spc csv:spc.csv --certs delegate.pem
members verdict verstat code sip_status sip_reason depth detail decided_by in_spc warnings path \
    identities
is decided_by null
is identities '[]'
is in_spc null
path 3 --certs delegate.pem
says 'encompass-unknown'
path 0 --spc csv:spc.csv --certs delegate.pem --tn 12155551399
path 1 --spc csv:spc.csv --certs delegate.pem --tn 12155551400
says 'orig-out-of-scope'
path 0 --spc csv:spc.csv --certs delegate.pem --tn '+1 215 555 1300' --ppt shaken
path 0 --certs leaf.pem
path 0 --certs leaf.pem --tn 12155551300 --ppt shaken --json
is in_spc '"unknown"'
path 0 --certs leaf.pem --tn 12155551300 --ppt shaken --spc csv:spc.csv --json
is in_spc '"yes"'
# A-31: a base PASSporT is not attested by the provider alone.
path 3 --certs leaf.pem --tn 12155551300
says 'scope-unknown'
path 1 --certs leaf.pem --tn 13105551300 --spc csv:spc.csv
says 'orig-out-of-scope'
path 0 --certs leaf.pem --key leaf.key
path 1 --certs leaf.pem --key delegate.key
says 'signer-key'
path 1 --certs sca.pem
says 'signer-is-ca'
path 1 --certs leaf.key
says 'x5u-body'
path 1 --certs spc.csv
says 'x5u-body'
run 1 path --anchors other.pem --now "$now" --certs leaf.pem
says 'path-no-anchor'
run 1 path --anchors root.pem --now 2027-07-01T00:00:00Z --certs leaf.pem
says 'cert-expired'
run 1 path --anchors root.pem --now 2026-05-31T23:59:59Z --certs leaf.pem
says 'cert-not-yet-valid'
says '<- at fault'

# R9060-8.2-1: which of several may sign for a number? One is enough; best of none is unknown.
path 0 --spc csv:spc.csv --certs leaf.pem --certs delegate.pem --tn 12155551399 --json
says '"file": "leaf.pem"'
says '"file": "delegate.pem"'
path 0 --spc csv:spc.csv --certs sca.pem --certs delegate.pem --tn 12155551399
says 'credential delegate.pem'
says 'signer-is-ca'
says 'verdict    valid'
path 1 --spc csv:spc.csv --certs sca.pem --certs delegate.pem --tn 12155551400
says 'orig-out-of-scope'
path 3 --certs sca.pem --certs delegate.pem --tn 12155551399
path 0 --spc csv:spc.csv --certs leaf.pem --key leaf.key --certs delegate.pem --key delegate.key
says_not 'signer-key'
path 1 --spc csv:spc.csv --certs leaf.pem --key delegate.key --certs delegate.pem --key leaf.key
path 0 --spc csv:spc.csv --certs leaf.pem --certs delegate.pem --key leaf.key
says 'signer-key'
path 2 --certs leaf.pem --certs delegate.pem --certs sca.pem --key a --key b
complains '--key: wanted one for each --certs'

run 2 path --now "$now" --certs leaf.pem
complains '--anchors PEM is missing'
path 2
complains '--certs FILE is missing'
path 2 --certs absent
complains '--certs: absent: No such file'
path 2 --certs leaf.pem --key absent
complains '--key: absent: No such file'
path 2 --certs leaf.pem --key leaf.pem
complains '--key: '
path 2 --certs leaf.pem --tn bob
complains '--tn: '
path 2 --certs leaf.pem extra
complains '"extra" is one operand too many'
path 2 --certs leaf.pem --profile atis99
complains 'atis99'
path 2 --certs leaf.pem --spc pgsql:x
complains 'pgsql:x'
path 2 --certs leaf.pem --tnauthlist x
complains '--tnauthlist x: it is written URL=FILE'
path 2 --certs leaf.pem --tnauthlist https://lists.example.org/1=absent
complains 'absent: No such file or directory'

# A certificate whose list is by reference, by openssl (R8226-10.1-1).
url=https://lists.example.org/1
cat >reference.cnf <<END
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
authorityInfoAccess = 1.3.6.1.5.5.7.48.14;URI:$url
END
openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout reference.key \
    -subj /CN=reference -out reference.csr 2>/dev/null &&
    openssl x509 -req -in reference.csr -CA ca.pem -CAkey ca.key -set_serial 4711 -sha256 \
        -days 365 -extfile reference.cnf -out reference.crt 2>/dev/null || wrong 'openssl'
cat reference.crt ca.pem >reference.pem
valid_from=$(openssl x509 -in reference.crt -noout -startdate | cut -d= -f2)
"$stir" tnauthlist encode --range 12155551300+100 >list.der || wrong 'encode'
refers() { # EXIT ARGUMENT...
    local wanted=$1
    shift
    run "$wanted" path --anchors root.pem --now "$(date -u -d "$valid_from + 1 minute" +%s)" \
        --certs reference.pem "$@"
}
refers 3 --tn 12155551312
says 'tnauthlist-unreachable'
refers 0 --tn 12155551312 --tnauthlist "$url=list.der"
refers 1 --tn 12155551412 --tnauthlist "$url=list.der"
says 'orig-out-of-scope'
refers 1 --tn 12155551312 --tnauthlist "$url=reference.pem"
says 'tnauthlist-syntax'
refers 0 --json --tn 12155551312 --tnauthlist "$url=list.der"
is tnauthlist_url "\"$url\""
is first '"12155551300"'
finish

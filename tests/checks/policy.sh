#!/bin/bash
# Every policy key is set by a test: that it is obeyed.
. "$(dirname "$0")/common.sh"

keys() {
    sed -n 's/^ *{"\([a-z0-9_]*\)", "[^"]*", .*/\1/p' lib/service/policy.c
}

[ "$(keys | wc -l)" -gt 15 ] || complain 'found hardly any key in lib/service/policy.c'
while read -r key; do
    grep -rqE --include='*.[ch]' --include='*.sh' "[\"= ]$key[\"=]" tests ||
        complain "no test sets $key"
done < <(keys)
finish

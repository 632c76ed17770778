#!/bin/bash
# Every code is the outcome that a test expects, or codes.except says why not; and that file is not
# out of date. What decision's suite names does not count: it is given codes, it produces none.
. "$(dirname "$0")/common.sh"

except=tests/checks/codes.except
excepted $except
while read -r code; do
    name=$(printf %s "$code" | tr 'A-Z_' 'a-z-')
    if grep -rqE --include='*.[ch]' --exclude=decision.c "STIR_CODE_$code\b|\"$name\"" tests; then
        grep -qx "$name" "$work/excepted" && complain "$except lists $name, which a test names"
    elif ! grep -qx "$name" "$work/excepted"; then
        complain "no test names $name"
    fi
done < <(codes)
while read -r name; do
    codes | tr 'A-Z_' 'a-z-' | grep -qx -- "$name" || complain "$except lists $name, no code"
done <"$work/excepted"
finish

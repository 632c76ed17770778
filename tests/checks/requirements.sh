#!/bin/bash
# Every requirement that this version is to honour (requirements.md sections 1 to 5, 6.1, 9
# to 11) is named by a test, or requirements.except says why not.
. "$(dirname "$0")/common.sh"

except=tests/checks/requirements.except
digest=${STIR_CORPORA:-../shared/corpora}/../spec/requirements.md
[ -f "$digest" ] || absent "there is no $digest"

# The rows of the tables, and the lines that name a row of IDs in running text.
awk '/^## /{in_scope = $2 ~ /^(1|2|3|4|5|9|10|11)\.$/} /^### /{in_scope = in_scope || $2 == "6.1"
     if ($2 ~ /^6\./) in_scope = $2 == "6.1"} in_scope' "$digest" >"$work/text"
{
    sed -n 's/^| \([A-Z][A-Z0-9]*-[^ |]*\) .*/\1/p' "$work/text"
    sed -n -e 's/.*(IDs \(R[0-9]*-[0-9.]*\)-\([0-9]*\)\.\.\([0-9]*\);.*/\1 \2 \3/p' \
        -e 's/.*(\(A[0-9]*\)-\([0-9]*\)\.\.\([0-9]*\);.*/\1 \2 \3/p' "$work/text" |
        while read -r stem from to; do seq -f "$stem-%g" "$from" "$to"; done
} | sort -u >"$work/wanted"
[ "$(wc -l <"$work/wanted")" -gt 100 ] || complain "found hardly any requirement in $digest"

excepted $except
grep -rhoE --include='*.[ch]' --include='*.sh' --exclude-dir=checks '\b(R[0-9]{4}|A(74|80|92)|LIM)-[0-9][0-9A-Za-z.]*(-[0-9]+[a-z]?)?' tests |
    sed 's/\.$//' | sort -u >"$work/named"
sort -u "$work/named" "$work/excepted" >"$work/settled"
while read -r id; do complain "no test names $id"; done < <(comm -23 "$work/wanted" "$work/settled")
while read -r id; do complain "$except lists $id, which a test names"; done \
    < <(comm -12 "$work/excepted" "$work/named")
while read -r id; do complain "$except lists $id, which is not wanted"; done \
    < <(comm -23 "$work/excepted" "$work/wanted")
finish

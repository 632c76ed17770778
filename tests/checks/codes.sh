#!/bin/bash
# Every code of the header has its row in the table, under its own name, and the tables say what
# the design's table says.
. "$(dirname "$0")/common.sh"

kebab() {
    tr 'A-Z_' 'a-z-'
}

codes >"$work/enum"
[ "$(wc -l <"$work/enum")" -gt 50 ] || complain 'found no codes in include/stir.h'
sed -n 's/^ *{STIR_CODE_\([A-Z0-9_]*\), "\([a-z0-9-]*\)",.*/\1 \2/p' lib/base/code.c |
    sort >"$work/rows"
cut -d' ' -f1 "$work/rows" >"$work/rowed"
same "$work/enum" "$work/rowed" 'no row in lib/base/code.c' 'row without a code in stir.h'
while read -r code name; do
    [ "$(printf %s "$code" | kebab)" = "$name" ] || complain "STIR_CODE_$code is called $name"
done <"$work/rows"
finish

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

design=${STIR_CORPORA:-../shared/corpora}/../design.md
[ "$bad" = 0 ] && [ ! -f "$design" ] && absent "there is no $design"
# | names, separated by commas, with notes in parentheses | verdict | verstat | status (notes) |
sed -n '/^| code | verdict | verstat | SIP |/,/^$/p' "$design" |
    awk -F'|' 'NR > 2 && NF > 4 {
        gsub(/\([^)]*\)/, ""); gsub(/ /, "")
        verstat = $4 == "Passed" || $4 == "Failed" ? "TN-Validation-" $4 : "No-TN-Validation"
        n = split($2, names, ",")
        for (i = 1; i <= n; i++) print names[i] "|" $3 "|" verstat "|" ($5 == "" ? 0 : $5)
    }' | sort >"$work/designed"
"$top_builddir/doc/codes" codes | cut -d'|' -f1-4 | sort >"$work/table"
[ "$(wc -l <"$work/table")" = "$(wc -l <"$work/enum")" ] || complain 'doc/codes prints other codes'
while read -r line; do complain "not as in $design: $line"; done \
    < <(comm -23 "$work/table" "$work/designed")
finish

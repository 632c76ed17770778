#!/bin/bash
# The measures of the house: no function of lib and tools over 80 lines, the median at most 12, the
# 90th percentile at most 40; no file over 600 lines.
. "$(dirname "$0")/common.sh"

while read -r file; do
    lines=$(wc -l <"$file")
    [ "$lines" -le 600 ] || complain "$file has $lines lines: two responsibilities?"
    awk -v file="$file" '
        /^\{$/ { start = NR }
        /^\}$/ && start { print NR - start - 1, file ":" start; start = 0 }' "$file"
done < <(sources lib tools) >"$work/functions"
[ "$(wc -l <"$work/functions")" -gt 50 ] || complain 'found hardly any function'
sort -n "$work/functions" -o "$work/functions"

percentile() {
    awk -v p="$1" '{n[NR] = $1} END {print n[int((NR - 1) * p / 100) + 1]}' "$work/functions"
}
while read -r lines where; do
    [ "$lines" -le 80 ] || complain "$where: a function of $lines lines"
done <"$work/functions"
[ "$(percentile 50)" -le 12 ] || complain "the median function has $(percentile 50) lines"
[ "$(percentile 90)" -le 40 ] || complain "the 90th percentile has $(percentile 90) lines"
finish

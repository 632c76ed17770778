#!/bin/bash
# libstir.so exports what the linker map lists and the header declares, no more and no less.
. "$(dirname "$0")/common.sh"

library=$top_builddir/.libs/libstir.so
[ -f "$library" ] || absent "there is no $library"
${NM:-nm} -D --defined-only "$library" | awk '$2 != "A" {sub(/@.*/, "", $3); print $3}' |
    sort -u >"$work/exported"
mapped >"$work/mapped"
declared >"$work/declared"
[ -s "$work/declared" ] || complain 'found no function in include/stir.h'
same "$work/mapped" "$work/exported" 'in the map, not exported' 'exported, not in the map'
comm -13 "$work/declared" "$work/mapped" >"$work/undeclared"
while read -r name; do complain "in the map, not declared: $name"; done <"$work/undeclared"
[ "$bad" = 0 ] || finish
while read -r name; do complain "declared, not in the map: $name"; done \
    < <(comm -23 "$work/declared" "$work/mapped")
finish_informative

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
same "$work/declared" "$work/mapped" 'declared, not in the map' 'in the map, not declared'
finish

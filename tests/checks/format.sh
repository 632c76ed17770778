#!/bin/bash
# Every C file is as .clang-format says, by the release of clang-format it was written for.
. "$(dirname "$0")/common.sh"

wanted=14
formatter=clang-format-$wanted
command -v $formatter >/dev/null 2>&1 || formatter=clang-format
need_program $formatter
found=$($formatter --version | sed -n 's/.*version \([0-9]*\).*/\1/p')
[ "$found" = $wanted ] || absent "clang-format is release $found, not $wanted"
while read -r file; do
    $formatter --dry-run --Werror "$file" >"$work/found" 2>&1 ||
        complain "$file: $(sed -n '1s/^[^:]*:\([0-9]*\):.*/line \1/p' "$work/found")"
done < <(sources bench doc examples fuzz include lib tests tools)
finish

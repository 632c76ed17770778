#!/bin/bash
# The README tells the truth: its C program has 20 lines (but for braces), compiles and runs, and each command in
# its console blocks prints what stands below it.
. "$(dirname "$0")/common.sh"

blocks() { # LANGUAGE: the lines of its blocks
    sed -n "/^\`\`\`$1\$/,/^\`\`\`\$/p" README.md | grep -v '^```'
}

while read -r script; do
    [ -x "$script" ] || complain "$script is no command"
done < <(blocks sh)

# A folder with the shipped data, and programs by their names.
build=$(cd "$top_builddir" && pwd)
export LD_LIBRARY_PATH=$build/.libs
cp -r examples/delegation "$work/folder"
mkdir "$work/bin"
printf '#!/bin/sh\nexec %s/tools/stir "$@"\n' "$build" >"$work/bin/stir"
chmod +x "$work/bin/stir"
PATH=$work/bin:$PATH

blocks c >"$work/readme.c"
lines=$(grep -vc '^[ {}]*$' "$work/readme.c")
[ "$lines" -gt 5 ] && [ "$lines" -le 20 ] || complain "the C program has $lines lines"
# shellcheck disable=SC2086 # words are wanted
${CC:-cc} -std=c11 -Wall -Wextra -Wpedantic -Werror ${SANITIZE_CFLAGS-} -Iinclude \
    -o "$work/bin/judge" "$work/readme.c" -L"$build/.libs" -lstir ||
    complain 'the C program does not compile'

# "$ COMMAND", where a line that ends in a backslash or a bar goes on, and then what it prints.
compare() { # COMMAND WANTED
    [ -n "$1" ] || return
    (cd "$work/folder" && bash -c "$1") >"$work/found" 2>&1
    printf '%s' "$2" | diff - "$work/found" >"$work/difference" ||
        complain "\$ $1"$'\n'"$(cat "$work/difference")"
    count=$((count + 1))
}
blocks console >"$work/console"
command='' wanted='' count=0
while IFS= read -r line; do
    if [ "${line:0:2}" = '$ ' ]; then
        compare "$command" "$wanted"
        command=${line#??} wanted=
    elif [ "${command: -1}" = '\' ]; then
        command=${command%?}$line
    elif [ "${command: -1}" = '|' ]; then
        command+=$line
    else
        wanted+=$line$'\n'
    fi
done <"$work/console"
compare "$command" "$wanted"
[ "$count" -gt 3 ] || complain "the README has $count commands"
finish

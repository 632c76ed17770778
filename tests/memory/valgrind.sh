#!/bin/bash
# valgrind.sh PROGRAM...: runs each under valgrind, which finds nothing: no invalid access, nothing
# used before it was set, nothing left behind.
set -u
if ! command -v valgrind >/dev/null; then
    echo 'valgrind is not installed' >&2
    exit 1
fi
status=0
for program; do
    if valgrind -q --error-exitcode=9 --leak-check=full \
        --errors-for-leak-kinds=definite,indirect,possible \
        --show-leak-kinds=definite,indirect,possible --num-callers=20 "$program"; then
        echo "PASS: $program"
    else
        echo "FAIL: $program"
        status=1
    fi
done
exit $status

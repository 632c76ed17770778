#!/bin/bash
# Replays the seeds of every fuzz harness and what the fuzzers found; with libFuzzer as without it.
set -u
: "${top_srcdir:?run by make check}" "${top_builddir:?}"
status=0
for harness in "$top_srcdir"/fuzz/*_fuzzer.c; do
    name=$(basename "$harness" .c)
    inputs=()
    for input in "$top_srcdir/fuzz/$name.in"/* "$top_srcdir/fuzz/$name.found"/*; do
        [ -f "$input" ] && inputs+=("$input")
    done
    [ "${#inputs[@]}" -gt 0 ] || { echo "$name: there are no seeds" >&2; status=1; }
    "$top_builddir/fuzz/$name" "${inputs[@]}" >"fuzz-replay.out" 2>&1 || {
        tail -n 40 fuzz-replay.out >&2
        status=1
    }
    echo "$name: ${#inputs[@]} inputs"
done
rm -f fuzz-replay.out
exit "$status"

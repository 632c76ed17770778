# What the checks share. Each is run by `make check` with top_srcdir, top_builddir, CC and NM set,
# and ends in 0 (holds), 77 (could not be looked at here) or 1.
set -u
cd "${top_srcdir:?run by make check}" || exit 1
check=$(basename "$0" .sh)
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
bad=0

# One finding.
complain() {
    printf '%s: %s\n' "$check" "$*" >&2
    bad=1
}

# What is needed is absent: a skip that says why, but a failure in CI.
absent() {
    printf '%s: not checked: %s\n' "$check" "$*" >&2
    if [ -n "${CI-}" ]; then exit 1; else exit 77; fi
}

need_program() {
    command -v "$1" >/dev/null 2>&1 || absent "there is no $1"
}

# same LEFT RIGHT "what is only left" "what is only right": two sorted lists must be equal.
same() {
    local line
    while read -r line; do complain "$3: $line"; done < <(comm -23 "$1" "$2")
    while read -r line; do complain "$4: $line"; done < <(comm -13 "$1" "$2")
}

finish() {
    exit "$bad"
}

sources() {
    find "$@" -name '*.[ch]' | sort
}

# The public functions, one a line: of the header, of the linker map.
declared() {
    ${CC:-cc} -E -P include/stir.h | grep -o 'stir_[a-z0-9_]*(' | tr -d '(' | sort -u
}

mapped() {
    sed -n 's/^ *\(stir_[a-z0-9_]*\);$/\1/p' lib/libstir.map | sort -u
}

# The codes of the header, without STIR_CODE_.
codes() {
    sed -n 's/^ *STIR_CODE_\([A-Z0-9_]*\)\( = [0-9]*\)\{0,1\},\{0,1\}.*/\1/p' include/stir.h | sort -u
}

# excepted FILE: the first words of its lines, sorted into $work/excepted; what follows is the
# reason, and there must be one.
excepted() {
    local what reason
    while read -r what reason; do
        case $what in '' | '#'*) continue ;; esac
        [ -n "$reason" ] || complain "$1: $what has no reason"
        printf '%s\n' "$what"
    done <"$1" >"$work/unsorted"
    sort -u "$work/unsorted" >"$work/excepted"
}

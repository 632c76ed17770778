# What the command line's tests share. Each is run by `make check` with top_srcdir and
# top_builddir set, in a folder of its own, and ends in 0 or 1.
set -u
stir=${top_builddir:?run by make check}/tools/stir
case $stir in /*) ;; *) stir=$PWD/$stir ;; esac
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
unset NO_COLOR
# Everything happens at one time: a quarter past nine on 1 July 2026.
now=2026-07-01T09:15:00Z
case_=''
bad=0

# One finding.
wrong() {
    printf 'stir %s\n  %s\n' "$case_" "$*" >&2
    sed 's/^/    out: /' out | head -20 >&2
    sed 's/^/    err: /' err | head -5 >&2
    bad=1
}

# run EXIT ARGUMENT...: what it prints is then in the files out and err. Wrong use says so on
# stderr alone, in one line that begins with who says it.
run() {
    local wanted=$1 found
    shift
    case_="$*"
    "$stir" "$@" >out 2>err </dev/null
    found=$?
    [ "$found" = "$wanted" ] || wrong "exit $found, wanted $wanted"
    if [ "$wanted" = 2 ]; then
        [ ! -s out ] || wrong 'wrong use writes on standard output'
        [ "$(wc -l <err)" = 1 ] || wrong 'wrong use is to be told in one line'
        grep -q '^stir[a-z ]*: ' err || wrong 'it does not say who complains'
    fi
}

says() { grep -qF -- "$1" out || wrong "standard output lacks: $1"; }
says_not() { ! grep -qF -- "$1" out || wrong "standard output has: $1"; }
complains() { grep -qF -- "$1" err || wrong "stderr lacks: $1"; }
is_quiet() { [ ! -s err ] || wrong 'it writes on stderr'; }

# is NAME JSON: a member of the printed JSON at any depth; has it that value?
is() { says "\"$1\": $2"; }
# The members of the outermost object or, of an array, of its objects.
members() {
    local name
    for name in "$@"; do says "\"$name\": "; done
}

# issue NAME ARGUMENT...: NAME.pem with the chain behind it, and NAME.key.
issue() {
    local name=$1
    shift
    "$stir" issue --now 2026-06-01T00:00:00Z --days 365 --out "$name.pem" --key-out "$name.key" \
        "$@" >/dev/null || exit 1
}

# A root, an STI-CA, a provider's CA, an enterprise's delegate with a range, and a plain leaf.
issue_all() {
    issue root --root --subject 'CN=Root'
    issue other --root --subject 'CN=Other root'
    issue ca --issuer root.pem --issuer-key root.key --ca --subject 'CN=STI-CA'
    issue sca --issuer ca.pem --issuer-key ca.key --ca --spc 709J --subject 'CN=SHAKEN 709J'
    issue leaf --issuer ca.pem --issuer-key ca.key --spc 709J --subject 'CN=SHAKEN 709J leaf'
    cat >spc.csv <<END
spc,first,last
709J,12155551000,12155551999
END
    issue delegate --issuer sca.pem --issuer-key sca.key --spc-db csv:spc.csv \
        --range 12155551300+100 --subject 'CN=ACME delegate'
    x5u=https://cert.example.org/list.pem
    origid=6f7bb3d6-0d2c-4fc5-b1a8-8b1f2b0a2c11
}

# sign KEY FROM TO [ARGUMENT...]: a shaken Identity value.
sign() {
    local key=$1 from=$2 to=$3
    shift 3
    "$stir" sign --now "$now" --key "$key" --x5u "$x5u" --ppt shaken --attest A \
        --origid "$origid" --orig "$from" --dest "$to" "$@" || exit 1
}

finish() {
    exit "$bad"
}

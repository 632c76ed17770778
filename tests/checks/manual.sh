#!/bin/bash
# The manual is well formed and says what there is: every public function in stir(3), every code,
# warning and policy key with its default in stir(7), every command and option in its page.
. "$(dirname "$0")/common.sh"

stir7=$top_builddir/doc/stir.7
items() { # MACRO FILE: what stands behind .It MACRO, one a line
    sed -n "s/^\.It $1 \([^ ]*\).*/\1/p" "$2" | sort -u
}

# stir(3)
items Fn doc/stir.3 >"$work/documented"
declared >"$work/declared"
same "$work/declared" "$work/documented" 'not in stir(3)' 'in stir(3), not in stir.h'

# stir(7)
while read -r name; do
    grep -qx -- ".It Cm $name" "$stir7" || complain "not in stir(7): $name"
done < <(codes | tr 'A-Z_' 'a-z-'; sed -n 's/^.*{"\([a-z0-9-]*\)",$/\1/p' lib/base/code.c)
sed -n 's/^ *{"\([a-z0-9_]*\)", "\([^"]*\)", .*/\1=\2/p' lib/service/policy.c |
    sort >"$work/keys"
[ "$(wc -l <"$work/keys")" -gt 15 ] || complain 'found hardly any key in lib/service/policy.c'
sed -n -e 's/^\.It Cm \([a-z0-9_]*\) Ns = Ns Cm \(.*\)/\1=\2/p' \
    -e 's/^\.It Cm \([a-z0-9_]*\) Ns = Ns Ar nothing$/\1=/p' doc/stir.7.in | grep -v '^spc=' |
    sort >"$work/documented"
same "$work/keys" "$work/documented" 'not in stir(7)' 'in stir(7), no key or another default'

# stir(1): the options of --help and of the page, command by command.
options_of_help() {
    "$top_builddir/tools/stir" $1 --help | sed -n 's/^  --\([a-z0-9-]*\).*/\1/p' | sort -u
}
options_of_page() {
    grep '^\.It Fl' "$1" | grep -o 'Fl -[a-z0-9-]*' | cut -c5- | sort -u
}
while read -r command; do
    page=doc/stir-$(printf %s "$command" | tr ' ' '-').1
    [ -f "$page" ] || page=doc/stir-${command%% *}.1
    if [ ! -f "$page" ]; then
        complain "stir $command has no page"
        continue
    fi
    grep -q "$(basename "$page" .1 | sed 's/-/ /')" "$page" || complain "$page is another's"
    options_of_page "$page" >"$work/page"
    options_of_help "$command" >"$work/help"
    while read -r option; do complain "$page lacks --$option"; done \
        < <(comm -13 "$work/page" "$work/help")
    cat "$work/help" >>"$work/all-${page##*/}"
done < <("$top_builddir/tools/stir" --help | sed -n '/^Commands/,/^$/s/^  \([a-z]*\( [a-z]*\)\{0,1\}\)  .*/\1/p')
for page in doc/stir-*.1; do
    if [ ! -f "$work/all-${page##*/}" ]; then
        complain "$page is of no command"
        continue
    fi
    while read -r option; do complain "$page has --$option, which no such command takes"; done \
        < <(comm -23 <(options_of_page "$page") <(sort -u "$work/all-${page##*/}"))
done

need_program mandoc
for page in doc/*.[137] "$stir7"; do
    mandoc -Tlint -Wwarning "$page" >"$work/lint" || complain "$(head -3 "$work/lint")"
done
finish

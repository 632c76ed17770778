#!/bin/bash
# doc/security.md tells the truth: every test, file and function that its tables name exists.
. "$(dirname "$0")/common.sh"

doc=doc/security.md
code() { # the words between backquotes in its tables, one a line
    grep '^|' $doc | grep -o '`[^`]*`' | tr -d '`' | sort -u
}

count=0
while read -r name; do
    count=$((count + 1))
    suite=${name%%:*} test=${name#*:}
    grep -rqE --include='*.c' "^Test\($suite, $test[,)]" tests || complain "no test is called $name"
done < <(code | grep -E '^[a-z0-9_]+:[a-zA-Z0-9_]+$')
[ "$count" -gt 50 ] || complain "$doc names $count tests"

while read -r file; do
    [ -f "$file" ] || complain "there is no $file"
done < <(code | grep /)
while read -r name; do
    grep -rqE --include='*.c' "^[a-z].*\b${name%()}\(" lib tools || complain "no function $name"
done < <(code | grep -E '^[a-z0-9_]+\(\)$')
while read -r name; do
    grep -qE "\b$name\b" lib/base/limits.h || complain "no limit $name"
done < <(code | grep -E '^LIMIT_')
while read -r name; do
    grep -q "{\"$name\", \"" lib/service/policy.c || complain "no policy key $name"
done < <(code | grep -E '^[a-z0-9_]+=' | cut -d= -f1)
# What is none of these may be misspelt.
while read -r name; do
    complain "what is $name?"
done < <(code | grep -vE '^[a-z0-9_]+:[a-zA-Z0-9_]+$|/|^[a-z0-9_]+\(\)$|^LIMIT_[A-Z_]+$|^[a-z0-9_]+=|^STIR_[A-Z_]+$|^[a-z]+(-[a-z]+)+$')

# A threat that nothing stops has no tests, and stands among the gaps.
awk -F'|' '/^\| threat \|/ {in_table = 1; next} !/^\|/ {in_table = 0}
    in_table && $2 !~ /^-*$/ && $5 !~ /`/ && $0 !~ /gap [0-9]/ {print $2}' $doc |
    while read -r threat; do echo "$threat"; done >"$work/bare"
while read -r threat; do complain "no test and no gap: $threat"; done <"$work/bare"
finish

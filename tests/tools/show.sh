#!/bin/bash
# stir show: what a file is, its content tells.
. "${top_srcdir:?run by make check}/tests/tools/common.sh"
issue_all
sign delegate.key 12155551312 12155559999 >identity
"$stir" tnauthlist encode --spc 709J >list.der || wrong 'encode'
cut -d';' -f1 identity >token
cp root.pem 'a file.pem'

for file in root.pem delegate.pem identity token list.der; do
    run 0 show "$file"
    is_quiet
    run 0 show --json "$file"
    is_quiet
    members file kind
    is file "\"$file\""
    [ "$(head -c1 out)" = '[' ] || wrong 'show --json prints an array'
done
run 0 show delegate.pem
says 'ACME delegate'
says '12155551300'
run 0 show root.pem identity
says 'root.pem:'
says 'identity:'
run 0 show --json 'a file.pem' identity
is file '"a file.pem"'
is file '"identity"'
case_='show -'
"$stir" show - <root.pem >out 2>err || wrong 'standard input is not read'
says 'Root'

head -c 100 /dev/zero >zeros
run 1 show zeros
complains 'zeros: '
run 1 show zeros root.pem
says 'Root'
run 1 show --json zeros root.pem
is kind '"unknown"'
: >empty
run 1 show empty
run 2 show
complains 'FILE... is missing'
run 2 show root.pem absent
complains 'absent: No such file or directory'
run 2 show --svg root.pem
complains '--svg is not in this version'
finish

#!/bin/bash
# stir lint: one line a finding, and an exit status.
. "${top_srcdir:?run by make check}/tests/tools/common.sh"
issue_all

run 0 lint delegate.pem
is_quiet
run 0 lint root.pem delegate.pem
run 1 lint --profile atis80 delegate.pem
says 'delegate.pem: warning: certificate 0 "ACME delegate": policies: wanted exactly one policy, found 0 ('
says ': error: '
run 1 lint --json --profile atis80 delegate.pem
members file severity rule where wanted found clause
is file '"delegate.pem"'
run 0 lint --json root.pem
[ "$(tr -d ' \n' <out)" = '[]' ] || wrong 'no finding is an empty array'
run 1 lint --set profile=atis80 delegate.pem
says ': error: '

"$stir" tnauthlist encode --spc 709j >list.der || wrong 'encode'
run 0 lint list.der
says 'list.der: notice: TNAuthList: spc-form: wanted SPCs of A-Z and 0-9'
run 1 lint --profile atis80 list.der
says 'list.der: error: TNAuthList: spc-form'

head -c 100 /dev/zero >zeros
run 1 lint zeros
complains 'zeros: '
run 1 lint zeros list.der
says 'list.der: notice'
run 2 lint
complains 'FILE... is missing'
run 2 lint absent
complains 'absent: No such file or directory'
run 2 lint --profile atis root.pem
complains 'wanted rfc|atis80|atis92'
finish

#!/bin/bash
# stir tnauthlist: encode and decode (R8226-9-5, A-6, A-8).
. "${top_srcdir:?run by make check}/tests/tools/common.sh"

hex() { od -An -tx1 -v "$1" | tr -d ' \n'; }

run 0 tnauthlist encode --spc 709J --range 12155551300+100 --tn '*67' --tn 12155551400
is_quiet
cp out list.der
run 0 tnauthlist decode list.der
says 'SPC 709J'
says '12155551300-12155551400 (101 numbers)'
says '*67'
is_quiet
run 0 tnauthlist decode --json list.der
is spc '"709J"'
is first '"12155551300"'
is last '"12155551400"'
is tn '"*67"'
[ "$(head -c1 out)" = '[' ] || wrong 'decode --json prints an array'
case_='tnauthlist decode -'
"$stir" tnauthlist decode - <list.der >out 2>err || wrong 'standard input is not read'
says 'SPC 709J'

# The worked example of design: SPC 709J is 30 08 a0 06 16 04 37 30 39 4a.
run 0 tnauthlist encode --spc 709J
[ "$(hex out)" = 3008a00616043730394a ] || wrong "$(hex out)"
run 0 tnauthlist encode --json --spc 709J
is der '"3008a00616043730394a"'
# An SPC's backslash is shown as every backslash is.
run 0 tnauthlist encode --spc 'a\b'
cp out list.der
run 0 tnauthlist decode list.der
says 'SPC a\x5Cb'

run 2 tnauthlist encode
complains 'stir tnauthlist encode: '
run 2 tnauthlist encode --range 9990+20
complains '--range 9990+20: '
run 0 tnauthlist encode --range 9990+9
run 2 tnauthlist encode --range 9990+10
run 2 tnauthlist encode --range 9990+1
run 2 tnauthlist encode --range 9990
complains '--range 9990: it is written FIRST+COUNT'
run 2 tnauthlist encode --range 9990+1x
run 2 tnauthlist encode --range 9990+99999999999999999999999
run 2 tnauthlist encode --range '*99+2'
run 2 tnauthlist encode --tn 1234567890123456
complains '--tn 1234567890123456: '
run 2 tnauthlist encode --tn 12a
# a + is no part of a number in a list, for encode as for issue.
run 2 tnauthlist encode --tn +12155551400
complains '--tn +12155551400: '
run 2 tnauthlist encode --range +12155551300+100
complains '--range +12155551300+100: '
run 2 tnauthlist encode --tn ''
run 2 tnauthlist encode --spc ''
complains '--spc : '
run 2 tnauthlist encode --spc 709J extra
complains '"extra" is one operand too many'

run 2 tnauthlist decode
complains 'FILE is missing'
run 2 tnauthlist decode absent
complains 'stir tnauthlist decode: absent: No such file or directory'
run 2 tnauthlist decode .
complains 'Is a directory'
printf '\060\000' >empty.der
run 1 tnauthlist decode empty.der
complains 'empty.der: '
printf 'rubbish' >rubbish
run 1 tnauthlist decode rubbish
: >nothing
run 1 tnauthlist decode nothing
finish

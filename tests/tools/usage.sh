#!/bin/bash
# stir itself, and what all commands take alike.
. "${top_srcdir:?run by make check}/tests/tools/common.sh"

run 0 --version
says "stir $(sed -n 's/^#define STIR_VERSION "\(.*\)"/\1/p' "$top_srcdir/include/stir.h")"
is_quiet
run 0 --help
for command in verify path show 'tnauthlist encode' 'tnauthlist decode' issue sign; do
    says "  $command "
done
is_quiet
run 2
complains 'stir: a command is missing'
run 2 frobnicate
complains 'unknown command "frobnicate"'
run 2 --frobnicate
complains '"--frobnicate"'
run 2 tnauthlist
complains 'tnauthlist needs one of its commands'
run 2 tnauthlist frobnicate
run 0 tnauthlist --help
says 'tnauthlist encode'

# Every command has its help, which is told before anything else is wrong.
for command in verify path show 'tnauthlist encode' 'tnauthlist decode' issue sign; do
    # shellcheck disable=SC2086
    run 0 $command --frobnicate --help
    says "Usage: stir $command [OPTION]..."
    says '  --json '
    says '  --set KEY=VALUE '
    is_quiet
    # shellcheck disable=SC2086
    run 2 $command --frobnicate
    complains "stir $command: unknown option --frobnicate"
    # shellcheck disable=SC2086
    run 2 $command -x
    complains 'unknown option -x'
    # shellcheck disable=SC2086
    run 2 $command --json=yes
    complains '--json takes no value'
    # shellcheck disable=SC2086
    run 2 $command --json --json
    complains '--json is given twice'
    # shellcheck disable=SC2086
    run 2 $command --set freshness
    complains '--set'
    # shellcheck disable=SC2086
    run 2 $command --set
    complains '--set needs a value: --set KEY=VALUE'
done

# Standard output that cannot be written to is no success.
if [ -w /dev/full ]; then
    "$stir" --version >/dev/full 2>err
    [ $? = 2 ] || wrong 'a full disk goes unnoticed'
    grep -q 'No space left' err || wrong 'a full disk is not named'
fi
finish

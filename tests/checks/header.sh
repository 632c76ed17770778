#!/bin/bash
# stir.h stands alone, in pedantic C11 and in C++98, 17 and 20.
. "$(dirname "$0")/common.sh"

cat >"$work/use.c" <<'END'
#include <stir.h>
int main(void)
{
    struct stir_error error;
    struct stir_config *config = stir_config_new();

    (void)error;
    stir_config_free(config);
    return config == NULL;
}
END
cp "$work/use.c" "$work/use.cc"

compile() { # COMPILER STANDARD FILE FLAG...
    local compiler=$1 standard=$2 file=$3
    shift 3
    $compiler -std="$standard" -Wall -Wextra -Werror "$@" -fsyntax-only -Iinclude "$file" ||
        complain "not $standard by $compiler"
}

compile "${CC:-cc}" c11 "$work/use.c" -Wpedantic -Wshadow -Wconversion
need_program "${CXX:=g++}"
compile "$CXX" c++98 "$work/use.cc" -Wpedantic -Wno-long-long
compile "$CXX" c++17 "$work/use.cc" -Wpedantic
compile "$CXX" c++20 "$work/use.cc" -Wpedantic
finish

#!/bin/bash
# What `make install` leaves behind is enough to build and run a program: header, library, stir.pc.
. "$(dirname "$0")/common.sh"
need_program "${PKG_CONFIG:=pkg-config}"

unset MAKEFLAGS MFLAGS MAKELEVEL
make -s -C "$top_builddir" install DESTDIR="$work/root" >"$work/log" 2>&1 ||
    { cat "$work/log" >&2; complain 'make install fails'; finish; }

pc=$(find "$work/root" -name stir.pc)
export PKG_CONFIG_PATH=${pc%/*} PKG_CONFIG_SYSROOT_DIR=$work/root
cat >"$work/use.c" <<'END'
#include <stdio.h>
#include <string.h>
#include <stir.h>
int main(void)
{
    puts(stir_version());
    return strcmp(stir_version(), STIR_VERSION) != 0;
}
END
# shellcheck disable=SC2046 # words are wanted
${CC:-cc} ${SANITIZE_CFLAGS-} -o "$work/use" "$work/use.c" \
    $($PKG_CONFIG --cflags --libs stir) || complain 'a program does not build by stir.pc'
library=$(find "$work/root" -name 'libstir.so.*' | head -1)
version=$(LD_LIBRARY_PATH=${library%/*} "$work/use") || complain 'the program does not run'
[ "$version" = "$($PKG_CONFIG --modversion stir)" ] ||
    complain "stir.pc is of another version than $version"

# Hidden, bound, hardened: what the library is linked with.
if [ -z "${SANITIZE_CFLAGS-}" ]; then
    readelf -dW "$library" >"$work/dynamic"
    grep -q 'FLAGS.*NOW' "$work/dynamic" || complain 'the library is not bound at once (-z now)'
    readelf -lW "$library" | grep -q 'GNU_STACK.*RW ' || complain 'its stack is executable'
    readelf -lW "$library" | grep -q GNU_RELRO || complain 'its relocations stay writable'
fi
grep -q 'TEXTREL\|RPATH\|RUNPATH' <(readelf -dW "$library") &&
    complain 'the library has text relocations or a run path'
finish

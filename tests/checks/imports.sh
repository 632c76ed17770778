#!/bin/bash
# The library judges and does nothing else: it prints and logs nothing, writes no file, opens no
# connection, reads no clock but the cache's and no environment, starts no process and ends none.
. "$(dirname "$0")/common.sh"

library=$top_builddir/.libs/libstir.so
[ -f "$library" ] || absent "there is no $library"
# Sanitizers bring imports of their own; the other build is looked at.
[ -z "${SANITIZE_CFLAGS-}" ] || exit 77
output='v?f?printf|__v?f?printf_chk|puts|putchar|putc|fputs|fputc|fwrite|perror|v?syslog|__v?syslog_chk'
files='write|pwrite|creat|fopen|fdopen|rename|unlink|remove|mkdir|chmod|mk[a-z]*temp|tmpfile'
network='socket|connect|bind|listen|accept|send[a-z]*|recv[a-z]*|getaddrinfo|gethostby[a-z]*'
world='time|gettimeofday|clock|localtime(_r)?|mktime|getenv|secure_getenv|setlocale'
process='system|popen|exec[a-z]*|fork|vfork|posix_spawnp?|exit|_exit|abort|signal|sigaction|raise|kill|u?sleep|nanosleep'
shared='strtok|rand|random|srand|srandom|gmtime|ctime|asctime|setenv|putenv|readdir'

${NM:-nm} -D --undefined-only "$library" | awk '{sub(/@.*/, "", $2); print $2}' | sort -u \
    >"$work/imported"
grep -qx malloc "$work/imported" || complain "found no import in $library"
while read -r name; do complain "libstir calls $name()"; done \
    < <(grep -xE "$output|$files|$network|$world|$process|$shared" "$work/imported")
finish

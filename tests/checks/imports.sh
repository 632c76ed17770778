#!/bin/bash
# What a file of the library may ask of the system: the library prints and logs nothing, starts no
# process and ends none, and reads no environment. Only what fetches opens connections and waits;
# only that and the service files named here read a clock.
. "$(dirname "$0")/common.sh"

objects=$top_builddir/lib
[ -f "$top_builddir/.libs/libstir.so" ] || absent "there is no library in $top_builddir"
# Sanitizers bring imports of their own; the other build is looked at.
[ -z "${SANITIZE_CFLAGS-}" ] || exit 77
output='v?f?printf|__v?f?printf_chk|puts|putchar|putc|fputs|fputc|fwrite|perror|v?syslog|__v?syslog_chk'
files='write|pwrite|creat|fopen|fdopen|rename|unlink|remove|mkdir|chmod|mk[a-z]*temp|tmpfile'
network='socket|connect|bind|listen|accept|send[a-z]*|recv[a-z]*|getaddrinfo|gethostby[a-z]*|curl_.*|ares_.*'
waiting='poll|ppoll|select|pselect|epoll_.*|eventfd|timerfd_.*|pthread_cond_(timed|clock)?wait'
clock='time|clock_gettime|gettimeofday|clock'
environment='getenv|secure_getenv|setenv|putenv|setlocale|localtime(_r)?|mktime'
process='system|popen|exec[a-z]*|fork|vfork|posix_spawnp?|exit|_exit|abort|signal|sigaction|raise|kill|u?sleep|nanosleep'
shared='strtok|rand|random|srand|srandom|gmtime|ctime|asctime|readdir'
thread='pthread_create'

# may FILE: what the rule above leaves to it, as a pattern; what is said here is its whole purpose.
may() {
    case $1 in
    lib/fetch/transfer*) echo "socket|curl_.*" ;;
    lib/fetch/resolve) echo "ares_.*|clock_gettime" ;;
    lib/fetch/poller) echo "epoll_.*|eventfd|timerfd_.*|write" ;; # to its own eventfd
    lib/fetch/fetch) echo "clock_gettime|poll" ;;
    lib/service/memory) echo "time|clock_gettime" ;;
    lib/service/turns) echo "pthread_cond_wait" ;; # for the step of another thread that has the turn
    lib/service/signers_file) echo "write|mkostemp|rename|unlink" ;; # the record of signers seen
    lib/service/blocking) echo "pthread_cond_(timed|clock)?wait|pthread_create" ;;
    *) echo "none" ;;
    esac
}

every="$output|$files|$network|$waiting|$clock|$environment|$process|$shared|$thread"
seen=0
while read -r object; do
    file=${object#"$top_builddir"/}
    file=${file%.o}
    file=${file/.libs\//}
    seen=$((seen + 1))
    while read -r name; do
        complain "$file.c calls $name()"
    done < <(${NM:-nm} --undefined-only "$object" | awk '{print $2}' | grep -xE "$every" |
        grep -vxE "$(may "$file")")
done < <(find "$objects" -path '*/.libs/*.o' | sort)
[ "$seen" -gt 50 ] || complain "found $seen object files under $objects"
finish

#!/bin/bash
# A file includes only headers of its own folder and of lower floors; an outside library only
# where design allows it; tools and examples know nothing of ours but <stir.h>.
. "$(dirname "$0")/common.sh"

declare -A floor=([base]=0 [number]=1 [json]=2 [crypto]=2 [cert]=3 [token]=3 [sip]=3 [spc]=3
    [fetch]=3 [rules]=4 [service]=5)

# C11 and POSIX: what may be included anywhere in lib and tools.
plain='assert|ctype|errno|inttypes|limits|locale|math|signal|stdarg|stdatomic|stdbool|stddef|stdint|endian|stdio|stdlib|string|strings|time|dirent|fcntl|getopt|pthread|sched|unistd|sys/stat|sys/types|sys/time|sys/file|sys/mman|sys/wait'

may_use() { # FILE LIBRARY
    case "$2:$1" in
    gnutls:lib/crypto/*.[ch] | gnutls:lib/cert/certificate_fields.c) ;;
    tasn1:lib/base/der.c) ;;
    jansson:lib/json/*.c | jansson:tools/json.c) ;;
    curl:lib/fetch/transfer*.[ch]) ;;
    lmdb:lib/fetch/store_env.c) ;;
    ares:lib/fetch/resolve.c) ;;
    network:lib/fetch/*.[ch] | network:tools/warm.c | network:examples/*.c) ;;
    uv:examples/loop_uv.c) ;;
    *) return 1 ;;
    esac
}

outside() { # FILE HEADER
    local library
    case $2 in
    gnutls/*) library=gnutls ;;
    libtasn1.h) library=tasn1 ;;
    jansson.h) library=jansson ;;
    curl/*) library=curl ;;
    lmdb.h) library=lmdb ;;
    ares.h) library=ares ;;
    uv.h) library=uv ;;
    arpa/* | netinet/* | poll.h | sys/socket.h | sys/epoll.h | sys/eventfd.h | sys/timerfd.h)
        library=network
        ;;
    *)
        [[ ${2%.h} =~ ^($plain)$ ]] || complain "$1 includes <$2>, which no rule allows"
        return
        ;;
    esac
    may_use "$1" "$library" || complain "$1 includes <$2>: $library is used elsewhere only"
}

ours_in_lib() { # FILE HEADER
    local own=${1#lib/} other=${2%%/*}
    own=${own%%/*}
    [ "$2" = stir.h ] && return
    if [[ $2 != */* || -z ${floor[$other]-} || ! -f lib/$2 ]]; then
        complain "$1 includes \"$2\", which is no FLOOR/FILE.h of lib"
    elif [ "$own" != "$other" ] && [ "${floor[$other]}" -ge "${floor[$own]}" ]; then
        complain "$1 includes \"$2\": $other is not below $own"
    fi
}

ours_in_programs() { # FILE HEADER
    [ -f "$(dirname "$1")/$2" ] || complain "$1 includes \"$2\": only <stir.h> and its own"
}

includes() { # FILE: one "<x" or "\"x" a line
    sed -n 's/^ *# *include *\([<"][^>"]*\)[>"].*/\1/p' "$1"
}

while read -r file; do
    floor_of=${file#lib/}
    [ -n "${floor[${floor_of%%/*}]-}" ] || complain "$file is on no floor"
    while read -r header; do
        case $header in
        '"'*) ours_in_lib "$file" "${header#?}" ;;
        *) outside "$file" "${header#?}" ;;
        esac
    done < <(includes "$file")
done < <(sources lib)

while read -r file; do
    while read -r header; do
        case $header in
        '"'*) ours_in_programs "$file" "${header#?}" ;;
        '<stir.h') ;;
        *) outside "$file" "${header#?}" ;;
        esac
    done < <(includes "$file")
done < <(sources tools examples)

while read -r header; do
    [[ ${header#?} =~ ^std(bool|def|int)\.h$ ]] || complain "include/stir.h includes ${header#?}"
done < <(includes include/stir.h)
finish

/* Object identifiers. */
#include "base/oid.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

const char *oid_text(char room[OID_TEXT_SIZE], struct der oid)
{
    uint64_t arc = 0;
    size_t used = 0;
    bool first = true;

    room[0] = '\0';
    for (size_t i = 0; i < oid.len && used < OID_TEXT_SIZE; i++) {
        arc = (arc << 7 & INT64_MAX) | (oid.data[i] & 0x7F);
        if (oid.data[i] >= 0x80)
            continue;
        unsigned top = arc < 40 ? 0 : arc < 80 ? 1 : 2;
        int more = first ? snprintf(room, OID_TEXT_SIZE, "%u.%llu", top,
                                    (unsigned long long)(arc - top * 40))
                         : snprintf(room + used, OID_TEXT_SIZE - used, ".%llu",
                                    (unsigned long long)arc);
        used += (size_t)more;
        first = false;
        arc = 0;
    }
    return room;
}

/* One arc, and the dot behind it. False: there is none. */
static bool take_arc(const char **text, uint64_t *arc)
{
    char *end;

    if (!isdigit((unsigned char)**text)
        || (**text == '0' && isdigit((unsigned char)(*text)[1])))
        return false;
    errno = 0;
    *arc = strtoull(*text, &end, 10);
    if (errno != 0 || *arc > INT64_MAX - 80
        || (*end != '\0' && (*end != '.' || end[1] == '\0')))
        return false;
    *text = *end == '.' ? end + 1 : end;
    return true;
}

/* Seven bits an octet, the largest first. False: they do not fit. */
static bool put_arc(uint8_t oid[OID_SIZE], size_t *len, uint64_t arc)
{
    size_t n = 1;

    while (n < 9 && arc >> (7 * n) != 0)
        n++;
    if (*len + n > OID_SIZE)
        return false;
    for (size_t i = n; i-- > 0;)
        oid[(*len)++] = (uint8_t)((arc >> (7 * i) & 0x7F) | (i > 0 ? 0x80 : 0));
    return true;
}

size_t oid_parse(const char *text, uint8_t oid[OID_SIZE])
{
    uint64_t top, arc;
    size_t len = 0;

    if (!take_arc(&text, &top) || !take_arc(&text, &arc) || top > 2 || (top < 2 && arc >= 40))
        return 0;
    if (!put_arc(oid, &len, top * 40 + arc))
        return 0;
    while (*text != '\0')
        if (!take_arc(&text, &arc) || !put_arc(oid, &len, arc))
            return 0;
    return len;
}

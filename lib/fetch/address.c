/* Addresses: which are global unicast, by the IANA registries of what is not. */
#include "fetch/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/error.h"
#include "base/limits.h"

static const uint8_t mapped_prefix[12] = {[10] = 0xff, [11] = 0xff};
/* What a translator makes of an IPv4 address (RFC 6052): it is that one that answers. */
static const uint8_t nat64_prefix[12] = {0x00, 0x64, 0xff, 0x9b};

static void map_v4(const void *four, struct address *address)
{
    memcpy(address->octets, mapped_prefix, sizeof mapped_prefix);
    memcpy(address->octets + 12, four, 4);
}

bool address_parse(const char *text, struct address *address)
{
    uint8_t four[4];

    if (inet_pton(AF_INET6, text, address->octets) == 1)
        return true;
    if (inet_pton(AF_INET, text, four) != 1)
        return false;
    map_v4(four, address);
    return true;
}

bool address_of_socket(const struct sockaddr *name, struct address *address)
{
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;

    if (name->sa_family == AF_INET) {
        memcpy(&v4, name, sizeof v4);
        map_v4(&v4.sin_addr, address);
        return true;
    }
    if (name->sa_family != AF_INET6)
        return false;
    memcpy(&v6, name, sizeof v6);
    memcpy(address->octets, &v6.sin6_addr, sizeof address->octets);
    return true;
}

bool address_is_v4(const struct address *address)
{
    return memcmp(address->octets, mapped_prefix, sizeof mapped_prefix) == 0;
}

bool address_equal(const struct address *a, const struct address *b)
{
    return memcmp(a->octets, b->octets, sizeof a->octets) == 0;
}

const char *address_text(const struct address *address, char room[ADDRESS_TEXT_SIZE])
{
    bool v4 = address_is_v4(address);

    inet_ntop(v4 ? AF_INET : AF_INET6, address->octets + (v4 ? 12 : 0), room,
              ADDRESS_TEXT_SIZE);
    return room;
}

static bool has_prefix(const struct address *address, const uint8_t *prefix, int bits)
{
    int whole = bits / 8, rest = bits % 8;

    if (memcmp(address->octets, prefix, (size_t)whole) != 0)
        return false;
    return rest == 0 || (address->octets[whole] ^ prefix[whole]) >> (8 - rest) == 0;
}

/* ---- Networks that are exempt ------------------------------------------------------------- */

/* The length behind the slash, of so many bits; -1: it is none. */
static int read_bits(const char *text, int most)
{
    int bits = 0;

    if (*text == '\0' || strlen(text) > 3)
        return -1;
    for (; *text != '\0'; text++) {
        if (*text < '0' || *text > '9')
            return -1;
        bits = bits * 10 + (*text - '0');
    }
    return bits <= most ? bits : -1;
}

static bool is_clear_beyond(const struct network *network)
{
    for (int bit = network->bits; bit < 128; bit++)
        if (network->address.octets[bit / 8] & 0x80 >> bit % 8)
            return false;
    return true;
}

static bool read_network(const char *text, size_t len, struct network *network)
{
    char room[ADDRESS_TEXT_SIZE + 4];

    if (len >= sizeof room)
        return false;
    memcpy(room, text, len);
    room[len] = '\0';
    char *slash = strchr(room, '/');
    if (slash != NULL)
        *slash++ = '\0';
    if (!address_parse(room, &network->address))
        return false;
    bool v4 = strchr(room, ':') == NULL;
    int bits = slash == NULL ? (v4 ? 32 : 128) : read_bits(slash, v4 ? 32 : 128);
    network->bits = bits + (v4 ? 96 : 0);
    return bits >= 0 && is_clear_beyond(network);
}

static size_t count_items(const char *list)
{
    size_t n = 1;

    for (; *list != '\0'; list++)
        n += *list == ',';
    return n;
}

int address_policy_read(struct address_policy *policy, const char *value)
{
    size_t n = *value == '\0' ? 0 : count_items(value);

    if (n > LIMIT_ALLOWED_NETWORKS)
        return STIR_E_SYNTAX;
    struct network *allow = calloc(n + 1, sizeof *allow);
    if (allow == NULL)
        return STIR_E_NOMEM;
    for (size_t i = 0; i < n; i++) {
        size_t len = strcspn(value, ",");
        if (!read_network(value, len, &allow[i])) {
            free(allow);
            return STIR_E_SYNTAX;
        }
        value += len + 1;
    }
    free(policy->allow);
    policy->allow = allow;
    policy->n_allow = n;
    return 0;
}

void address_policy_free(struct address_policy *policy)
{
    free(policy->allow);
    policy->allow = NULL;
    policy->n_allow = 0;
}

/* ---- The check ----------------------------------------------------------------------------- */

struct block {
    uint8_t prefix[16];
    int bits;
    const char *name;
};

/*
 * What the IANA IPv4 and IPv6 Special-Purpose Address Registries say is not globally reachable,
 * multicast, and what is reachable but belongs to protocols (192.0.0.0/24, 2001::/23) or to
 * retired ways through which an address is reached that is not seen here (6to4, Teredo).
 * AS112 and AMT blocks stay allowed: they are global unicast and ours to nobody.
 */
#define V4(a, b, c, d)                                                                         \
    {                                                                                          \
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, a, b, c, d                                   \
    }
static const struct block blocks[] = {
    {V4(0, 0, 0, 0), 96 + 8, "this network, RFC 791"},
    {V4(10, 0, 0, 0), 96 + 8, "private use, RFC 1918"},
    {V4(100, 64, 0, 0), 96 + 10, "shared address space, RFC 6598"},
    {V4(127, 0, 0, 0), 96 + 8, "loopback, RFC 1122"},
    {V4(169, 254, 0, 0), 96 + 16, "link-local, RFC 3927"},
    {V4(172, 16, 0, 0), 96 + 12, "private use, RFC 1918"},
    {V4(192, 0, 0, 0), 96 + 24, "IETF protocol assignments, RFC 6890"},
    {V4(192, 0, 2, 0), 96 + 24, "documentation, RFC 5737"},
    {V4(192, 88, 99, 0), 96 + 24, "6to4 relays, RFC 7526"},
    {V4(192, 168, 0, 0), 96 + 16, "private use, RFC 1918"},
    {V4(198, 18, 0, 0), 96 + 15, "benchmarking, RFC 2544"},
    {V4(198, 51, 100, 0), 96 + 24, "documentation, RFC 5737"},
    {V4(203, 0, 113, 0), 96 + 24, "documentation, RFC 5737"},
    {V4(224, 0, 0, 0), 96 + 4, "multicast, RFC 5771"},
    {V4(240, 0, 0, 0), 96 + 4, "reserved, RFC 1112"},
    {{0x20, 0x01, 0x00}, 23, "IETF protocol assignments, RFC 2928"},
    {{0x20, 0x01, 0x0d, 0xb8}, 32, "documentation, RFC 3849"},
    {{0x20, 0x02}, 16, "6to4, RFC 7526"},
    {{0x3f, 0xff, 0x00}, 20, "documentation, RFC 9637"},
};
#undef V4

/* All that IANA has handed out for unicast (RFC 3513 section 2.4); of the rest some has a name. */
static const struct block global_unicast = {{0x20}, 3, "global unicast"};
static const struct block outside[] = {
    {{[15] = 1}, 128, "loopback, RFC 4291"},
    {{0}, 128, "unspecified, RFC 4291"},
    {{0x00, 0x64, 0xff, 0x9b, 0x00, 0x01}, 48, "local translation, RFC 8215"},
    {{0x01, 0x00}, 64, "discard only, RFC 6666"},
    {{0x5f, 0x00}, 16, "segment routing, RFC 9602"},
    {{0xfc}, 7, "unique local, RFC 4193"},
    {{0xfe, 0x80}, 10, "link-local, RFC 4291"},
    {{0xff}, 8, "multicast, RFC 4291"},
};

static const char *find_block(const struct address *address, const struct block *table,
                              size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (has_prefix(address, table[i].prefix, table[i].bits))
            return table[i].name;
    return NULL;
}

static bool is_exempt(const struct address *address, const struct address_policy *policy)
{
    for (size_t i = 0; policy != NULL && i < policy->n_allow; i++)
        if (has_prefix(address, policy->allow[i].address.octets, policy->allow[i].bits))
            return true;
    return false;
}

const char *address_refusal(const struct address *address, const struct address_policy *policy)
{
    struct address real = *address;

    if (is_exempt(address, policy))
        return NULL;
    if (has_prefix(address, nat64_prefix, 96)) {
        map_v4(address->octets + 12, &real);
        if (is_exempt(&real, policy))
            return NULL;
    }
    const char *name = find_block(&real, blocks, sizeof blocks / sizeof *blocks);
    if (name != NULL || address_is_v4(&real)
        || has_prefix(&real, global_unicast.prefix, global_unicast.bits))
        return name;
    name = find_block(&real, outside, sizeof outside / sizeof *outside);
    return name != NULL ? name : "not global unicast, RFC 4291";
}

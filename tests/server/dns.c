/* A DNS server that answers as it is told: slowly, wrongly, another time otherwise, never. */
#include "tests/server/server.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { A = 1, CNAME = 5, AAAA = 28, TYPES = 2, PACKET = 4096 };

struct name {
    struct name *next;
    char *name, *spec; /* spec NULL: it was only asked for */
    unsigned queries, asked[TYPES];
};
static struct name *names; /* under the lock */
static int dns_fd, dns_number;

struct query {
    struct sockaddr_in from;
    uint8_t data[512];
    size_t len; /* up to the question's end */
    char name[256];
    int type;
    char *spec; /* what is answered */
};

/* ---- what is said of names ---- */

static struct name *name_at(const char *text)
{
    for (struct name *name = names; name != NULL; name = name->next)
        if (strcmp(name->name, text) == 0)
            return name;
    struct name *name = grab(sizeof *name);
    name->name = copy(text, strlen(text));
    name->next = names;
    names = name;
    return name;
}

void dns_set(const char *text, const char *spec)
{
    struct name *name = name_at(text);

    free(name->spec);
    name->spec = copy(spec, strlen(spec));
    memset(name->asked, 0, sizeof name->asked);
}

unsigned dns_queries(const char *text)
{
    unsigned n = 0;

    if (strcmp(text, "*") != 0)
        return name_at(text)->queries;
    for (const struct name *name = names; name != NULL; name = name->next)
        n += name->queries;
    return n;
}

/* The nth of "this|that", or its last. */
static char *nth_of(const char *spec, unsigned n)
{
    while (n-- > 0 && strchr(spec, '|') != NULL)
        spec = strchr(spec, '|') + 1;
    return copy(spec, strcspn(spec, "|"));
}

static char *spec_of(const struct query *query)
{
    struct name *name = name_at(query->name);
    const char *spec = name->spec, *dot = strchr(query->name, '.');

    name->queries++;
    if (spec == NULL)
        spec = name_at("*")->spec;
    if (spec == NULL)
        spec = dot != NULL && strcmp(dot, ".stir.test") == 0 ? "a=127.0.0.1" : "nxdomain";
    return nth_of(spec, query->type == AAAA ? name->asked[1]++ : name->asked[0]++);
}

/* ---- the wire ---- */

/* Reads the question's name, lower case, and its type. */
static bool parse_query(struct query *query, size_t got)
{
    size_t at = 12, used = 0;

    while (at < got && query->data[at] != 0) {
        size_t len = query->data[at++];
        if (len > 63 || at + len >= got || used + len + 2 > sizeof query->name)
            return false;
        if (used > 0)
            query->name[used++] = '.';
        for (size_t i = 0; i < len; i++)
            query->name[used++] = (char)tolower(query->data[at++]);
    }
    query->name[used] = '\0';
    if (at + 5 > got)
        return false;
    query->type = query->data[at + 1] << 8 | query->data[at + 2];
    query->len = at + 5;
    return true;
}

struct packet {
    uint8_t data[PACKET];
    size_t len;
    unsigned answers;
    unsigned alias; /* where the name is that further records belong to; 0: the question's */
};

static void put16(struct packet *packet, unsigned value)
{
    packet->data[packet->len++] = (uint8_t)(value >> 8);
    packet->data[packet->len++] = (uint8_t)value;
}

static void put_record(struct packet *packet, int type, unsigned ttl, const void *data,
                       size_t len)
{
    if (packet->len + 12 + len > sizeof packet->data)
        return;
    put16(packet, 0xC000 | (packet->alias != 0 ? packet->alias : 12));
    put16(packet, (unsigned)type);
    put16(packet, 1);
    put16(packet, ttl >> 16);
    put16(packet, ttl & 0xFFFF);
    put16(packet, (unsigned)len);
    memcpy(packet->data + packet->len, data, len);
    packet->len += len;
    packet->answers++;
}

static void put_alias(struct packet *packet, unsigned ttl, const char *target)
{
    uint8_t name[256];
    size_t used = 0;

    for (; *target != '\0'; target += strspn(target, ".")) {
        size_t len = strcspn(target, ".");
        name[used++] = (uint8_t)len;
        memcpy(name + used, target, len);
        used += len;
        target += len;
    }
    name[used++] = 0;
    put_record(packet, CNAME, ttl, name, used);
    packet->alias = (unsigned)(packet->len - used);
}

/* Milliseconds to wait, or -1 for no answer at all. */
static long put_answers(struct packet *packet, const struct query *query)
{
    char *rest = query->spec, *word;
    unsigned ttl = 0;
    long delay = 0;
    uint8_t address[16];

    while ((word = strsep(&rest, ",")) != NULL) {
        if (strcmp(word, "nxdomain") == 0)
            packet->data[3] |= 3;
        else if (strcmp(word, "servfail") == 0)
            packet->data[3] |= 2;
        else if (strcmp(word, "refused") == 0)
            packet->data[3] |= 5;
        else if (strcmp(word, "silent") == 0)
            return -1;
        else if (strncmp(word, "delay=", 6) == 0)
            delay = atol(word + 6);
        else if (strncmp(word, "ttl=", 4) == 0)
            ttl = (unsigned)atol(word + 4);
        else if (strncmp(word, "cname=", 6) == 0)
            put_alias(packet, ttl, word + 6);
        else if (query->type == A && strncmp(word, "a=", 2) == 0
                 && inet_pton(AF_INET, word + 2, address) == 1)
            put_record(packet, A, ttl, address, 4);
        else if (query->type == AAAA && strncmp(word, "aaaa=", 5) == 0
                 && inet_pton(AF_INET6, word + 5, address) == 1)
            put_record(packet, AAAA, ttl, address, 16);
    }
    return delay;
}

static void *answer(void *arg)
{
    struct query *query = arg;
    struct packet packet = {.len = query->len};

    memcpy(packet.data, query->data, query->len);
    packet.data[2] = 0x84 | (query->data[2] & 1); /* a response, authoritative */
    packet.data[3] = 0x80;                        /* recursion is to be had */
    memset(packet.data + 6, 0, 6);
    long delay = put_answers(&packet, query);
    packet.data[6] = (uint8_t)(packet.answers >> 8);
    packet.data[7] = (uint8_t)packet.answers;
    if (delay >= 0) {
        pause_ms(delay);
        sendto(dns_fd, packet.data, packet.len, 0, (struct sockaddr *)&query->from,
               sizeof query->from);
    }
    free(query->spec);
    free(query);
    return NULL;
}

static void *listen_for_queries(void *arg)
{
    (void)arg;
    for (;;) {
        struct query *query = grab(sizeof *query);
        socklen_t size = sizeof query->from;
        ssize_t got = recvfrom(dns_fd, query->data, sizeof query->data, 0,
                               (struct sockaddr *)&query->from, &size);
        if (got < 17 || !parse_query(query, (size_t)got)) {
            free(query);
            continue;
        }
        pthread_mutex_lock(&server_lock);
        query->spec = spec_of(query);
        pthread_mutex_unlock(&server_lock);
        server_thread(answer, query);
    }
    return NULL;
}

void dns_open(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;

    dns_fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (dns_fd < 0 || bind(dns_fd, (struct sockaddr *)&address, size) != 0
        || getsockname(dns_fd, (struct sockaddr *)&address, &size) != 0) {
        perror("server: UDP");
        exit(1);
    }
    dns_number = ntohs(address.sin_port);
    server_thread(listen_for_queries, NULL);
}

int dns_port(void)
{
    return dns_number;
}

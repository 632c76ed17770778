/* Whom a fetch trusts: the system's CAs, or those that policy names and then no others. What the
   system trusts is in this program a CA of the tests, since opening its files is diverted here. */
#include <criterion/criterion.h>
#include <dirent.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/get.h"
#include "tests/help.h"
#include "tests/help_server.h"

static const char *system_file; /* what stands for every file in /etc/ssl/certs; NULL: itself */
static int diverted;            /* how often */

FILE *fopen64(const char *path, const char *mode);
int open64(const char *path, int flags, ...);

/* Seen by the libraries, too. */
#define DIVERT __attribute__((visibility("default")))

static const char *divert(const char *path)
{
    if (system_file == NULL || strncmp(path, "/etc/ssl/certs", 14) != 0)
        return path;
    diverted++;
    return system_file;
}

static void *real(const char *name)
{
    return dlsym(RTLD_NEXT, name);
}

DIVERT FILE *fopen(const char *path, const char *mode)
{
    FILE *(*real_one)(const char *, const char *) = real("fopen");

    return real_one(divert(path), mode);
}

DIVERT FILE *fopen64(const char *path, const char *mode)
{
    FILE *(*real_one)(const char *, const char *) = real("fopen64");

    return real_one(divert(path), mode);
}

DIVERT int open(const char *path, int flags, ...)
{
    int (*real_one)(const char *, int, ...) = real("open");
    va_list args;

    va_start(args, flags);
    int fd = real_one(divert(path), flags, va_arg(args, int));
    va_end(args);
    return fd;
}

DIVERT int open64(const char *path, int flags, ...)
{
    int (*real_one)(const char *, int, ...) = real("open64");
    va_list args;

    va_start(args, flags);
    int fd = real_one(divert(path), flags, va_arg(args, int));
    va_end(args);
    return fd;
}

/* The default folder of libcurl, if it looked there, holds nothing else. */
DIVERT DIR *opendir(const char *path)
{
    DIR *(*real_one)(const char *) = real("opendir");

    if (system_file != NULL && strncmp(path, "/etc/ssl/certs", 14) == 0)
        diverted++;
    return real_one(path);
}

struct trust {
    const char *desc, *fetch_ca, *kind;
    int status;
};

static const struct trust cases[] = {
    {"fetch_ca alone", "good", "good", 200},
    {"not what the system trusts besides", "good", "stranger", 0},
    {"the system's", NULL, "stranger", 200},
    {"and nobody else", NULL, "good", 0},
    {"nor what signed itself", NULL, "self-signed", 0},
    {"another fetch_ca", "stranger", "stranger", 200},
    {"and not the one before", "stranger", "good", 0},
};

/* CURLOPT_CAPATH's default would trust the system beside fetch_ca (libcurl 7.88, measured). */
Test(trust, system_or_policy)
{
    struct server *server = help_server();

    system_file = server_ca_file(server, "stranger");
    server_body(server, "/a.pem", "a", 1);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct fetch_policy *policy = fetch_policy_new();
        const char *ca = cases[i].fetch_ca != NULL ? server_ca(server, cases[i].fetch_ca) : "";
        char *url = server_url(server, cases[i].kind, "/a.pem");
        char port[16];
        struct got got;

        snprintf(port, sizeof port, "%d", server_port(server, cases[i].kind));
        fetch_policy_set_ports(policy, port);
        fetch_policy_set_allow(policy, "127.0.0.1");
        cr_assert(*ca == '\0' || fetch_policy_add_ca(policy, ca, strlen(ca), NULL) == 0);
        get_one(policy, &(struct fetch_request){.url = url, .limit = 10}, &got);
        cr_expect_eq(got.status, cases[i].status, "%s: %d: %s", cases[i].desc, got.status,
                     got.sentence);
        cr_expect(got.status != 0 || got.why == STIR_FAILURE_TLS, "%s: %d: %s", cases[i].desc,
                  got.why, got.sentence);
        get_clear(&got);
        free(url);
        fetch_policy_free(policy);
    }
    cr_expect_gt(diverted, 0, "the system's CAs are read elsewhere: this shows nothing");
    system_file = NULL;
    server_stop(server);
}

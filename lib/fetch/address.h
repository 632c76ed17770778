/*
 * Which addresses a fetch may connect to: global unicast ones (the IANA special-purpose address
 * registries, RFC 6890), and those of the networks that an operator exempts. A URL or a name
 * server of a stranger's must not make us speak to our own network.
 */
#ifndef STIR_FETCH_ADDRESS_H
#define STIR_FETCH_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sockaddr;

/* An IPv4 address as IPv6 maps it (::ffff:a.b.c.d): one form for both. */
struct address {
    uint8_t octets[16];
};

enum { ADDRESS_TEXT_SIZE = 46 };

/* The text form of either family, nothing around it; false: it is none. */
bool address_parse(const char *text, struct address *address);
/* False: of another family. */
bool address_of_socket(const struct sockaddr *name, struct address *address);
bool address_is_v4(const struct address *address);
bool address_equal(const struct address *a, const struct address *b);
/* Returns room. */
const char *address_text(const struct address *address, char room[ADDRESS_TEXT_SIZE]);

/* A network, "10.0.0.0/8" or "fd00::/8"; without a length the one address. */
struct network {
    struct address address;
    int bits; /* of the 128 */
};

/* Networks exempt from the check: policy key fetch_allow. */
struct address_policy {
    struct network *allow;
    size_t n_allow;
};

/* "10.0.0.0/8,fd00::/8", or "" for none. 0, STIR_E_SYNTAX (it is no such list, or has bits set
   beyond a length), STIR_E_NOMEM; then policy is as it was. */
int address_policy_read(struct address_policy *policy, const char *value);
void address_policy_free(struct address_policy *policy);

/* Why it may not be connected to ("loopback, RFC 1122"); NULL: it may. policy may be NULL. */
const char *address_refusal(const struct address *address, const struct address_policy *policy);

#endif

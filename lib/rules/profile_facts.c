/* What the rules of profiles ask of a certificate. */
#include "rules/profile_facts.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "crypto/digest.h"

bool profile_facts_of(struct profile_facts *facts, const struct stir_certificate *certificate,
                      unsigned position)
{
    facts->certificate = certificate;
    facts->position = position;
    return certificate->fault.code != STIR_CODE_CERT_SYNTAX
           && skeleton_read(certificate->der, &facts->skeleton, NULL) == 0;
}

const struct extension *facts_extension(const struct profile_facts *facts, struct der oid)
{
    return skeleton_extension(&facts->skeleton, oid);
}

bool facts_is_critical(const struct profile_facts *facts, struct der oid)
{
    const struct extension *extension = facts_extension(facts, oid);

    return extension != NULL && extension->critical;
}

/* ---- Names ---- */

static bool is_type(struct der oid, uint8_t type)
{
    return oid.len == 3 && oid.data[0] == 0x55 && oid.data[1] == 0x04 && oid.data[2] == type;
}

/* The next attribute, over the borders of RDNs. False: no more. */
static bool next_attribute(struct der *name, struct der *rdn, struct der *oid,
                           struct der_element *value)
{
    struct der_element set, sequence, element;

    while (rdn->len == 0) {
        if (der_take(name, DER_SET, &set) < 0)
            return false;
        *rdn = set.content;
    }
    if (der_take(rdn, DER_SEQUENCE, &sequence) < 0
        || der_take(&sequence.content, DER_OID, &element) < 0
        || der_next(&sequence.content, value) < 0)
        return false;
    *oid = element.content;
    return true;
}

static size_t find_attributes(struct der name, uint8_t type, struct der *first)
{
    struct der_element sequence, value;
    struct der rdn = {NULL, 0}, oid;
    size_t n = 0;

    *first = (struct der){NULL, 0};
    if (der_only(name, DER_SEQUENCE, &sequence) < 0)
        return 0;
    while (next_attribute(&sequence.content, &rdn, &oid, &value))
        if (is_type(oid, type) && n++ == 0)
            *first = value.content;
    return n;
}

size_t facts_name_count(struct der name, uint8_t type)
{
    struct der first;

    return find_attributes(name, type, &first);
}

struct der facts_name_first(struct der name, uint8_t type)
{
    struct der first;

    find_attributes(name, type, &first);
    return first;
}

static bool is_word(struct der text, size_t at)
{
    return at < text.len
           && (isalnum(text.data[at]) != 0 || text.data[at] == '_' || text.data[at] >= 0x80);
}

bool facts_has_words(struct der text, const char *words)
{
    size_t len = strlen(words);

    for (size_t at = 0; len > 0 && at + len <= text.len; at++) {
        const char *here = (const char *)text.data + at;
        bool same = strncasecmp(here, words, len) == 0;
        if (same && (at == 0 || !is_word(text, at - 1)) && !is_word(text, at + len))
            return true;
    }
    return false;
}

/* What begins at from and ends with a word, the shortest first. */
static bool any_holds(struct der text, size_t from, bool (*holds)(const void *, const char *),
                      const void *arg)
{
    char words[FACTS_WORDS_SIZE] = "";

    for (size_t n = 0; n + 1 < sizeof words && from + n < text.len; n++) {
        words[n] = (char)text.data[from + n];
        if (words[n] == '\0')
            return false;
        if (!is_word(text, from + n + 1) && holds(arg, words))
            return true;
    }
    return false;
}

bool facts_has_words_then(struct der text, const char *words,
                          bool (*holds)(const void *arg, const char *then), const void *arg)
{
    size_t len = strlen(words);

    for (size_t at = 0; at + len < text.len; at++)
        if (memcmp(text.data + at, words, len) == 0 && (at == 0 || !is_word(text, at - 1))
            && any_holds(text, at + len, holds, arg))
            return true;
    return false;
}

/* ---- Extensions ---- */

unsigned facts_serial_bits(const struct profile_facts *facts)
{
    struct der serial = facts->certificate->serial;
    unsigned bits = 0;

    while (serial.len > 0 && serial.data[0] == 0)
        serial = (struct der){serial.data + 1, serial.len - 1};
    if (serial.len == 0)
        return 0;
    while (serial.data[0] >> bits > 0)
        bits++;
    return bits + 8 * (unsigned)(serial.len - 1);
}

bool facts_key_usage_is_der(const struct profile_facts *facts)
{
    const struct extension *extension = facts_extension(facts, oid_key_usage);
    struct der_element bits;

    if (extension == NULL)
        return true;
    if (der_only(extension->value, DER_BIT_STRING, &bits) < 0 || bits.content.len < 2
        || bits.content.data[0] > 7)
        return false;
    return (bits.content.data[bits.content.len - 1] >> bits.content.data[0] & 1) != 0;
}

bool facts_skid_is_sha1(const struct profile_facts *facts)
{
    struct der_element spki, algorithm, bits;
    uint8_t digest[DIGEST_SHA1_SIZE];

    if (der_only(facts->certificate->spki, DER_SEQUENCE, &spki) < 0
        || der_take(&spki.content, DER_SEQUENCE, &algorithm) < 0
        || der_take(&spki.content, DER_BIT_STRING, &bits) < 0 || bits.content.len < 2
        || digest_sha1(bits.content.data + 1, bits.content.len - 1, digest) < 0)
        return false;
    return der_equal(facts->certificate->skid, (struct der){digest, sizeof digest});
}

size_t facts_policies(const struct profile_facts *facts, struct der *first)
{
    const struct extension *extension = facts_extension(facts, oid_certificate_policies);
    struct der_element list, policy, oid;
    size_t n = 0;

    *first = (struct der){NULL, 0};
    if (extension == NULL || der_only(extension->value, DER_SEQUENCE, &list) < 0)
        return 0;
    while (der_take(&list.content, DER_SEQUENCE, &policy) == 0)
        if (der_take(&policy.content, DER_OID, &oid) == 0 && n++ == 0)
            *first = oid.content;
    return n;
}

/* How often that OID stands among them. */
static size_t count_policy(struct der policies, struct der oid)
{
    struct der_element policy, id;
    size_t n = 0;

    while (der_take(&policies, DER_SEQUENCE, &policy) == 0)
        n += der_take(&policy.content, DER_OID, &id) == 0 && der_equal(id.content, oid);
    return n;
}

bool facts_policies_differ(const struct profile_facts *facts)
{
    enum { LOOKED_AT = 64 }; /* real ones have one; each is compared with every other */
    const struct extension *extension = facts_extension(facts, oid_certificate_policies);
    struct der_element list, policy, oid;

    if (extension == NULL || der_only(extension->value, DER_SEQUENCE, &list) < 0)
        return true;
    struct der rest = list.content;
    for (size_t i = 0; i < LOOKED_AT && der_take(&rest, DER_SEQUENCE, &policy) == 0; i++)
        if (der_take(&policy.content, DER_OID, &oid) == 0
            && count_policy(list.content, oid.content) > 1)
            return false;
    return true;
}

static bool is_http(struct der uri)
{
    const char *text = (const char *)uri.data;

    return (uri.len > 7 && strncasecmp(text, "http://", 7) == 0)
           || (uri.len > 8 && strncasecmp(text, "https://", 8) == 0);
}

/* DistributionPointName: fullName [0] of GeneralNames, among which URIs are [6]. */
static void read_point_name(struct der name, struct facts_distribution *found)
{
    struct der_element full, general;

    if (der_only(name, DER_CONTEXT(0), &full) < 0)
        return;
    while (der_next(&full.content, &general) == 0) {
        if (general.tag != DER_CONTEXT_PRIMITIVE(6))
            continue;
        if (found->uri.data == NULL)
            found->uri = general.content;
        found->has_http |= is_http(general.content);
    }
}

static bool read_point(struct der point, struct facts_distribution *found)
{
    struct der_element name, reasons, issuer;
    bool has_name, has_reasons;

    if (der_take_optional(&point, DER_CONTEXT(0), &name, &has_name) < 0
        || der_take_optional(&point, DER_CONTEXT_PRIMITIVE(1), &reasons, &has_reasons) < 0
        || der_take_optional(&point, DER_CONTEXT(2), &issuer, &found->has_issuer) < 0)
        return false;
    if (has_name)
        read_point_name(name.content, found);
    return point.len == 0;
}

struct facts_distribution facts_distribution(const struct profile_facts *facts)
{
    const struct extension *extension = facts_extension(facts, oid_crl_distribution_points);
    struct facts_distribution found = {0}, other;
    struct der_element list, point;

    if (extension == NULL || der_only(extension->value, DER_SEQUENCE, &list) < 0)
        return found;
    found.is_readable = true;
    while (found.is_readable && list.content.len > 0) {
        other = (struct facts_distribution){0};
        found.is_readable = der_take(&list.content, DER_SEQUENCE, &point) == 0
                            && read_point(point.content, found.n == 0 ? &found : &other);
        found.n++;
    }
    return found;
}

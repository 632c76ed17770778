/* base/der: what it walks is DER, to the octet. */
#include <stdlib.h>
#include <string.h>

#include "base/der.h"
#include "fuzz/fuzz.h"

const size_t fuzz_most = 16 * 1024;

static bool is_within(struct der inner, struct der outer)
{
    return inner.len == 0
           || (inner.data >= outer.data && inner.data + inner.len <= outer.data + outer.len);
}

/* DER has one encoding of everything, so it is written as it was read. */
static void expect_rewritten(const struct der_element *element)
{
    struct der_writer writer = {0};
    size_t len = 0;

    der_write(&writer, element->tag, element->content.data, element->content.len);
    void *written = der_writer_take(&writer, &len);
    FUZZ_EXPECT(written != NULL);
    if (written != NULL)
        FUZZ_ALWAYS(len == element->whole.len
                    && memcmp(written, element->whole.data, len) == 0);
    free(written);
    der_writer_free(&writer);
}

static void expect_number(const struct der_element *element)
{
    struct der_writer writer = {0};
    uint64_t value;
    bool too_large = false;
    size_t len = 0;

    if (der_unsigned(element->content, &value, &too_large) != 0 || too_large)
        return;
    der_write_unsigned(&writer, value);
    void *written = der_writer_take(&writer, &len);
    if (written != NULL)
        FUZZ_ALWAYS(len == element->whole.len
                    && memcmp(written, element->whole.data, len) == 0);
    free(written);
    der_writer_free(&writer);
}

static void expect_leaf(const struct der_element *element)
{
    bool value;

    if (element->tag == DER_INTEGER)
        expect_number(element);
    if (element->tag == DER_BOOLEAN && der_boolean(element->content, &value) == 0)
        FUZZ_ALWAYS(element->content.len == 1
                    && element->content.data[0] == (value ? 0xFF : 0x00));
    der_is_utf8(element->content);
}

/* The number of elements, or -1 where not all of it is DER. */
static int walk(struct der left, int depth)
{
    struct der all = left;
    struct der_element element, only;
    int n = 0;

    while (left.len > 0) {
        struct der before = left;
        if (der_next(&left, &element) != 0) {
            FUZZ_ALWAYS(left.data == before.data && left.len == before.len);
            return -1;
        }
        FUZZ_ALWAYS(is_within(element.whole, all) && is_within(element.content, element.whole));
        FUZZ_ALWAYS(element.whole.len + left.len == before.len);
        FUZZ_ALWAYS(der_only(element.whole, element.tag, &only) == 0);
        FUZZ_ALWAYS(der_equal(only.content, element.content));
        FUZZ_ALWAYS(left.len == 0 || der_only(before, element.tag, &only) != 0);
        expect_rewritten(&element);
        expect_leaf(&element);
        if (element.tag & 0x20 && depth > 0)
            n += walk(element.content, depth - 1) < 0 ? 0 : 1;
        n++;
    }
    return n;
}

int fuzz_one(const uint8_t *data, size_t len)
{
    struct der left = {data, len};
    struct der_element element;
    bool present;

    if (der_take_optional(&left, DER_SEQUENCE, &element, &present) == 0 && !present)
        FUZZ_ALWAYS(left.len == len);
    return walk((struct der){data, len}, 24) < 0;
}

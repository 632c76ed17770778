/* crypto/digest: SHA-256 and SHA-1 by the vectors of FIPS 180-4. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/digest.h"
#include "tests/help.h"

static const struct {
    const char *data, *digest;
} cases[] = {
    {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
    {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
    {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
     "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
};

Test(digest, sha256)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint8_t digest[DIGEST_SHA256_SIZE];
        size_t len;
        uint8_t *wanted = help_unhex(cases[i].digest, &len);
        cr_assert_eq(len, sizeof digest);
        cr_expect_eq(digest_sha256(cases[i].data, strlen(cases[i].data), digest), 0);
        cr_expect_arr_eq(digest, wanted, len, "\"%s\"", cases[i].data);
        free(wanted);
    }
}

Test(digest, sha1)
{
    uint8_t digest[DIGEST_SHA1_SIZE];
    size_t len;
    uint8_t *wanted = help_unhex("a9993e364706816aba3e25717850c26c9cd0d89d", &len);

    cr_expect_eq(digest_sha1("abc", 3, digest), 0);
    cr_expect_arr_eq(digest, wanted, len);
    free(wanted);
}

Test(digest, in_pieces_it_is_the_same)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (size_t piece = 1; piece < 40; piece += 6) {
            uint8_t digest[DIGEST_SHA256_SIZE], whole[DIGEST_SHA256_SIZE];
            size_t len = strlen(cases[i].data);
            struct digest_stream *stream = digest_sha256_begin();
            for (size_t at = 0; at < len; at += piece)
                cr_expect_eq(
                    digest_add(stream, cases[i].data + at, len - at < piece ? len - at : piece),
                    0);
            digest_end(stream, digest);
            digest_sha256(cases[i].data, len, whole);
            cr_expect_arr_eq(digest, whole, sizeof whole, "\"%s\" by %zu", cases[i].data,
                             piece);
        }
    digest_drop(digest_sha256_begin());
    digest_drop(NULL);
}

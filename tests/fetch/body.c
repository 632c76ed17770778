/* fetch/body: octets shared by reference, known by their digest. */
#include "fetch/body.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "tests/help.h"

Test(body, has_its_octets_and_their_digest)
{
    /* FIPS 180-4, the vectors of one block and of none */
    static const struct {
        const char *desc, *data;
        uint8_t first, last;
    } cases[] = {
        {"abc", "abc", 0xba, 0xad},
        {"nothing", "", 0xe3, 0x55},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct body *body = body_new(cases[i].data, strlen(cases[i].data));
        cr_assert_not_null(body, "%s", cases[i].desc);
        cr_expect_eq(body->len, strlen(cases[i].data), "%s", cases[i].desc);
        cr_expect_eq(memcmp(body->data, cases[i].data, body->len), 0, "%s", cases[i].desc);
        cr_expect_eq(body->sha256[0], cases[i].first, "%s", cases[i].desc);
        cr_expect_eq(body->sha256[31], cases[i].last, "%s", cases[i].desc);
        struct body *again = body_ref(body);
        body_free(body);
        cr_expect_eq(again->len, strlen(cases[i].data), "%s: kept", cases[i].desc);
        body_free(again);
    }
    body_free(NULL);
}

Test(body, in_pieces_it_is_the_same)
{
    enum { LEN = 1200000 };
    static const struct {
        size_t piece, most;
    } cases[] = {{97, 0}, {4096, 0}, {4096, LEN}, {16384, 2 * LEN}, {LEN, 0}, {LEN, LEN}};
    char *octets = malloc(LEN);

    for (size_t i = 0; i < LEN; i++)
        octets[i] = (char)(i * 7 + i / 251);
    struct body *whole = body_new(octets, LEN);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct body_builder builder = {.most = cases[i].most};
        for (size_t at = 0; at < LEN; at += cases[i].piece)
            body_add(&builder, octets + at,
                     LEN - at < cases[i].piece ? LEN - at : cases[i].piece);
        cr_expect_eq(body_added(&builder), LEN);
        struct body *body = body_finish(&builder);
        cr_assert_not_null(body);
        cr_expect_eq(body->len, LEN);
        cr_expect_eq(memcmp(body->data, octets, LEN), 0, "pieces of %zu", cases[i].piece);
        cr_expect_arr_eq(body->sha256, whole->sha256, sizeof body->sha256, "pieces of %zu",
                         cases[i].piece);
        cr_expect_eq(body_added(&builder), 0, "it is empty after");
        body_free(body);
    }
    body_free(whole);
    free(octets);
}

Test(body, of_no_pieces_it_is_empty)
{
    struct body_builder builder = {0};
    struct body *body = body_finish(&builder);

    cr_assert_not_null(body);
    cr_expect_eq(body->len, 0);
    cr_expect_eq(body->sha256[0], 0xe3, "FIPS 180-4, of nothing");
    body_free(body);
    body_add(&builder, "dropped", 7);
    body_drop(&builder);
    cr_expect_eq(body_added(&builder), 0);
}

/* Who watches keeps no octets: with the last reference they are gone, and there is none to be
   had. */
Test(body, is_watched)
{
    struct body *body = body_new("abc", 3), *watched = body_watch(body);

    cr_assert_eq(body_recover(watched), body);
    body_free(body);
    cr_expect_arr_eq(watched->data, "abc", 3, "one reference is left");
    cr_expect_not(body_was_used(watched));
    body_use(watched);
    cr_expect(body_was_used(watched));
    cr_expect_not(body_was_used(watched), "not since");
    body_free(body);
    cr_expect_null(body_recover(watched));
    body_unwatch(watched);
    body_unwatch(NULL);
}

static int pins_freed;

static void free_pin(struct pinned *pinned)
{
    cr_expect_eq(pinned->references, 0);
    pins_freed++;
}

/* What is pinned is counted: it outlives neither its replacement nor the body, but for who has
   it. */
Test(body, has_something_pinned)
{
    struct body *body = body_new("abc", 3), *watched = body_watch(body);
    struct pinned one = {1, free_pin}, other = {1, free_pin};

    cr_expect_null(body_pinned(body));
    cr_expect_null(body_glance(body));
    body_pin(body, &one);
    cr_expect_eq(body_glance(body), (const void *)&one);
    cr_expect_eq(body_pinned(body), &one);
    cr_expect_eq(one.references, 3);
    pinned_free(&one);
    body_pin(body, &one); /* again */
    cr_expect_eq(one.references, 2);
    body_unpin(watched, &other); /* which is not */
    cr_expect_eq(one.references, 2);
    body_pin(body, &other);
    cr_expect_eq(one.references, 1);
    pinned_free(&one);
    cr_expect_eq(pins_freed, 1);
    body_unpin(watched, &other);
    cr_expect_null(body_pinned(body));
    cr_expect_eq(other.references, 1);
    body_pin(body, &other);
    pinned_free(&other);
    cr_expect_eq(pins_freed, 1);
    body_free(body);
    cr_expect_eq(pins_freed, 2, "the body had the last reference");
    body_unpin(watched, &other);
    body_unwatch(watched);
}

/* What it was made of may go before it. */
Test(body, in_a_cell)
{
    struct cells *cells = body_cells_new();
    struct body_builder builder = {.cells = cells};
    struct body *body = body_new_in(cells, "abc", 3);

    body_add(&builder, "abc", 3);
    struct body *built = body_finish(&builder);
    cr_assert_not_null(body);
    cr_assert_not_null(built);
    cells_free(cells);
    cr_expect_eq(memcmp(body->sha256, built->sha256, sizeof body->sha256), 0);
    struct body *watched = body_watch(body);
    body_free(body);
    cr_expect_null(body_recover(watched));
    body_unwatch(watched);
    cr_expect_eq(memcmp(built->data, "abc", 3), 0);
    body_free(built);
}

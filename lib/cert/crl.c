/* struct crl: who holds it, and what is said of it. */
#include "cert/crl.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "cert/crl_steps.h"

struct crl *crl_ref(const struct crl *crl)
{
    struct crl *same = (struct crl *)(uintptr_t)crl;

    atomic_fetch_add(&same->references_held, 1);
    return same;
}

void crl_free(struct crl *crl)
{
    if (crl == NULL || atomic_fetch_sub(&crl->references_held, 1) > 1)
        return;
    crl_entries_free(&crl->entries);
    for (size_t i = 0; i < sizeof crl->verdicts / sizeof *crl->verdicts; i++)
        free(atomic_load(&crl->verdicts[i]));
    free(crl->source);
    free(crl->issuer_text);
    free((void *)(uintptr_t)crl->head.data);
    free(crl);
}

struct crl *crl_make(const char *source)
{
    struct crl *crl = calloc(1, sizeof *crl);

    if (crl == NULL)
        return NULL;
    error_clear(&crl->fault);
    atomic_init(&crl->references_held, 1);
    if ((crl->source = text_shown(source, strlen(source))) != NULL)
        return crl;
    crl_free(crl);
    return NULL;
}

/* ---- Series and age ------------------------------------------------------------------------ */

bool crl_same_series(const struct crl *a, const struct crl *b)
{
    return der_equal(a->issuer, b->issuer) && der_equal(a->akid, b->akid)
           && der_equal(a->idp, b->idp);
}

static int compare_numbers(struct der a, struct der b)
{
    if (a.len != b.len)
        return a.len < b.len ? -1 : 1;
    return a.len == 0 ? 0 : memcmp(a.data, b.data, a.len);
}

int crl_compare_age(const struct crl *a, const struct crl *b)
{
    int age = a->number.data != NULL && b->number.data != NULL
                  ? compare_numbers(a->number, b->number)
                  : 0;

    if (age != 0 || a->this_update == b->this_update)
        return age;
    return a->this_update < b->this_update ? -1 : 1;
}

/* ---- For people ---------------------------------------------------------------------------- */

const char *crl_number(char room[CRL_NUMBER_SIZE], const struct crl *crl)
{
    struct der number = crl->number;
    unsigned long long value = 0;
    size_t used = 2;

    room[0] = '\0';
    if (number.data == NULL)
        return room;
    if (number.len <= sizeof value) {
        for (size_t i = 0; i < number.len; i++)
            value = value << 8 | number.data[i];
        snprintf(room, CRL_NUMBER_SIZE, "%llu", value);
        return room;
    }
    memcpy(room, "0x", 3);
    for (size_t i = 0; i < number.len && used + 3 <= CRL_NUMBER_SIZE; i++, used += 2)
        snprintf(room + used, 3, "%02x", number.data[i]);
    return room;
}

const char *crl_name(char room[CRL_NAME_SIZE], const struct crl *crl)
{
    char issuer[SHOWN_SIZE], number[CRL_NUMBER_SIZE];
    const char *text = crl->issuer_text;
    /* Its backslashes are RFC 4514's. */
    snprintf(issuer, sizeof issuer, "%s", text);
    if (strlen(text) >= sizeof issuer)
        memcpy(issuer + sizeof issuer - 4, "...", 4);
    crl_number(number, crl);
    snprintf(room, CRL_NAME_SIZE, "the CRL of \"%s\"%s%.20s%s", issuer,
             number[0] != '\0' ? " (number " : "", number, number[0] != '\0' ? ")" : "");
    return room;
}

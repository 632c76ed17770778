/*
 * What a certificate says of itself as text: the public functions of stir.h on it.
 *
 * The texts are made when one is first asked for, so that a certificate on its way through a
 * call costs none, and by one compare-and-swap, because a certificate in a cached path is asked
 * by many threads.
 */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "cert/certificate_steps.h"

enum { TEXTS = 19 };

struct certificate_texts {
    char *values[TEXTS]; /* NULL: the certificate has none */
};

static void add_clock(struct text *text, int64_t time)
{
    char room[CLOCK_TEXT_SIZE];

    text_add(text, clock_text(room, time));
}

static void add_name(struct text *text, struct der name)
{
    char *value = NULL;

    if (fields_name_text(name, &value) < 0)
        text->failed = true;
    else if (value != NULL)
        text_add(text, value);
    free(value);
}

static void write_subject(struct text *text, const struct stir_certificate *certificate)
{
    add_name(text, certificate->subject);
}

static void write_issuer(struct text *text, const struct stir_certificate *certificate)
{
    add_name(text, certificate->issuer);
}

/* As in the DER, without the zero octet that only says "positive". */
static void write_serial(struct text *text, const struct stir_certificate *certificate)
{
    struct der serial = certificate->serial;

    if (serial.len > 1 && serial.data[0] == 0)
        serial = (struct der){serial.data + 1, serial.len - 1};
    text_add_hex(text, serial.data, serial.len);
}

static void write_sha256(struct text *text, const struct stir_certificate *certificate)
{
    text_add_hex(text, certificate->sha256, sizeof certificate->sha256);
}

static void write_spki_sha256(struct text *text, const struct stir_certificate *certificate)
{
    if (certificate->spki.data != NULL)
        text_add_hex(text, certificate->spki_sha256, sizeof certificate->spki_sha256);
}

static void write_not_before(struct text *text, const struct stir_certificate *certificate)
{
    if (certificate->spki.data != NULL)
        add_clock(text, certificate->not_before);
}

static void write_not_after(struct text *text, const struct stir_certificate *certificate)
{
    if (certificate->spki.data != NULL)
        add_clock(text, certificate->not_after);
}

static void write_ca(struct text *text, const struct stir_certificate *certificate)
{
    text_add(text, certificate->ca ? "true" : "false");
}

static void write_path_length(struct text *text, const struct stir_certificate *certificate)
{
    if (certificate->path_length >= 0)
        text_addf(text, "%d", certificate->path_length);
}

static void write_skid(struct text *text, const struct stir_certificate *certificate)
{
    text_add_hex(text, certificate->skid.data, certificate->skid.len);
}

static void write_akid(struct text *text, const struct stir_certificate *certificate)
{
    text_add_hex(text, certificate->akid.data, certificate->akid.len);
}

static void write_key(struct text *text, const struct stir_certificate *certificate)
{
    if (certificate->key != NULL)
        text_add(text, public_key_name(certificate->key));
}

static void write_signature(struct text *text, const struct stir_certificate *certificate)
{
    if (certificate->key != NULL)
        text_add(text, signature_kind_name(certificate->signature_kind));
}

static void write_key_usage(struct text *text, const struct stir_certificate *certificate)
{
    if (certificate->key_usage_text != NULL)
        text_add(text, certificate->key_usage_text);
}

/* All that hold the list, separated by blanks, which a URL has not. */
static void write_tnauthlist_url(struct text *text, const struct stir_certificate *certificate)
{
    for (size_t i = 0; i < certificate->n_references; i++)
        text_addf(text, "%s%s", i > 0 ? " " : "", certificate->references[i]);
}

static void add_names(struct text *text, const struct claim_names *names)
{
    for (size_t i = 0; i < names->n; i++) {
        text_add(text, i > 0 ? ", " : "");
        text_add_shown(text, names->names[i], strlen(names->names[i]));
    }
}

static void write_must_include(struct text *text, const struct stir_certificate *certificate)
{
    add_names(text, &certificate->constraints.must_include);
}

static void write_must_exclude(struct text *text, const struct stir_certificate *certificate)
{
    add_names(text, &certificate->constraints.must_exclude);
}

/* "attest=A, attest=B" */
static void write_permitted(struct text *text, const struct stir_certificate *certificate)
{
    for (size_t i = 0; i < certificate->constraints.n_permitted; i++) {
        const struct claim_permit *permit = &certificate->constraints.permitted[i];
        for (size_t k = 0; k < permit->n_values; k++) {
            text_add(text, text->len > 0 ? ", " : "");
            text_add_shown(text, permit->name, strlen(permit->name));
            text_add(text, "=");
            text_add_shown(text, permit->values[k], strlen(permit->values[k]));
        }
    }
}

static void write_anchor(struct text *text, const struct stir_certificate *certificate)
{
    text_add(text, certificate->anchor ? "true" : "false");
}

static const struct {
    const char *name;
    void (*write)(struct text *text, const struct stir_certificate *certificate);
} fields[TEXTS] = {
    {"subject", write_subject},
    {"issuer", write_issuer},
    {"serial", write_serial},
    {"sha256", write_sha256},
    {"spki_sha256", write_spki_sha256},
    {"not_before", write_not_before},
    {"not_after", write_not_after},
    {"ca", write_ca},
    {"path_length", write_path_length},
    {"skid", write_skid},
    {"akid", write_akid},
    {"key", write_key},
    {"signature", write_signature},
    {"key_usage", write_key_usage},
    {"tnauthlist_url", write_tnauthlist_url},
    {"must_include", write_must_include},
    {"permitted", write_permitted},
    {"must_exclude", write_must_exclude},
    {"anchor", write_anchor},
};

static bool is_empty_name(struct der name)
{
    struct der_element sequence;

    return der_only(name, DER_SEQUENCE, &sequence) == 0 && sequence.content.len == 0;
}

/* An empty name is a name; of everything else, nothing written means that there is none. */
static bool is_absent(const struct text *text, size_t i,
                      const struct stir_certificate *certificate)
{
    if (text->len > 0)
        return false;
    return !(fields[i].write == write_subject && is_empty_name(certificate->subject))
           && !(fields[i].write == write_issuer && is_empty_name(certificate->issuer));
}

static struct certificate_texts *make(const struct stir_certificate *certificate)
{
    struct certificate_texts *texts = calloc(1, sizeof *texts);

    for (size_t i = 0; texts != NULL && i < TEXTS; i++) {
        struct text text = {0};
        fields[i].write(&text, certificate);
        if (!text.failed && is_absent(&text, i, certificate)) {
            text_free(&text); /* an empty text may have room all the same */
            continue;
        }
        texts->values[i] = text_take(&text);
        if (texts->values[i] == NULL) {
            certificate_texts_free(texts);
            return NULL;
        }
    }
    return texts;
}

void certificate_texts_free(struct certificate_texts *texts)
{
    for (size_t i = 0; texts != NULL && i < TEXTS; i++)
        free(texts->values[i]);
    free(texts);
}

static const struct certificate_texts *texts_of(const struct stir_certificate *certificate)
{
    struct stir_certificate *holder = (struct stir_certificate *)(uintptr_t)certificate;
    struct certificate_texts *texts = atomic_load(&holder->texts), *none = NULL;

    if (texts != NULL)
        return texts;
    texts = make(certificate);
    if (texts == NULL || atomic_compare_exchange_strong(&holder->texts, &none, texts))
        return texts;
    certificate_texts_free(texts); /* another thread was faster */
    return none;
}

const char *stir_certificate_text(const struct stir_certificate *certificate, const char *name)
{
    if (certificate == NULL || name == NULL)
        return NULL;
    for (size_t i = 0; i < TEXTS; i++)
        if (strcmp(fields[i].name, name) == 0) {
            const struct certificate_texts *texts = texts_of(certificate);
            return texts != NULL ? texts->values[i] : NULL;
        }
    return NULL;
}

int64_t stir_certificate_not_after(const struct stir_certificate *certificate)
{
    return certificate != NULL ? certificate->not_after : 0;
}

const void *stir_certificate_der(const struct stir_certificate *certificate, size_t *len)
{
    if (len != NULL)
        *len = certificate != NULL ? certificate->der.len : 0;
    return certificate != NULL ? certificate->der.data : NULL;
}

const struct stir_scope *stir_certificate_scope(const struct stir_certificate *certificate)
{
    if (certificate == NULL)
        return NULL;
    return certificate->fetched != NULL ? certificate->fetched : certificate->scope;
}

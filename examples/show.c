/*
 * What a list of certificates holds, and what of it lies beyond the parent.
 *
 * show CERTIFICATES
 */
#include <inttypes.h>
#include <stdio.h>

#include <stir.h>

static void show_scope(const char *title, const struct stir_scope *scope)
{
    struct stir_entry entry;

    for (size_t i = 0; stir_scope_entry(scope, i, &entry); i++)
        if (entry.spc != NULL)
            printf("   %s SPC %s\n", title, entry.spc);
        else if (entry.count == 1)
            printf("   %s %s\n", title, entry.first);
        else
            printf("   %s %s to %s, %" PRIu64 " numbers\n", title, entry.first, entry.last,
                   entry.count);
}

static void show_rest(const struct stir_scope *parent, const struct stir_scope *scope)
{
    struct stir_scope *rest = NULL;

    if (parent == NULL || scope == NULL)
        return;
    int encompassed = stir_scope_encompasses(parent, scope, &rest, NULL);
    if (encompassed == STIR_UNKNOWN)
        show_scope("as the parent's SPCs may hold", rest);
    else if (encompassed == STIR_NO)
        show_scope("beyond the parent", rest);
    stir_scope_free(rest);
}

int main(int argc, char **argv)
{
    struct stir_error error = {0};
    struct stir_chain *chain = argc == 2 ? stir_chain_load(argv[1], &error) : NULL;
    const struct stir_certificate *certificate;

    for (size_t i = 0; (certificate = stir_chain_certificate(chain, i)) != NULL; i++) {
        const struct stir_scope *scope = stir_certificate_scope(certificate);
        printf("%zu  %s\n   from %s to %s\n", i, stir_certificate_text(certificate, "subject"),
               stir_certificate_text(certificate, "not_before"),
               stir_certificate_text(certificate, "not_after"));
        show_scope("holds", scope);
        show_rest(stir_certificate_scope(stir_chain_certificate(chain, i + 1)), scope);
    }
    if (chain == NULL)
        fprintf(stderr, "show: %s\n", error.text);
    stir_chain_free(chain);
    return chain == NULL ? 2 : 0;
}

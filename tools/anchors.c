/* stir anchors show: whom a configuration trusts, and why. */
#include "commands.h"
#include "listing.h"
#include "trust.h"

static int run(const struct options *options)
{
    struct stir_error error;
    struct stir_rows *rows = NULL;
    int rc = trust_need_anchors(options);
    struct stir_verifier *verifier = rc == 0 ? trust_verifier(options) : NULL;

    if (verifier == NULL)
        return EXIT_USAGE;
    rows = stir_verifier_list(verifier, STIR_LIST_ANCHORS, &error);
    if (rows != NULL)
        listing_print(rows, options->json);
    else
        rc = complain("%s", error.text);
    stir_rows_free(rows);
    stir_verifier_free(verifier);
    return rc;
}

static const struct option table[] = {
    OPTION_ANCHORS,
    OPTION_TRUSTED_LIST_SIGNER,
    OPTION_TRUSTED_LIST,
    {0},
};

const struct command command_anchors_show = {
    .name = "anchors show",
    .summary = "Show which trust anchors there are, and where they are from",
    .operands = "",
    .options = table,
    .about =
        "The certificates that paths may end at: those of --anchors, and those of trusted\n"
        "CA lists (ATIS-1000084), which are anchors until their list ends. Lists of URLs are\n"
        "fetched first; one that does not come is a line without certificate.\n",
    .run = run,
};

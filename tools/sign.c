/* stir sign: signs a PASSporT and prints the Identity value. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commands.h"
#include "json.h"
#include "output.h"
#include "trust.h"

/* ---- The PASSporT ---------------------------------------------------------------------- */

static int set(struct stir_passport *passport, const char *option, const char *value)
{
    struct stir_error error;

    if (stir_passport_set(passport, option, value, &error) >= 0)
        return 0;
    return complain("--%s %s: %s", option, value, error.text);
}

static int set_all(struct stir_passport *passport, const struct options *options,
                   const char *option)
{
    const char *value;
    size_t i = 0;
    int rc = 0;

    while (rc == 0 && (value = option_next(options, option, &i)) != NULL)
        rc = set(passport, option, value);
    return rc;
}

/* --claim NAME=JSON */
static int set_claim(struct stir_passport *passport, const char *claim)
{
    size_t len = strcspn(claim, "=");
    struct stir_error error;

    if (len == 0 || claim[len] == '\0')
        return complain("--claim %s: it is written NAME=JSON", claim);
    char *name = strndup(claim, len);
    if (name == NULL)
        return complain_no_memory();
    int rc = stir_passport_set_json(passport, name, claim + len + 1, &error);
    free(name);
    return rc >= 0 ? 0 : complain("--claim %s: %s", claim, error.text);
}

static int set_claims(struct stir_passport *passport, const struct options *options)
{
    const char *claim;
    size_t i = 0;
    int rc = 0;

    while (rc == 0 && (claim = option_next(options, "claim", &i)) != NULL)
        rc = set_claim(passport, claim);
    return rc;
}

/* iat is a number of seconds in the claim, and any TIME on the command line. */
static int set_iat(struct stir_passport *passport, const struct options *options, int64_t now)
{
    char text[24];
    int rc = option_time(options, "iat", &now);

    snprintf(text, sizeof text, "%lld", (long long)now);
    return rc == 0 ? set(passport, "iat", text) : rc;
}

/* A random UUID (RFC 9562 section 5.4), where a type asks for one and none is given. */
static int set_origid(struct stir_passport *passport, const struct options *options)
{
    const char *ppt = option_value(options, "ppt");
    unsigned char r[16];
    char uuid[37];

    if (option_is_given(options, "origid") || ppt == NULL || strcmp(ppt, "shaken") != 0)
        return set_all(passport, options, "origid");
    if (getentropy(r, sizeof r) != 0)
        return complain("no random octets for an origid: give --origid");
    r[6] = (unsigned char)((r[6] & 0x0F) | 0x40);
    r[8] = (unsigned char)((r[8] & 0x3F) | 0x80);
    snprintf(uuid, sizeof uuid,
             "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x", r[0], r[1],
             r[2], r[3], r[4], r[5], r[6], r[7], r[8], r[9], r[10], r[11], r[12], r[13], r[14],
             r[15]);
    return set(passport, "origid", uuid);
}

static struct stir_passport *make_passport(const struct options *options, int64_t now)
{
    const char *ppt = option_value(options, "ppt");
    struct stir_error error;
    struct stir_passport *passport = stir_passport_new(ppt != NULL ? ppt : "", NULL, &error);
    int rc = 0;

    if (passport == NULL) {
        complain("--ppt: %s", error.text);
        return NULL;
    }
    if ((rc = set_all(passport, options, "orig")) == 0
        && (rc = set_all(passport, options, "dest")) == 0
        && (rc = set_iat(passport, options, now)) == 0
        && (rc = set_all(passport, options, "attest")) == 0
        && (rc = set_origid(passport, options)) == 0)
        rc = set_claims(passport, options);
    if (rc == 0)
        return passport;
    stir_passport_free(passport);
    return NULL;
}

/* ---- The command ----------------------------------------------------------------------- */

static struct stir_signer *make_signer(const struct options *options,
                                       struct stir_verifier *verifier)
{
    struct stir_error error;
    struct stir_key *key = stir_key_load(option_value(options, "key"), &error);
    struct stir_signer *signer = NULL;

    if (key == NULL)
        complain("--key: %s", error.text);
    else if ((signer =
                  stir_signer_new(verifier, NULL, key, option_value(options, "x5u"), &error))
             == NULL)
        complain("%s", error.text);
    stir_key_free(key);
    return signer;
}

static void print(const struct options *options, const char *identity)
{
    if (!options->json) {
        puts(identity);
        return;
    }
    struct node *object = node_object();
    node_set(object, "identity", node_text(identity));
    node_print(object);
}

static int sign(const struct options *options, const struct stir_signer *signer,
                const struct stir_passport *passport, int64_t now)
{
    int flags = option_is_given(options, "compact") ? STIR_COMPACT : 0;
    struct stir_error error;
    char *identity = stir_signer_sign(signer, passport, now, flags, &error);

    if (identity == NULL) {
        complain("%s", error.text);
        return error.code > 0 || error.code == STIR_E_REFUSED ? EXIT_BAD : EXIT_USAGE;
    }
    print(options, identity);
    free(identity);
    return EXIT_DONE;
}

static int check_needed(const struct options *options)
{
    static const char *const needed[] = {"key", "x5u", "orig", "dest"};
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < sizeof needed / sizeof *needed; i++)
        rc = option_need(options, needed[i]);
    return rc;
}

static int run(const struct options *options)
{
    struct stir_verifier *verifier = NULL;
    struct stir_signer *signer = NULL;
    struct stir_passport *passport = NULL;
    int64_t now;
    int rc = check_needed(options);

    if (rc == 0)
        rc = option_now(options, &now);
    if (rc != 0)
        return rc;
    rc = EXIT_USAGE;
    if ((verifier = trust_verifier(options)) != NULL
        && (signer = make_signer(options, verifier)) != NULL
        && (passport = make_passport(options, now)) != NULL)
        rc = sign(options, signer, passport, now);
    stir_passport_free(passport);
    stir_signer_free(signer);
    stir_verifier_free(verifier);
    return rc;
}

static const struct option table[] = {
    {"key", "KEY", false, "the private key: PEM, or pkcs11:..."},
    {"x5u", "URL", false, "where the certificates can be had"},
    {"ppt", "T", false, "the type of PASSporT; without it the base"},
    {"orig", "ID", false, "the caller"},
    {"dest", "ID", true, "a called number or URI"},
    {"iat", "T", false, "when it is signed: a TIME; now without it"},
    {"attest", "A", false, "A, B or C"},
    {"origid", "U", false, "a UUID; without it a random one, for shaken"},
    {"claim", "NAME=JSON", true, "another claim"},
    {"compact", NULL, false, "print the compact form"},
    {0},
};

const struct command command_sign = {
    .name = "sign",
    .summary = "Make an Identity header",
    .operands = "",
    .clock = true,
    .options = table,
    .about =
        "ID is a number (+ and separators allowed) or a SIP or tel URI. Whether the key's\n"
        "certificate may sign for it is what stir path tells.\n",
    .notes = "Exit status: 0 done, 1 refused, 2 wrong use.\n",
    .run = run,
};

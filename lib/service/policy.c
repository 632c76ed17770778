/* Policy keys: their values, and what each sets. */
#include "service/policy.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

/* A key has either choices, of which the index is set, or a reader of its own. */
struct key {
    const char *name, *initial;
    const char *choices; /* "a|b|c"; NULL: see read */
    const char *later;   /* values that design.md has and this version has not; NULL: none */
    void (*set)(struct policy *policy, int choice);
    int (*read)(struct policy *policy, const char *value);
    const char *wanted; /* what read takes, for the error */
};

static void set_profile(struct policy *policy, int choice)
{
    policy->profile = (enum profile)choice;
}

static void set_path_order(struct policy *policy, int choice)
{
    policy->path_order = (enum path_order)choice;
}

static void set_status(struct policy *policy, int choice)
{
    policy->status = (enum status_policy)choice;
}

static void set_spc_unknown(struct policy *policy, int choice)
{
    policy->delegation.unknown = (enum spc_unknown)choice;
}

static void set_spc_overhang(struct policy *policy, int choice)
{
    policy->delegation.overhang = (enum spc_overhang)choice;
}

static void set_require_delegate(struct policy *policy, int choice)
{
    policy->delegation.require_delegate = choice == 1;
}

static void set_date_check(struct policy *policy, int choice)
{
    policy->freshness.require_date = choice == 1;
}

static void set_orig_check(struct policy *policy, int choice)
{
    policy->orig_check = (enum compare_orig_with)choice;
}

static void set_dest_check(struct policy *policy, int choice)
{
    policy->dest_check = (enum compare_dest_with)choice;
}

static void set_numeric_user(struct policy *policy, int choice)
{
    policy->numeric_user_is_tn = choice == 0;
}

static void set_number_plan(struct policy *policy, int choice)
{
    policy->number_plan = (enum number_plan)choice;
}

static void set_origid(struct policy *policy, int choice)
{
    policy->any_origid = choice == 1;
}

static void set_strict_json(struct policy *policy, int choice)
{
    policy->reject_non_deterministic = choice == 1;
}

static void set_constraints_void(struct policy *policy, int choice)
{
    policy->reject_void_constraints = choice == 1;
}

static void set_require_identity(struct policy *policy, int choice)
{
    policy->require_identity = choice == 1;
}

static void set_min_attest(struct policy *policy, int choice)
{
    policy->min_attest = (enum min_attest)choice;
}

static void set_verstat_map(struct policy *policy, int choice)
{
    policy->verstat_by_verdict = choice == 1;
}

/* A key that has one value in this version: nothing to set, but it may be said. */
static void set_nothing(struct policy *policy, int choice)
{
    (void)policy;
    (void)choice;
}

/* Seconds; up to a day, since a token that old is no evidence of this call. */
static int read_freshness(struct policy *policy, const char *value)
{
    char *end;

    if (*value < '0' || *value > '9')
        return -1;
    long seconds = strtol(value, &end, 10);
    if (*end != '\0' || seconds > 86400)
        return -1;
    policy->freshness.window = seconds;
    return 0;
}

/* The index of a word of the given length among "a|b|c"; -1: it is not there. */
static int choice_of(const char *choices, const char *word, size_t len)
{
    for (int i = 0;; i++) {
        size_t here = strcspn(choices, "|");
        if (here == len && memcmp(choices, word, len) == 0)
            return i;
        if (choices[here] == '\0')
            return -1;
        choices += here + 1;
    }
}

/* A comma list of types, or none. */
static int read_spc_attests(struct policy *policy, const char *value)
{
    unsigned types = 0;

    while (strcmp(value, "none") != 0) {
        size_t len = strcspn(value, ",");
        int type = choice_of("shaken|div|rcd", value, len);
        if (type < 0)
            return -1;
        types |= 1u << type;
        if (value[len] == '\0')
            break;
        value += len + 1;
    }
    policy->spc_attests = types;
    return 0;
}

static const struct key keys[] = {
    {"profile", "rfc", "rfc|atis80|atis92", NULL, set_profile, NULL, NULL},
    {"path_order", "auto", "auto|strict|any", NULL, set_path_order, NULL, NULL},
    {"status", "prefer", "prefer|require|off", NULL, set_status, NULL, NULL},
    {"spc_unknown", "indeterminate", "indeterminate|invalid|trust_issuer", NULL,
     set_spc_unknown, NULL, NULL},
    {"spc_overhang", "certificate", "certificate|called", NULL, set_spc_overhang, NULL, NULL},
    {"spc_attests", "shaken,div,rcd", NULL, NULL, NULL, read_spc_attests,
     "a list of shaken, div, rcd; or none"},
    {"require_delegate", "no", "no|yes", NULL, set_require_delegate, NULL, NULL},
    {"freshness", "60", NULL, NULL, NULL, read_freshness, "0 to 86400 seconds"},
    {"date_check", "warn", "warn|require", NULL, set_date_check, NULL, NULL},
    {"orig_check", "pai", "pai|from|off", NULL, set_orig_check, NULL, NULL},
    {"dest_check", "to", "to|request_uri|off", NULL, set_dest_check, NULL, NULL},
    {"numeric_user", "tn", "tn|uri", NULL, set_numeric_user, NULL, NULL},
    {"number_plan", "nanp", "nanp|none", NULL, set_number_plan, NULL, NULL},
    {"origid", "uuid", "uuid|any", NULL, set_origid, NULL, NULL},
    {"strict_json", "warn", "warn|reject", NULL, set_strict_json, NULL, NULL},
    {"x5c", "off", "off", "prefer", set_nothing, NULL, NULL},
    {"constraints_void", "follow", "follow|reject", NULL, set_constraints_void, NULL, NULL},
    {"reference_list", "both", "both", "reference_only", set_nothing, NULL, NULL},
    {"es256", "auto", "auto|gnutls", "libcrypto", set_nothing, NULL, NULL},
    {"require_identity", "no", "no|yes", NULL, set_require_identity, NULL, NULL},
    {"min_attest", "none", "none|A|B|C", NULL, set_min_attest, NULL, NULL},
    {"replay", "off", "off", "on", set_nothing, NULL, NULL},
    {"verstat_map", "atis", "atis|verdict", NULL, set_verstat_map, NULL, NULL},
};

enum { N_KEYS = sizeof keys / sizeof *keys };

/* Keys that are to come; naming them apart from misspelt ones saves an operator a search. */
static const char later_keys[] =
    "x5u_media|x5u_ports|fetch_allow|x5u_query|proxy|stale_if_error|cache_file|cache_floor|"
    "fetch|rcd_content|signers_file|spc_db_max_age|trusted_list_signer|"
    "trusted_list|decisions|fetch_ca";

size_t policy_key_count(void)
{
    return N_KEYS;
}

const char *policy_key_name(size_t i)
{
    return i < N_KEYS ? keys[i].name : NULL;
}

const char *policy_key_initial(size_t i)
{
    return i < N_KEYS ? keys[i].initial : NULL;
}

int policy_key_find(const char *name, size_t *i, struct stir_error *error)
{
    char room[SHOWN_SIZE];

    for (*i = 0; *i < N_KEYS; ++*i)
        if (strcmp(keys[*i].name, name) == 0)
            return 0;
    shown(room, name, strlen(name));
    if (choice_of(later_keys, name, strlen(name)) >= 0)
        return error_set(error, STIR_E_UNSUPPORTED, "policy %s is not in this version", room);
    return error_set(error, STIR_E_ARGUMENT, "there is no policy %s", room);
}

static int refuse(const struct key *key, const char *value, struct stir_error *error)
{
    char room[SHOWN_SIZE];

    shown(room, value, strlen(value));
    if (key->later != NULL && choice_of(key->later, value, strlen(value)) >= 0)
        return error_set(error, STIR_E_UNSUPPORTED, "policy %s: %s is not in this version",
                         key->name, room);
    return error_set(error, STIR_E_ARGUMENT, "policy %s: wanted %s, found \"%s\"", key->name,
                     key->choices != NULL ? key->choices : key->wanted, room);
}

int policy_set(struct policy *policy, size_t i, const char *value, struct stir_error *error)
{
    const struct key *key = &keys[i];

    if (key->read != NULL)
        return key->read(policy, value) == 0 ? 0 : refuse(key, value, error);
    int choice = choice_of(key->choices, value, strlen(value));
    if (choice < 0)
        return refuse(key, value, error);
    key->set(policy, choice);
    return 0;
}

void policy_init(struct policy *policy)
{
    memset(policy, 0, sizeof *policy);
    for (size_t i = 0; i < N_KEYS; i++)
        policy_set(policy, i, keys[i].initial, NULL);
}

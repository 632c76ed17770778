/* Policy keys: their values, and what each sets. */
#include "service/policy.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "fetch/store.h"

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

static void set_x5c(struct policy *policy, int choice)
{
    policy->prefer_x5c = choice == 1;
}

static void set_constraints_void(struct policy *policy, int choice)
{
    policy->reject_void_constraints = choice == 1;
}

static void set_reference_list(struct policy *policy, int choice)
{
    policy->reference_only = choice == 1;
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

static void set_x5u_media(struct policy *policy, int choice)
{
    policy->reject_media = choice == 1;
}

static void set_replay(struct policy *policy, int choice)
{
    policy->replay = choice == 1;
}

static void set_fetch(struct policy *policy, int choice)
{
    policy->fetch = (enum fetch_by)choice;
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

/* "90", "90s", "15m", "24h", "7d", up to most seconds; -1: it is none. */
static int64_t duration_of(const char *text, size_t len, int64_t most)
{
    static const struct {
        char unit;
        int64_t seconds;
    } units[] = {{'s', 1}, {'m', 60}, {'h', 3600}, {'d', 86400}};
    int64_t n = 0, times = 1;
    size_t i = 0;

    for (; i < len && text[i] >= '0' && text[i] <= '9' && n <= most; i++)
        n = 10 * n + (text[i] - '0');
    if (i == 0 || len - i > 1)
        return -1;
    for (size_t k = 0; i < len; k++) {
        if (k == sizeof units / sizeof *units)
            return -1;
        if (units[k].unit == text[i]) {
            times = units[k].seconds;
            break;
        }
    }
    return n * times <= most ? n * times : -1;
}

/* For certificates, and after a comma for lists by reference, which otherwise stay as they are. */
static int read_durations(const char *value, int64_t *certificates, int64_t *lists)
{
    size_t len = strcspn(value, ",");
    int64_t first = duration_of(value, len, LIMIT_DURATION), second = *lists;

    if (value[len] == ',')
        second = duration_of(value + len + 1, strlen(value + len + 1), LIMIT_DURATION);
    if (first < 0 || second < 0)
        return -1;
    *certificates = first;
    *lists = second;
    return 0;
}

static int read_cache_floor(struct policy *policy, const char *value)
{
    return read_durations(value, &policy->cache.of[FETCH_CERTIFICATES].floor,
                          &policy->cache.of[FETCH_TNAUTHLIST].floor);
}

static int read_stale_if_error(struct policy *policy, const char *value)
{
    return read_durations(value, &policy->cache.of[FETCH_CERTIFICATES].stale_if_error,
                          &policy->cache.of[FETCH_TNAUTHLIST].stale_if_error);
}

static int read_spc_db_max_age(struct policy *policy, const char *value)
{
    int64_t seconds =
        strcmp(value, "none") == 0 ? -1 : duration_of(value, strlen(value), LIMIT_DATA_AGE);

    if (seconds < 0 && strcmp(value, "none") != 0)
        return -1;
    policy->spc_db_max_age = seconds;
    return 0;
}

static int set_query(struct fetch_policy *policy, const char *value)
{
    bool yes = strcmp(value, "yes") == 0;

    if (!yes && strcmp(value, "no") != 0)
        return STIR_E_SYNTAX;
    fetch_policy_set_query(policy, yes);
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

/* The configuration keeps and reads it: see config.c. */
static int read_signers_file(struct policy *policy, const char *value)
{
    (void)policy;
    (void)value;
    return 0;
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

#define DURATIONS                                                                              \
    "a time like 90s, 15m, 24h, for certificates; after a comma one for lists by reference"

static const struct key keys[] = {
    {"profile", "rfc", "rfc|atis80|atis92", NULL, set_profile, NULL, NULL},
    {"path_order", "auto", "auto|strict|any", NULL, set_path_order, NULL, NULL},
    {"status", "prefer", "prefer|require|off", NULL, set_status, NULL, NULL},
    {"spc_unknown", "indeterminate", "indeterminate|invalid|trust_issuer", NULL,
     set_spc_unknown, NULL, NULL},
    {"spc_overhang", "certificate", "certificate|called", NULL, set_spc_overhang, NULL, NULL},
    {"spc_attests", "shaken,div,rcd", NULL, NULL, NULL, read_spc_attests,
     "a list of shaken, div, rcd; or none"},
    {"spc_db_max_age", "none", NULL, NULL, NULL, read_spc_db_max_age,
     "none, or a time like 90s, 24h, 30d"},
    {"require_delegate", "no", "no|yes", NULL, set_require_delegate, NULL, NULL},
    {"freshness", "60", NULL, NULL, NULL, read_freshness, "0 to 86400 seconds"},
    {"date_check", "warn", "warn|require", NULL, set_date_check, NULL, NULL},
    {"orig_check", "pai", "pai|from|off", NULL, set_orig_check, NULL, NULL},
    {"dest_check", "to", "to|request_uri|off", NULL, set_dest_check, NULL, NULL},
    {"numeric_user", "tn", "tn|uri", NULL, set_numeric_user, NULL, NULL},
    {"number_plan", "nanp", "nanp|none", NULL, set_number_plan, NULL, NULL},
    {"origid", "uuid", "uuid|any", NULL, set_origid, NULL, NULL},
    {"strict_json", "warn", "warn|reject", NULL, set_strict_json, NULL, NULL},
    {"x5c", "off", "off|prefer", NULL, set_x5c, NULL, NULL},
    {"constraints_void", "follow", "follow|reject", NULL, set_constraints_void, NULL, NULL},
    {"reference_list", "both", "both|reference_only", NULL, set_reference_list, NULL, NULL},
    {"x5u_media", "warn", "warn|reject", NULL, set_x5u_media, NULL, NULL},
    {"x5u_ports", "443,8443", NULL, NULL, NULL, NULL, "a list of up to 16 ports"},
    {"x5u_query", "no", NULL, NULL, NULL, NULL, "no|yes"},
    {"fetch_allow", "none", NULL, NULL, NULL, NULL, "none, or networks: 10.0.0.0/8,fd00::/8"},
    {"proxy", "none", NULL, NULL, NULL, NULL, "none, or http://HOST:PORT"},
    {"fetch", "on", "on|caller|off", NULL, set_fetch, NULL, NULL},
    {"stale_if_error", "1h,0", NULL, NULL, NULL, read_stale_if_error, DURATIONS},
    {"cache_floor", "24h,0", NULL, NULL, NULL, read_cache_floor, DURATIONS},
    {"cache_file", "none", NULL, NULL, NULL, NULL, "none, or a file of ours alone"},
    {"es256", "auto", "auto|gnutls", "libcrypto", set_nothing, NULL, NULL},
    {"require_identity", "no", "no|yes", NULL, set_require_identity, NULL, NULL},
    {"min_attest", "none", "none|A|B|C", NULL, set_min_attest, NULL, NULL},
    {"replay", "off", "off|on", NULL, set_replay, NULL, NULL},
    {"signers_file", "", NULL, NULL, NULL, read_signers_file, "a file, or nothing"},
    {"verstat_map", "atis", "atis|verdict", NULL, set_verstat_map, NULL, NULL},
};

enum { N_KEYS = sizeof keys / sizeof *keys };

/* Keys whose values fetches keep. */
static const struct fetch_key {
    const char *name;
    int (*set)(struct fetch_policy *policy, const char *value);
} fetch_keys[] = {
    {"x5u_ports", fetch_policy_set_ports},
    {"x5u_query", set_query},
    {"fetch_allow", fetch_policy_set_allow},
    {"proxy", fetch_policy_set_proxy},
};

static const char *empty_for_none(const char *value)
{
    return strcmp(value, "none") == 0 ? "" : value;
}

static const struct fetch_key *fetch_key_of(const struct key *key)
{
    for (size_t i = 0; i < sizeof fetch_keys / sizeof *fetch_keys; i++)
        if (strcmp(fetch_keys[i].name, key->name) == 0)
            return &fetch_keys[i];
    return NULL;
}

/* Keys that are to come; naming them apart from misspelt ones saves an operator a search. */
static const char later_keys[] = "rcd_content";

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

/* Would a fetch policy take it? */
static int try_fetch(const struct key *key, const char *value, struct stir_error *error)
{
    struct fetch_policy *policy = fetch_policy_new();
    int rc =
        policy == NULL ? STIR_E_NOMEM : fetch_key_of(key)->set(policy, empty_for_none(value));

    fetch_policy_free(policy);
    if (rc == STIR_E_NOMEM)
        return error_no_memory(error);
    return rc == 0 ? 0 : refuse(key, value, error);
}

int policy_set_fetch(struct fetch_policy *policy, size_t i, const char *value)
{
    const struct fetch_key *key = fetch_key_of(&keys[i]);

    return key == NULL ? 0 : key->set(policy, empty_for_none(value));
}

/* The one key whose value is a file; the verifier opens it. */
static bool is_file_key(const struct key *key)
{
    return strcmp(key->name, "cache_file") == 0;
}

int policy_set(struct policy *policy, size_t i, const char *value, struct stir_error *error)
{
    const struct key *key = &keys[i];

    if (fetch_key_of(key) != NULL)
        return try_fetch(key, value, error);
    if (is_file_key(key))
        return *empty_for_none(value) == '\0' ? 0 : store_check(value, error);
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
    cache_policy_init(&policy->cache);
    for (size_t i = 0; i < N_KEYS; i++)
        if (fetch_key_of(&keys[i]) == NULL)
            policy_set(policy, i, keys[i].initial, NULL);
}

/*
 * libstir: was this call signed by somebody with authority over its calling number?
 *
 * Verifies PASSporTs (RFC 8225) carried in SIP Identity headers (RFC 8224) and signed with STIR
 * certificates (RFC 8226) or their delegates (RFC 9060). A program fills a stir_config, makes a
 * stir_verifier from it and asks it about stir_calls; each answer is a stir_result.
 *
 * What holds for every function below:
 *
 * Returns.  An int is 0 or a negative STIR_E_*, unless the function says otherwise. A pointer
 *   is the thing made, or NULL. A getter that takes an index gives NULL or false past the end.
 * Verdicts and failures.  Any verdict is a success: it lives in the result and nowhere else. A
 *   failure means that the question could not be put (memory, argument, file). Objects hold what
 *   they are given; verify and precheck judge it. A deed that was judged and turned down (sign,
 *   issue, take as an anchor what is none) fails with STIR_E_REFUSED, and the error's code is
 *   then the positive enum stir_code that says why.
 * Errors.  The last parameter; may be NULL. Cleared at entry; the first error wins.
 * Ownership.  Inputs are copied. A const pointer returned is borrowed from its object and lives
 *   as long. A char * or void * returned belongs to the caller: free(3). Whatever else is made
 *   has a _free(), which takes NULL. Free the verifier after what was made with it.
 * NULL where an object is due is STIR_E_ARGUMENT; a getter then gives NULL, 0, false or
 *   STIR_INDETERMINATE.
 * Text.  In: (data, len); len STIR_NUL says that it ends in NUL. Out: one line of printable
 *   UTF-8, in which a stranger's other octets, and the backslash, are written \xNN. JSON and
 *   PEM are exempt.
 * Numbers (TNs) are 1 to 15 characters of 0-9 * #, without +. An identity is a TN, or a URI
 *   (which holds a colon).
 * Time.  int64_t now: seconds since 1970-01-01T00:00:00Z, given by the caller. timeout_ms: 0
 *   answers from memory, -1 waits as long as the fetch limits allow.
 * Threads.  Any number may use one stir_verifier, stir_signer, stir_issuer or stir_key at once;
 *   everything else is for one thread at a time.
 * Fork.  A config, chain, scope, request, passport or call may cross a fork; the other objects
 *   belong to the process that made them and say STIR_E_FORKED in a child.
 * Growth.  Codes may be added in a minor release, so switch on the verdict. Visible structs
 *   marked [frozen] never change; those with a size grow at their end (set it to sizeof); those
 *   that only the library makes grow at their end.
 */

#ifndef STIR_H
#define STIR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif
#ifdef __GNUC__
#pragma GCC visibility push(default)
#endif

#define STIR_VERSION "0.1.0"
#define STIR_VERSION_NUMBER 0x000100 /* major << 16 | minor << 8 | patch */
#define STIR_NUL ((size_t)-1)

/* The version of the library at run time, as STIR_VERSION. */
const char *stir_version(void);

/* ---- Errors, verdicts, codes --------------------------------------------------------- */

enum {
    STIR_WANT = 1,           /* stir_op_step(): not done, see stir_op_want() */
    STIR_E_NOMEM = -1,       /* out of memory */
    STIR_E_ARGUMENT = -2,    /* NULL, an unknown key, a value out of its range */
    STIR_E_FILE = -3,        /* a file, a folder, a system call */
    STIR_E_SYNTAX = -4,      /* malformed: a csv, a key, a request, a setting */
    STIR_E_LIMIT = -5,       /* more than a named limit allows */
    STIR_E_REFUSED = -6,     /* judged and turned down; error.code is the enum stir_code */
    STIR_E_NOT_READY = -7,   /* see stir_verifier_ready() */
    STIR_E_UNSUPPORTED = -8, /* not built in, or not by this back end */
    STIR_E_FORKED = -9,      /* the object was made before fork() */
    STIR_E_INTERNAL = -10    /* a library underneath failed where it should not */
};

struct stir_error { /* [frozen] */
    int code;       /* 0, a STIR_E_*, or > 0: the enum stir_code of a refusal */
    int depth;      /* the certificate at fault, 0 is the first; -1: none */
    char text[256]; /* one sentence, NUL-terminated */
};

enum stir_verdict {
    STIR_INDETERMINATE = 0, /* could not find out: neither passed nor forged */
    STIR_VALID = 1,
    STIR_INVALID = 2
};

enum stir_answer { STIR_NO = 0, STIR_YES = 1, STIR_UNKNOWN = 2 };

/* The hundreds are the stages, in the order of checking. stir(7) has verdict, verstat and SIP
   status of each. */
enum stir_code {
    STIR_CODE_OK = 0,
    STIR_CODE_DEADLINE, /* 1 to 99: of no stage */
    STIR_CODE_ATTEST_TOO_LOW,

    STIR_CODE_NO_IDENTITY = 100, /* header */
    STIR_CODE_TOO_MANY_IDENTITIES,
    STIR_CODE_IDENTITY_SYNTAX,
    STIR_CODE_PPT_UNSUPPORTED,
    STIR_CODE_INFO_MISSING,

    STIR_CODE_TOKEN_SYNTAX = 200, /* token */
    STIR_CODE_COMPACT_NOT_ALLOWED,
    STIR_CODE_COMPACT_NOT_REBUILDABLE,
    STIR_CODE_JSON_SYNTAX,
    STIR_CODE_CRIT_UNSUPPORTED,
    STIR_CODE_TYP_NOT_PASSPORT,
    STIR_CODE_PPT_MISMATCH,
    STIR_CODE_ALG_UNSUPPORTED,
    STIR_CODE_ALG_MISMATCH,
    STIR_CODE_X5U_MISSING,
    STIR_CODE_X5U_MISMATCH,
    STIR_CODE_IAT_SYNTAX,
    STIR_CODE_ORIG_SYNTAX,
    STIR_CODE_DEST_SYNTAX,
    STIR_CODE_ATTEST_SYNTAX,
    STIR_CODE_ORIGID_SYNTAX,
    STIR_CODE_CLAIM_SYNTAX,

    STIR_CODE_STALE_IAT = 300, /* freshness */
    STIR_CODE_STALE_DATE,
    STIR_CODE_TOKEN_EXPIRED,
    STIR_CODE_TOKEN_NOT_YET_VALID,
    STIR_CODE_REPLAYED,

    STIR_CODE_ORIG_MISMATCH = 400, /* comparison with the call */
    STIR_CODE_DEST_MISMATCH,

    STIR_CODE_X5U_REFUSED = 500, /* retrieval */
    STIR_CODE_X5U_UNREACHABLE,
    STIR_CODE_X5U_BODY,
    STIR_CODE_LIST_TOO_LONG,

    STIR_CODE_CERT_SYNTAX = 600, /* certificates and path */
    STIR_CODE_CERT_DUPLICATE_EXTENSION,
    STIR_CODE_TNAUTHLIST_SYNTAX,
    STIR_CODE_TNAUTHLIST_REFERENCE,
    STIR_CODE_CONSTRAINTS_SYNTAX,
    STIR_CODE_CONSTRAINTS_BOTH,
    STIR_CODE_CERT_CRITICAL_EXTENSION,
    STIR_CODE_CERT_ALGORITHM,
    STIR_CODE_SIGNER_KEY,
    STIR_CODE_SIGNER_IS_CA,
    STIR_CODE_KEY_USAGE,
    STIR_CODE_PATH_ORDER,
    STIR_CODE_ISSUER_NOT_CA,
    STIR_CODE_AKID_MISSING,
    STIR_CODE_SKID_MISSING,
    STIR_CODE_AKID_MISMATCH,
    STIR_CODE_PATH_SIGNATURE,
    STIR_CODE_PATH_TOO_DEEP,
    STIR_CODE_PATH_LENGTH,
    STIR_CODE_PATH_NO_ANCHOR,
    STIR_CODE_CERT_EXPIRED,
    STIR_CODE_CERT_NOT_YET_VALID,
    STIR_CODE_TNAUTHLIST_GAP,
    STIR_CODE_TNAUTHLIST_UNREACHABLE,
    STIR_CODE_NOT_ENCOMPASSED,
    STIR_CODE_ENCOMPASS_UNKNOWN,
    STIR_CODE_PROFILE,

    STIR_CODE_SIGNER_DENIED = 700, /* status */
    STIR_CODE_SIGNER_HELD,
    STIR_CODE_REVOKED,
    STIR_CODE_STATUS_UNKNOWN,

    STIR_CODE_BAD_SIGNATURE = 800, /* signature */

    STIR_CODE_NO_TN_AUTHORITY = 900, /* scope */
    STIR_CODE_NO_URI_AUTHORITY,
    STIR_CODE_ORIG_OUT_OF_SCOPE,
    STIR_CODE_SCOPE_UNKNOWN,

    STIR_CODE_CLAIM_MISSING = 1000, /* claim constraints */
    STIR_CODE_CLAIM_NOT_PERMITTED,
    STIR_CODE_CLAIM_EXCLUDED
};

/* "valid", "invalid", "indeterminate". */
const char *stir_verdict_name(enum stir_verdict verdict);
/* "not-encompassed" of STIR_CODE_NOT_ENCOMPASSED, "e-nomem" of STIR_E_NOMEM; NULL: no code. */
const char *stir_code_name(int code);

/* ---- Rows: what every listing gives -------------------------------------------------- */

struct stir_rows;

void stir_rows_free(struct stir_rows *rows);
/* The name of the i-th column; NULL: no more. */
const char *stir_rows_column(const struct stir_rows *rows, size_t i);
/* A cell by its column's name: "" where nothing applies; NULL past the last row, or where there
   is no such column. */
const char *stir_rows_text(const struct stir_rows *rows, size_t row, const char *column);

/* ---- Configuration: trust, data, policy ---------------------------------------------- */

struct stir_config;
struct stir_certificate;
struct stir_want;

struct stir_config *stir_config_new(void);
void stir_config_free(struct stir_config *config);
/*
 * Policy keys (stir(7)) replace their value, source keys add: anchors, crl_anchors,
 * trusted_list_signer (a PEM file or a folder of them), crl (PEM or DER), trusted_list (a JWS,
 * ATIS-1000084), spc (csv:FILE). The value is checked and the file read here, and a failure
 * changes nothing; crl and trusted_list may be https URLs, which are fetched behind calls.
 * STIR_E_ARGUMENT: no such key or value; STIR_E_UNSUPPORTED: one this version does not have;
 * STIR_E_FILE, STIR_E_SYNTAX: the source; STIR_E_REFUSED: no certificate to trust.
 */
int stir_config_set(struct stir_config *config, const char *key, const char *value,
                    struct stir_error *error);
/* A source key from memory: what its file would hold. */
int stir_config_set_data(struct stir_config *config, const char *key, const void *data,
                         size_t len, struct stir_error *error);
/* The value of a policy key; NULL: no such key. */
const char *stir_config_get(const struct stir_config *config, const char *key);
/* The name of the i-th policy key. */
const char *stir_config_key(size_t i);

/* The caller's own SPC data, in place of key spc. Called from many threads at once. */
struct stir_resolver {
    size_t size;
    void *arg;
    /* Answers the want's questions by stir_want_answer() and does not end it. What stays
       unanswered is unknown; after a negative return, all of it is. There are at most 4,096 and
       those about the calling number; of a path that has more there are several wants, one after
       the other, a million questions in all. */
    int (*answer)(void *arg, struct stir_want *want, struct stir_error *error);
    /* The SPC's present generation, asked on every call that rests on answers kept
       (stir_want_keep()); NULL: it has none. */
    uint64_t (*generation)(void *arg, const char *spc);
    /* Called once, when nothing uses arg any more; may be NULL. */
    void (*release)(void *arg);
};

int stir_config_set_resolver(struct stir_config *config, const struct stir_resolver *resolver,
                             struct stir_error *error);

enum stir_level { STIR_LOG_ERROR, STIR_LOG_WARNING, STIR_LOG_NOTICE, STIR_LOG_DEBUG };
enum stir_decision { STIR_HOLD = 0, STIR_ACCEPT = 1, STIR_REFUSE = 2 };

/* What a deployment may want to hear or decide. Each may be NULL; called from many threads. */
struct stir_hooks {
    size_t size;
    void *arg;
    /* What happens behind calls and is in no result: a fetch that failed, a copy used although it
       has expired, a file that cannot be used. One line; it must not wait, nor call the library. */
    void (*log)(void *arg, enum stir_level level, const char *text);
    /*
     * A signer whose path validated for the first time, unless key decisions names it: accept,
     * refuse (signer-denied) or hold (signer-held). What is accepted or refused is remembered,
     * across restarts with key signers_file; what is held is asked again in its next call. The
     * token's signature has not been looked at. signer is borrowed for the time of the call.
     */
    enum stir_decision (*first_seen)(void *arg, const struct stir_certificate *signer);
    /* Called once, when nothing uses arg any more. */
    void (*release)(void *arg);
};

/* In place of those set before. */
int stir_config_set_hooks(struct stir_config *config, const struct stir_hooks *hooks,
                          struct stir_error *error);

/* ---- Verifier: an immutable snapshot of a configuration ------------------------------- */

struct stir_verifier;

struct stir_verifier *stir_verifier_new(const struct stir_config *config,
                                        struct stir_error *error);
void stir_verifier_free(struct stir_verifier *verifier);
/* Takes all of the new configuration or, on failure, none of it; operations under way keep the
   snapshot they began with. What URLs gave stays where they are still configured. STIR_E_REFUSED: a
   CRL (status-unknown) or trusted CA list (replayed) in force would have an older or unusable
   successor. */
int stir_verifier_reload(struct stir_verifier *verifier, const struct stir_config *config,
                         struct stir_error *error);

/* 0; STIR_E_NOT_READY: what calls cannot be judged without is missing: trust anchors, a trusted
   CA list that is configured and has not ended, a current revocation list where policy status
   is require, whom to trust in TLS where policy fetch is on. It reads the latter, which takes
   some 30 ms, once: better before the first call than in it. */
int stir_verifier_ready(const struct stir_verifier *verifier, struct stir_error *error);

/* Forgets what was got from url, in memory and in the file of key cache_file; NULL: from all
   URLs. A CRL or trusted CA list that is in force stays so until its URL, which is due then,
   gives another. STIR_E_FILE: the file could not be written. */
int stir_verifier_forget(struct stir_verifier *verifier, const char *url,
                         struct stir_error *error);

enum stir_listing {
    /* What was counted: name, labels, value, type and help of each, as Prometheus has them. */
    STIR_LIST_STATS,
    /* What URLs gave, by URL: url, sha256, fetched, expires, used, octets, code and detail (of one
       that failed: why), kind (certificates, tnauthlist, crl, trusted_list), uses. What is in the
       file of key cache_file alone was not used yet. */
    STIR_LIST_CACHE,
    /* Signers seen, by first_seen, where key signers_file or hook first_seen is set: subject,
       sha256, spki_sha256, first_seen, decision (allow or deny by a line of key decisions on the
       certificate or its key, otherwise what the hook said: accept, hold, refuse). */
    STIR_LIST_SIGNERS,
    /* Trust anchors: subject, sha256, not_after, source (a file or URL; empty: memory), and of one
       from a trusted CA list until (when that ends), sequence, state (trusted, ended), detail (what
       is wrong with what its URL gave last). A URL whose list is not there is a row without
       certificate: missing, or superseded by another list of the same signer. */
    STIR_LIST_ANCHORS,
    /* CRLs in force, and URLs that gave none yet: issuer, number, next_update, entries, source,
       detail (what is wrong with it, or with what its URL gave last). */
    STIR_LIST_CRLS = 4
};

/* Of what the verifier holds now. STIR_E_FILE: the file of key cache_file cannot be read. */
struct stir_rows *stir_verifier_list(const struct stir_verifier *verifier,
                                     enum stir_listing listing, struct stir_error *error);

/* ---- Call: what is known of the SIP request ------------------------------------------- */

struct stir_call;

struct stir_call *stir_call_new(void);
void stir_call_free(struct stir_call *call);
/*
 * Headers From, To, P-Asserted-Identity, Date and Identity, by long or compact name in any
 * case, and Request-URI; others are ignored, so that a server may hand over all it has. Of
 * Identity all are kept, of the others the last (of P-Asserted-Identity the first). Where an
 * identity is due, a bare TN or URI will do. The content is judged by the operation, and want
 * of memory shows there too.
 */
void stir_call_add_header(struct stir_call *call, const char *name, const char *value,
                          size_t len);
/* SDP, whose fingerprints a compact token's mky is rebuilt from (RFC 8225 section 5.2.2). */
void stir_call_set_body(struct stir_call *call, const char *type, const void *body, size_t len);

/*
 * Judges a call. A call without the header that orig_check or dest_check compares is
 * STIR_E_ARGUMENT, so that nothing stays uncompared by oversight. It blocks while certificates
 * are fetched, for timeout_ms at most: then the verdict is deadline, and the fetch goes on for
 * later calls, where a thread or stir_verifier_maintain() drives it. 0 never waits, it answers
 * from memory; -1 waits as long as the limits of fetches allow. What is there by then is judged
 * all the same, unless that takes more than some 100 ms, as the longest lists of numbers do
 * when they are new: deadline, and later calls go on where it stopped. With policy fetch caller
 * or off it answers from memory only, and what is not there is x5u-unreachable. [any thread]
 */
struct stir_result *stir_verify(struct stir_verifier *verifier, const struct stir_call *call,
                                int64_t now, int timeout_ms, struct stir_error *error);
/* Does what is due and what calls have left behind: fetches under way, and refreshing what will
   expire. On every turn of a worker it costs nothing where nothing is due. Waits for fetches under
   way, timeout_ms at most; -1: as long as their limits allow. [any thread] */
int stir_verifier_maintain(struct stir_verifier *verifier, int timeout_ms,
                           struct stir_error *error);
/* Has a thread do that, until the verifier is freed; a second one is not started. */
int stir_verifier_start_thread(struct stir_verifier *verifier, struct stir_error *error);
/* May a host of certificates have this address (text, IPv4 or IPv6; policy fetch_allow)? For an
   HTTP client of the caller's own, to be asked before every connect. [any thread] */
bool stir_verifier_may_connect(const struct stir_verifier *verifier, const char *address);
/* Keeps a copy of the body that a URL would give (url NULL: that every x5u would); it replaces
   what was supplied for that URL. */
int stir_verifier_supply(struct stir_verifier *verifier, const char *url, const void *body,
                         size_t len, struct stir_error *error);

/* ---- Result: of a call, or of one Identity in it -------------------------------------- */

/* A call's result answers each question as the Identity that decided it does. */
struct stir_result;

void stir_result_free(struct stir_result *result);
enum stir_verdict stir_result_verdict(const struct stir_result *result);
int stir_result_code(const struct stir_result *result); /* enum stir_code */
/* One sentence: subject, wanted, found, clause. */
const char *stir_result_detail(const struct stir_result *result);
/* The certificate at fault, 0 is the signer; -1: none. */
int stir_result_depth(const struct stir_result *result);
/* "TN-Validation-Passed", "TN-Validation-Failed" or "No-TN-Validation". */
const char *stir_result_verstat(const struct stir_result *result);
/* How RFC 8224 words a refusal; whether to refuse is for the verdict and for you to say. 0: it
   has no word for it. phrase may be NULL. */
int stir_result_sip_status(const struct stir_result *result, const char **phrase);
/* The i-th warning, "name: sentence". */
const char *stir_result_warning(const struct stir_result *result, size_t i);
/* The result of the i-th Identity, in the call's order. */
const struct stir_result *stir_result_identity(const struct stir_result *result, size_t i);
/* The index of the Identity that decided; -1: none. */
int stir_result_decided_by(const struct stir_result *result);

/* What was looked at, good or not. ppt "" is the base PASSporT; NULL: not reached. */
const char *stir_result_ppt(const struct stir_result *result);
const char *stir_result_x5u(const struct stir_result *result);
/* Signer first, as far as the path was built; the anchor last. */
const struct stir_certificate *stir_result_certificate(const struct stir_result *result,
                                                       size_t depth);
/* What of the call "orig" or "dest" was compared with, as text; NULL: with nothing. */
const char *stir_result_compared(const struct stir_result *result, const char *claim);
/* Is the calling number one of the signer's SPCs'? enum stir_answer; -1: that was no question. */
int stir_result_in_spc(const struct stir_result *result);

/*
 * A claim by JSON pointer (RFC 6901): "/attest", "/orig/tn", "/dest/tn/0". The content of a
 * string, and of what is not a string the deterministic JSON (RFC 8225 section 9). The verified
 * one is NULL unless this result is valid.
 */
const char *stir_result_claim(const struct stir_result *result, const char *pointer);
const char *stir_result_unverified_claim(const struct stir_result *result, const char *pointer);
/* The JSON that stir(1) prints with --json. */
char *stir_result_json(const struct stir_result *result, struct stir_error *error);

/* ---- Operation: the same without I/O -------------------------------------------------- */

struct stir_op;

struct stir_op *stir_op_new(struct stir_verifier *verifier, const struct stir_call *call,
                            int64_t now, struct stir_error *error);
/* Validates the path at a URL, and so fills the caches. Its result has no identities. */
struct stir_op *stir_op_new_url(struct stir_verifier *verifier, const char *url, int64_t now,
                                struct stir_error *error);
void stir_op_free(struct stir_op *op);
/* 0: done, which the first step may be; STIR_WANT: something must be got first. What came is judged
   to its end: some milliseconds, or a second for the longest lists of numbers when they are new (a
   fetcher does it in steps). */
int stir_op_step(struct stir_op *op, struct stir_error *error);
/* The next want not handed out yet; NULL: none until some are ended. */
struct stir_want *stir_op_want(struct stir_op *op);
/* Ends it now; what is open becomes deadline. */
void stir_op_expire(struct stir_op *op);
/* The result, which lives as long as the operation; NULL until it is done. */
const struct stir_result *stir_op_result(const struct stir_op *op);

/* ---- Wants: what somebody must get ---------------------------------------------------- */

enum stir_want_kind {
    STIR_WANT_CERTIFICATES = 1, /* the body at x5u */
    STIR_WANT_TNAUTHLIST = 2,   /* a TNAuthList by reference (RFC 8226 section 10.1) */
    STIR_WANT_SPC = 3,          /* whose numbers these are: what a stir_resolver is asked */
    STIR_WANT_CRL = 5,          /* these two come from a fetcher, for no operation: a CRL, */
    STIR_WANT_TRUSTED_LIST = 6  /* a trusted CA list (ATIS-1000084) */
};

/* Which of the numbers first to last, of so many digits, are the SPC's at that time? */
struct stir_question { /* [frozen] */
    const char *spc;
    int digits;
    uint64_t first, last;
    int64_t at;
};

/*
 * One that an operation hands out is the caller's until he ends it, once, with put or fail,
 * from any thread, even after the operation was freed. Trouble in here shows in the operation
 * that waits for it. Who fetches the URL judges it: https only, no redirects, no address that is
 * not global unicast.
 */
struct stir_want { /* made by the library */
    enum stir_want_kind kind;
    const char *url;    /* absolute, and else as a stranger wrote it; NULL for STIR_WANT_SPC */
    const char *accept; /* the media type to ask for */
    const char *if_none_match; /* validators of the copy there is; NULL: none */
    const char *if_modified_since;
    size_t limit; /* octets of body; read no more */
    const struct stir_question *questions;
    size_t n_questions;
};

/*
 * Numbers first to last of question i. What was answered before stays, so the exception comes
 * first ("that one ported out: no"), then the block ("ours: yes"), then the rest ("no").
 */
void stir_want_answer(struct stir_want *want, size_t i, uint64_t first, uint64_t last,
                      enum stir_answer answer);
/*
 * How long question i's answers hold: while the SPC's generation (a stir_resolver's) is this one
 * (0: no matter), and for so many seconds (0: no end). They then serve calls at any time within
 * freshness of the one asked about. Not said: for this want only.
 */
void stir_want_keep(struct stir_want *want, size_t i, uint64_t generation, int64_t seconds);
/*
 * Question i's answers were true at as_of (the oldest counts): policy spc_db_max_age takes what is
 * older for unknown. Not said: however old.
 */
void stir_want_as_of(struct stir_want *want, size_t i, int64_t as_of);
/* A field of the HTTP response; those that mean nothing here are ignored. [any thread] */
void stir_want_add_header(struct stir_want *want, const char *name, const char *value,
                          size_t len);
/* Ends it. status: HTTP's; 0 for what HTTP did not bring, such as a file. [any thread] */
void stir_want_put(struct stir_want *want, int status, const void *body, size_t len);

enum stir_failure {
    STIR_FAILURE_CANCELLED = 0, /* not remembered: the next call tries again */
    STIR_FAILURE_TIMEOUT,
    STIR_FAILURE_NAME,
    STIR_FAILURE_ADDRESS, /* the policy does not allow it: x5u-refused */
    STIR_FAILURE_CONNECT,
    STIR_FAILURE_TLS,
    STIR_FAILURE_TOO_LARGE, /* more than limit: x5u-body */
    STIR_FAILURE_BROKEN,    /* it broke off, or was no HTTP */
    STIR_FAILURE_ENCODING   /* a Content-Encoding, which nobody asked for: x5u-body */
};

/* Ends it, too. [any thread] */
void stir_want_fail(struct stir_want *want, enum stir_failure why);

/* ---- Fetcher: many operations at once in an event loop -------------------------------- */

/*
 * Gets what operations want, each URL once among all fetchers and stir_verify()s of a verifier;
 * gives each operation back when it is done or its time is up; meanwhile does what
 * stir_verifier_maintain() does, but for writing the cache_file, which waits for a disk: that
 * is for the verifier's thread, or for the end of the fetcher. All of it, timers too, is behind
 * one descriptor for poll(2), epoll or libuv.
 */
struct stir_fetcher;

struct stir_fetcher *stir_fetcher_new(struct stir_verifier *verifier, struct stir_error *error);
/* Frees the operations in it, too. */
void stir_fetcher_free(struct stir_fetcher *fetcher);
/* When it is readable, dispatch. -1 where there is none. */
int stir_fetcher_fd(const struct stir_fetcher *fetcher);
/* Does what can be done without waiting, for some 20 ms of the processor at most, whatever came; is
   due again at once where there is more. */
int stir_fetcher_dispatch(struct stir_fetcher *fetcher, struct stir_error *error);
/* Takes op on success, for timeout_ms (0: what memory has; -1: as long as the limits of fetches
   allow; what is there by then is judged, as stir_verify() does it); arg comes back with it. [any
   thread] */
int stir_fetcher_add(struct stir_fetcher *fetcher, struct stir_op *op, int timeout_ms,
                     void *arg, struct stir_error *error);
/* The next operation that is done or expired, the caller's again; NULL: none now. arg may be
   NULL. */
struct stir_op *stir_fetcher_next(struct stir_fetcher *fetcher, void **arg);
/* With policy fetch=caller: the next want that is the caller's to serve and to end; NULL: none
   now. */
struct stir_want *stir_fetcher_want(struct stir_fetcher *fetcher);

/* ---- Certificates --------------------------------------------------------------------- */

struct stir_scope;

/*
 * One of its fields, written as in the JSON: subject, issuer, serial, sha256, spki_sha256,
 * not_before, not_after, ca, path_length, skid, akid, key, signature, key_usage,
 * tnauthlist_url, must_include, permitted, must_exclude, anchor. NULL: it has none.
 */
const char *stir_certificate_text(const struct stir_certificate *certificate, const char *name);
int64_t stir_certificate_not_after(const struct stir_certificate *certificate);
const void *stir_certificate_der(const struct stir_certificate *certificate, size_t *len);
/* Its TNAuthList in wire order: by value or, in a result, what its URL gave. NULL: none. */
const struct stir_scope *stir_certificate_scope(const struct stir_certificate *certificate);

/* A PEM list as it came, signer first; what is wrong with it is for a precheck to say. */
struct stir_chain;

struct stir_chain *stir_chain_load(const char *file, struct stir_error *error);
struct stir_chain *stir_chain_parse(const void *pem, size_t len, struct stir_error *error);
void stir_chain_free(struct stir_chain *chain);
const struct stir_certificate *stir_chain_certificate(const struct stir_chain *chain,
                                                      size_t depth);
char *stir_chain_pem(const struct stir_chain *chain, struct stir_error *error);

/* ---- Scope: a set of numbers and SPCs; on the wire, a TNAuthList ---------------------- */

struct stir_entry {           /* [frozen] */
    const char *spc;          /* borrowed from the scope; NULL: numbers */
    char first[16], last[16]; /* one TN: the same twice; an SPC: "" */
    uint64_t count;           /* of an SPC: 0 */
};

struct stir_scope *stir_scope_new(void);
/* From the DER of a TNAuthorizationList (RFC 8226 section 9); refused: tnauthlist-syntax. */
struct stir_scope *stir_scope_parse(const void *der, size_t len, struct stir_error *error);
void stir_scope_free(struct stir_scope *scope);
int stir_scope_add_spc(struct stir_scope *scope, const char *spc, struct stir_error *error);
int stir_scope_add_tn(struct stir_scope *scope, const char *tn, struct stir_error *error);
/* count numbers from first on; 2 or more, and first + count < 10^digits (R8226-9-5). */
int stir_scope_add_range(struct stir_scope *scope, const char *first, uint64_t count,
                         struct stir_error *error);
/* The i-th entry, as it was added or parsed. */
bool stir_scope_entry(const struct stir_scope *scope, size_t i, struct stir_entry *entry);
/* DER of the canonical TNAuthorizationList: sorted and merged. */
void *stir_scope_encode(const struct stir_scope *scope, size_t *len, struct stir_error *error);
/*
 * enum stir_answer (unknown: it rests on the numbers of an SPC) or a negative STIR_E_*. rest,
 * if not NULL, gets what the parent's own entries do not cover, or NULL. RFC 9060 section 4.
 */
int stir_scope_encompasses(const struct stir_scope *parent, const struct stir_scope *child,
                           struct stir_scope **rest, struct stir_error *error);
int stir_scope_covers(const struct stir_scope *scope, const char *tn, struct stir_error *error);

/* ---- Authentication service ----------------------------------------------------------- */

struct stir_key;

struct stir_key *stir_key_generate(struct stir_error *error); /* P-256 */
/*
 * A PEM file: PKCS #8 or SEC 1, not encrypted. Or a key that stays where it is, by its PKCS #11
 * URL (RFC 7512), "pkcs11:token=...;object=...?pin-source=/file": of a module that p11-kit knows,
 * with its public half beside it. Such a key signs with random numbers of its device's, so that
 * two signatures of the same differ; a key from PEM signs as RFC 6979 has it.
 */
struct stir_key *stir_key_load(const char *spec, struct stir_error *error);
struct stir_key *stir_key_parse(const void *pem, size_t len, struct stir_error *error);
void stir_key_free(struct stir_key *key);
/* PKCS #8, not encrypted. STIR_E_UNSUPPORTED: the key is behind PKCS #11. */
char *stir_key_pem(const struct stir_key *key, struct stir_error *error);

/* A PASSporT to be signed; or one received, unverified. */
struct stir_passport;

/* orig (P-Asserted-Identity, otherwise From), dest (To), iat (Date) and mky as the call gives
   them, if it is not NULL; ppt "" is the base. STIR_E_UNSUPPORTED: no type of this version. */
struct stir_passport *stir_passport_new(const char *ppt, const struct stir_call *call,
                                        struct stir_error *error);
/* An Identity value or a bare token, to look at; it may also be changed and signed anew. Refused:
   identity-syntax, token-syntax, json-syntax. */
struct stir_passport *stir_passport_parse(const char *text, size_t len,
                                          struct stir_error *error);
void stir_passport_free(struct stir_passport *passport);
/* orig, dest (adds): identities in any form, made canonical by default policy; iat, exp, nbf: UNIX
   seconds, RFC 3339 or a SIP Date; attest, origid and all others: as text. */
int stir_passport_set(struct stir_passport *passport, const char *claim, const char *value,
                      struct stir_error *error);
int stir_passport_set_json(struct stir_passport *passport, const char *claim, const char *json,
                           struct stir_error *error);
/* By JSON pointer into parameters, header and payload: "/header/x5u", "/payload/orig/tn". */
const char *stir_passport_unverified(const struct stir_passport *passport, const char *pointer);

/*
 * One credential. key and x5u may be NULL where it only prechecks; chain may be NULL where the
 * caller vouches for the certificate at x5u: then sign checks the token alone. verifier: policy,
 * anchors and data; NULL: defaults and none.
 */
struct stir_signer;

struct stir_signer *stir_signer_new(struct stir_verifier *verifier,
                                    const struct stir_chain *chain, const struct stir_key *key,
                                    const char *x5u, struct stir_error *error);
void stir_signer_free(struct stir_signer *signer);
/* May it sign this now? The token's own rules, its iat within freshness of now, path,
   encompassing, key, scope, claims (RFC 8224 section 4.1, RFC 9060 section 5). A passport without
   dest is a question about its orig: iat and the claims are not judged. passport NULL: path and
   key alone. */
struct stir_result *stir_signer_precheck(const struct stir_signer *signer,
                                         const struct stir_passport *passport, int64_t now,
                                         int timeout_ms, struct stir_error *error);

enum { STIR_COMPACT = 1 };

/* An Identity value. iat is now where the passport has none. Prechecks from memory and refuses
   whatever is not valid. */
char *stir_signer_sign(const struct stir_signer *signer, const struct stir_passport *passport,
                       int64_t now, int flags, struct stir_error *error);

/* ---- Certificate authority ------------------------------------------------------------ */

/* What a certificate is to say: subject (RFC 4514), spc, range (FIRST+COUNT), tn, ca (yes, no),
   path_length, days, not_before, not_after (UNIX seconds or RFC 3339), must_include,
   must_exclude, permit (NAME=VALUE), serial (hexadecimal), tnauthlist_url (where its list is to be
   had, RFC 8226 section 10.1), crl_url and crl_issuer (RFC 4514) of its CRL distribution point,
   policy (a certificate policy's OID). Those that may repeat add. */
struct stir_request;

struct stir_request *stir_request_new(const struct stir_key *key); /* for its public half */
/* PKCS #10, PEM or DER. Refused: bad-signature, tnauthlist-syntax, constraints-syntax,
   constraints-both. One that asks to be a CA is not issued before ca is set (R9060-8.1-1); one
   that asks for something critical that may not be is held, and refused by the precheck. */
struct stir_request *stir_request_parse(const void *csr, size_t len, struct stir_error *error);
void stir_request_free(struct stir_request *request);
/* STIR_E_ARGUMENT: no such name; STIR_E_SYNTAX: what no certificate could say. */
int stir_request_set(struct stir_request *request, const char *name, const char *value,
                     struct stir_error *error);

/* chain: its certificate first; NULL: it makes self-signed roots. verifier: SPC data and
   policy, and anchors, if it has any, that the chain must lead to; NULL: none, and defaults. */
struct stir_issuer;

struct stir_issuer *stir_issuer_new(struct stir_verifier *verifier,
                                    const struct stir_chain *chain, const struct stir_key *key,
                                    struct stir_error *error);
void stir_issuer_free(struct stir_issuer *issuer);
/*
 * Would it be issued? Verdict, code, sentence, warnings (RFC 9060 section 8). Depth 0 is the new
 * certificate, which the result has as a draft, 1 its issuer's. Numbers of which nothing is known
 * pass with warning scope-unchecked, unless spc_unknown is invalid. not_before is now if not set;
 * not_after a year later, of a root ten, but not beyond the issuer's.
 */
struct stir_result *stir_issuer_precheck(const struct stir_issuer *issuer,
                                         const struct stir_request *request, int64_t now,
                                         int timeout_ms, struct stir_error *error);

/* Issue what precheck calls invalid, unless there is no subject, no issuer's certificate or no
   key that could sign. */
enum { STIR_FORCE = 1 };

/* The new certificate and the issuer's chain. Refuses what precheck calls invalid. */
struct stir_chain *stir_issuer_issue(const struct stir_issuer *issuer,
                                     const struct stir_request *request, int64_t now, int flags,
                                     struct stir_error *error);

/* ---- Looking at things ---------------------------------------------------------------- */

enum stir_form { STIR_TEXT, STIR_JSON };

/* Certificates, PEM lists, tokens, Identity values, CRLs, TNAuthLists, CSRs, by content. */
char *stir_describe(const void *data, size_t len, enum stir_form form,
                    struct stir_error *error);
/*
 * What a profile ("rfc", which NULL is, "atis80", "atis92"; stir(7)) has to say of certificates, a
 * PEM list, a CRL, a TNAuthList, PASSporTs or Identity values (one a line): columns severity
 * (error, warning, notice), rule, where, wanted, found, clause. Nothing that depends on a clock or
 * an anchor. STIR_E_SYNTAX: it is none of these.
 */
struct stir_rows *stir_lint(const void *data, size_t len, const char *profile,
                            struct stir_error *error);
/* The canonical identity of a header value, a URI or a number as dialled (RFC 8224 section 8):
   "12155551212" or "sip:alice@example.com". */
char *stir_identity_canonical(const struct stir_verifier *verifier, const char *value,
                              size_t len, struct stir_error *error);

#ifdef __GNUC__
#pragma GCC visibility pop
#endif
#ifdef __cplusplus
}
#endif

#endif

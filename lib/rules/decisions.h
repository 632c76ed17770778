/*
 * An operator's decisions about signers, for whoever must act before a CRL does.
 *
 * Lines of text, fields between blanks, # and what follows a comment:
 *
 *     deny  certificate SHA256      of the certificate's DER, 64 hexadecimal digits
 *     deny  key         SHA256      of its SubjectPublicKeyInfo
 *     allow spc         709J        an octet that is a blank, # or \ is written \xNN
 *     allow anchor      SHA256      of the trust anchor's DER
 *     others hold                   whom no line names: allow (the default), hold or deny
 *
 * A line names a signer if anything in its path is what the line says: to deny the key of a CA is
 * to deny all below it. Deny beats allow, whatever the order.
 */
#ifndef STIR_RULES_DECISIONS_H
#define STIR_RULES_DECISIONS_H

#include "cert/path.h"

enum decision_subject {
    DECISION_CERTIFICATE,
    DECISION_KEY,
    DECISION_SPC,
    DECISION_ANCHOR,
    DECISION_SUBJECTS
};

/* What stands for a signer. NONE: no line names it. */
enum decision_line { DECISION_NONE, DECISION_ALLOW, DECISION_HOLD, DECISION_DENY };

struct decision_mark {
    uint8_t sha256[32];
    bool denied;
};

struct decision_spc {
    char *spc;
    bool denied;
};

/* All zero is none. Each array sorted and unique; a denial has taken an allowance's place. */
struct decisions {
    struct decision_mark *marks[DECISION_SUBJECTS]; /* but of SPCs */
    size_t n_marks[DECISION_SUBJECTS];
    struct decision_spc *spcs;
    size_t n_spcs;
    enum decision_line
        others; /* DECISION_NONE: nothing was said of them, so they are allowed */
};

void decisions_free(struct decisions *decisions);
/* 0 or STIR_E_NOMEM, which leaves *to empty. */
int decisions_copy(struct decisions *to, const struct decisions *from);
/* Adds lines. 0, STIR_E_SYNTAX (the line is named) or STIR_E_NOMEM; then add to a copy. Of two
   lines on others the stricter one stands. */
int decisions_add_text(struct decisions *decisions, const char *text, size_t len,
                       struct stir_error *error);
/* What the lines say of the certificate alone, by itself and by its key. */
enum decision_line decisions_of_certificate(const struct decisions *decisions,
                                            const uint8_t sha256[32],
                                            const uint8_t spki_sha256[32]);
/* What the lines say of the path's signer. DENY: error says what of the path is denied, with
   STIR_CODE_SIGNER_DENIED. Never HOLD: what is said of others is the caller's to weigh. */
enum decision_line decisions_of_path(const struct decisions *decisions, const struct path *path,
                                     struct stir_error *error);

#endif

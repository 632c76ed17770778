/* cert/path_checks: each code by a path that differs in one field from one that is taken, and
   which code comes first. */
#include <criterion/criterion.h>
#include <string.h>

#include "tests/build_path.h"
#include "tests/mint.h"

CHANGE(leaf_trailing, spec.l.more_hex = "00")
CHANGE(ca_trailing, spec.p.more_hex = "00")
CHANGE(sti_version, spec.s.version = 1)
CHANGE(leaf_unequal, spec.l.tbs_algorithm_hex = "300A06082A8648CE3D040303")
CHANGE(leaf_duplicate, spec.l.duplicate = "2.5.29.15")
CHANGE(ca_duplicate, spec.p.duplicate = "2.5.29.35")
CHANGE(leaf_empty_list, spec.l.tnauthlist_hex = "3000")
CHANGE(ca_implicit_list, spec.p.tnauthlist_hex = "30068004 37303941")
CHANGE(leaf_http_list, spec.l.stir_tn_list = "http://example.com/list")
CHANGE(leaf_empty_constraints, spec.l.constraints_hex = "3000")
CHANGE(leaf_both_constraints, spec.l.constraints = "+attest";
       spec.l.enhanced_hex = "300EA20C300A16087072696F72697479")
static const struct mint_extension name_constraints[] = {
    {"2.5.29.30", true, "300AA0083006820461622E63"}, {0}};
CHANGE(leaf_critical, spec.l.extensions = name_constraints)
CHANGE(sti_critical, spec.s.extensions = name_constraints)
CHANGE(leaf_sha1, spec.l.algorithm = MINT_ECDSA_SHA1)
CHANGE(sti_short_rsa, spec.s.kind = MINT_RSA1024)
CHANGE(sti_ed25519, spec.s.kind = MINT_ED25519)
CHANGE(leaf_p384, spec.l.kind = MINT_P384)
CHANGE(leaf_rsa, spec.l.kind = MINT_RSA2048)
CHANGE(leaf_ca, spec.l.ca = MINT_YES; spec.l.key_usage = MINT_KU_DIGITAL_SIGNATURE)
CHANGE(leaf_key_usage, spec.l.key_usage = MINT_KU_NON_REPUDIATION | MINT_KU_KEY_CERT_SIGN)
CHANGE(ca_not_ca, spec.p.ca = MINT_NO; spec.p.key_usage = MINT_KU_KEY_CERT_SIGN)
CHANGE(ca_no_constraints, spec.p.basic_constraints = MINT_NO)
CHANGE(ca_key_usage, spec.p.key_usage = MINT_KU_DIGITAL_SIGNATURE | MINT_KU_CRL_SIGN)
CHANGE(root_key_usage, spec.r.key_usage = MINT_KU_CRL_SIGN)
CHANGE(leaf_no_akid, spec.l.akid = "")
CHANGE(sti_no_akid, spec.s.akid = "")
CHANGE(leaf_akid_serial_only, spec.l.akid = ""; spec.l.akid_serial_hex = "01")
CHANGE(ca_no_skid, spec.p.skid = ""; spec.l.akid = "01")
CHANGE(leaf_other_akid, spec.l.akid = "0102030405060708090A0B0C0D0E0F1011121314")
CHANGE(leaf_short_akid, spec.p.skid = "0102"; spec.l.akid = "01")
CHANGE(sti_other_akid, spec.s.akid = "01")
CHANGE(leaf_corrupt, spec.l.corrupt = true)
CHANGE(ca_corrupt, spec.p.corrupt = true)
CHANGE(leaf_other_signer, spec.l.signing_key = "forger")
CHANGE(sti_other_signer, spec.s.signing_key = "forger")
CHANGE(sti_length, spec.s.path_length = MINT_PATH_LENGTH(0))
CHANGE(root_length, spec.r.path_length = MINT_PATH_LENGTH(1))
CHANGE(lengths, spec.r.path_length = MINT_PATH_LENGTH(1);
       spec.s.path_length = MINT_PATH_LENGTH(0))
CHANGE(other_anchors, spec.r.skid = spec.R.skid = "0A0B"; spec.R.key = "a third root")
CHANGE(unequal_anchor, spec.R.tbs_algorithm_hex = "300A06082A8648CE3D040303")
CHANGE(expired, spec.l.not_after = MINT_NOW - 1)
CHANGE(until_1950, spec.l.not_after_raw = "500101000000Z")
CHANGE(until_2049, spec.l.not_after_raw = "491231235959Z")
CHANGE(ca_expired, spec.p.not_after = MINT_NOW - 1)
CHANGE(root_expired, spec.r.not_after = MINT_NOW - 1)
CHANGE(early, spec.l.not_before = MINT_NOW + 1)
CHANGE(root_early, spec.r.not_before = MINT_NOW + 1)

/* What strict and any judge alike, because the list is in order. */
static const struct path_case refused[] = {
    {.desc = "octets behind the leaf (R5280-4.1-1)",
     .change = leaf_trailing,
     .code = STIR_CODE_CERT_SYNTAX,
     .depth = 0},
    {.desc = "octets behind its issuer",
     .change = ca_trailing,
     .code = STIR_CODE_CERT_SYNTAX,
     .depth = 1},
    {.desc = "version 1 above",
     .change = sti_version,
     .code = STIR_CODE_CERT_SYNTAX,
     .depth = 2},
    {.desc = "unequal algorithms (R5280-4.1-1)",
     .change = leaf_unequal,
     .code = STIR_CODE_CERT_SYNTAX,
     .depth = 0},
    {.desc = "an extension twice (R5280-4.2-1)",
     .change = leaf_duplicate,
     .code = STIR_CODE_CERT_DUPLICATE_EXTENSION,
     .depth = 0},
    {.desc = "the same above",
     .change = ca_duplicate,
     .code = STIR_CODE_CERT_DUPLICATE_EXTENSION,
     .depth = 1},
    {.desc = "an empty list (R8226-9-3)",
     .change = leaf_empty_list,
     .code = STIR_CODE_TNAUTHLIST_SYNTAX,
     .depth = 0},
    {.desc = "an implicitly tagged list above (A-25)",
     .change = ca_implicit_list,
     .code = STIR_CODE_TNAUTHLIST_SYNTAX,
     .depth = 1},
    {.desc = "a list by http (R8226-10.1-2)",
     .change = leaf_http_list,
     .code = STIR_CODE_TNAUTHLIST_REFERENCE,
     .depth = 0},
    {.desc = "empty constraints (R8226-8-4)",
     .change = leaf_empty_constraints,
     .code = STIR_CODE_CONSTRAINTS_SYNTAX,
     .depth = 0},
    {.desc = "both constraints (R9118-6-1, A-16)",
     .change = leaf_both_constraints,
     .code = STIR_CODE_CONSTRAINTS_BOTH,
     .depth = 0},
    {.desc = "critical name constraints (R5280-6-1)",
     .change = leaf_critical,
     .code = STIR_CODE_CERT_CRITICAL_EXTENSION,
     .depth = 0},
    {.desc = "the same above (R5280-4.2-1)",
     .change = sti_critical,
     .code = STIR_CODE_CERT_CRITICAL_EXTENSION,
     .depth = 2},
    {.desc = "SHA-1 (A-34)", .change = leaf_sha1, .code = STIR_CODE_CERT_ALGORITHM, .depth = 0},
    {.desc = "RSA of 1024 bits above (A-34)",
     .change = sti_short_rsa,
     .code = STIR_CODE_CERT_ALGORITHM,
     .depth = 2},
    {.desc = "Ed25519 above (R8226-4-1)",
     .change = sti_ed25519,
     .code = STIR_CODE_CERT_ALGORITHM,
     .depth = 1},
    {.desc = "the signer's key on P-384 (R8226-4-1)",
     .change = leaf_p384,
     .code = STIR_CODE_SIGNER_KEY,
     .depth = 0,
     .says = "P-384"},
    {.desc = "the signer's key RSA",
     .change = leaf_rsa,
     .code = STIR_CODE_SIGNER_KEY,
     .depth = 0,
     .says = "RSA"},
    {.desc = "the signer a CA (R9060-4-6, R9060-7-5)",
     .change = leaf_ca,
     .code = STIR_CODE_SIGNER_IS_CA,
     .depth = 0,
     .says = "certificate 0 \"ACME delegate\" is a CA"},
    {.desc = "the signer not for signing (R5280-4.2.1.3)",
     .change = leaf_key_usage,
     .code = STIR_CODE_KEY_USAGE,
     .depth = 0,
     .says = "digitalSignature"},
    {.desc = "an issuer with cA FALSE (R9060-4-2)",
     .change = ca_not_ca,
     .code = STIR_CODE_ISSUER_NOT_CA,
     .depth = 1,
     .says = "certificate 1 \"SHAKEN 709J\" issued certificate 0 \"ACME delegate\""},
    {.desc = "an issuer without basic constraints (R5280-4.2.1.9)",
     .change = ca_no_constraints,
     .code = STIR_CODE_ISSUER_NOT_CA,
     .depth = 1},
    {.desc = "an issuer not for certificates (R5280-4.2.1.3)",
     .change = ca_key_usage,
     .code = STIR_CODE_KEY_USAGE,
     .depth = 1,
     .says = "keyCertSign"},
    {.desc = "an anchor not for certificates is none (A-34)",
     .change = root_key_usage,
     .code = STIR_CODE_PATH_NO_ANCHOR,
     .depth = 2},
    {.desc = "no AKID (R9060-4-3, R5280-4.2.1.1)",
     .change = leaf_no_akid,
     .code = STIR_CODE_AKID_MISSING,
     .depth = 0},
    {.desc = "no AKID below the anchor (A-23)",
     .change = sti_no_akid,
     .code = STIR_CODE_AKID_MISSING,
     .depth = 2},
    {.desc = "AKID without identifier (A-23)",
     .change = leaf_akid_serial_only,
     .code = STIR_CODE_AKID_MISSING,
     .depth = 0},
    {.desc = "no SKID of the issuer (R9060-7-4, A-23)",
     .change = ca_no_skid,
     .code = STIR_CODE_SKID_MISSING,
     .depth = 1},
    {.desc = "AKID of another key (R9060-7-4)",
     .change = leaf_other_akid,
     .code = STIR_CODE_AKID_MISMATCH,
     .depth = 0,
     .says = "0102030405060708..."},
    {.desc = "AKID a part of the SKID",
     .change = leaf_short_akid,
     .code = STIR_CODE_AKID_MISMATCH,
     .depth = 0},
    {.desc = "AKID of another key than the anchor's (A-23)",
     .change = sti_other_akid,
     .code = STIR_CODE_AKID_MISMATCH,
     .depth = 2},
    {.desc = "a bit of the signature turned (R5280-6-1)",
     .change = leaf_corrupt,
     .code = STIR_CODE_PATH_SIGNATURE,
     .depth = 0},
    {.desc = "the same above",
     .change = ca_corrupt,
     .code = STIR_CODE_PATH_SIGNATURE,
     .depth = 1},
    {.desc = "signed by somebody else",
     .change = leaf_other_signer,
     .code = STIR_CODE_PATH_SIGNATURE,
     .depth = 0,
     .says = "certificate 1 \"SHAKEN 709J\""},
    {.desc = "not signed by the anchor",
     .change = sti_other_signer,
     .code = STIR_CODE_PATH_SIGNATURE,
     .depth = 2},
    {.desc = "an anchor of that name with another key (A-33)",
     .code = STIR_CODE_AKID_MISMATCH,
     .depth = 2,
     .anchors = "K"},
    {.desc = "two anchors of that name: the one that got further",
     .change = other_anchors,
     .code = STIR_CODE_PATH_SIGNATURE,
     .depth = 2,
     .anchors = "KR"},
    {.desc = "the same, the other way round",
     .change = other_anchors,
     .code = STIR_CODE_PATH_SIGNATURE,
     .depth = 2,
     .anchors = "RK"},
    {.desc = "what cannot be read stands for no anchor",
     .change = unequal_anchor,
     .code = STIR_CODE_CERT_SYNTAX,
     .depth = 3,
     .list = "lpsR"},
    {.desc = "an anchor of that key with another name (A-33)",
     .code = STIR_CODE_PATH_NO_ANCHOR,
     .depth = 2,
     .anchors = "N"},
    {.desc = "path length 0 above a CA (R5280-4.2.1.9)",
     .change = sti_length,
     .code = STIR_CODE_PATH_LENGTH,
     .depth = 2,
     .says = "allows 0"},
    {.desc = "the anchor's path length (A-34)",
     .change = root_length,
     .code = STIR_CODE_PATH_LENGTH,
     .depth = 3,
     .says = "there are 2"},
    {.desc = "two path lengths: the lower one",
     .change = lengths,
     .code = STIR_CODE_PATH_LENGTH,
     .depth = 2},
    {.desc = "no anchor (R9060-6-3)",
     .code = STIR_CODE_PATH_NO_ANCHOR,
     .depth = 2,
     .anchors = "",
     .says = "CN=Test SHAKEN ROOT"},
    {.desc = "a root that nobody configured (R9060-6-3)",
     .code = STIR_CODE_PATH_NO_ANCHOR,
     .depth = 3,
     .list = "lpsr",
     .anchors = "x",
     .says = "issued itself"},
    {.desc = "a list that stops early (A-22)",
     .code = STIR_CODE_PATH_NO_ANCHOR,
     .depth = 0,
     .list = "l"},
    {.desc = "a path length, and no anchor",
     .change = sti_length,
     .code = STIR_CODE_PATH_LENGTH,
     .depth = 2,
     .anchors = ""},
    {.desc = "an expired leaf (R5280-4.1-2)",
     .change = expired,
     .code = STIR_CODE_CERT_EXPIRED,
     .depth = 0},
    {.desc = "a leaf until 1950, by two digits (R5280-4.1-2)",
     .change = until_1950,
     .code = STIR_CODE_CERT_EXPIRED,
     .depth = 0,
     .says = "was valid until 1950-01-01T00:00:00Z"},
    {.desc = "a leaf until 2049, by two digits (R5280-4.1-2)",
     .change = until_2049,
     .code = STIR_CODE_PATH_NO_ANCHOR,
     .depth = 2,
     .anchors = ""},
    {.desc = "an expired CA (A-24)",
     .change = ca_expired,
     .code = STIR_CODE_CERT_EXPIRED,
     .depth = 1},
    {.desc = "an expired anchor (A-34)",
     .change = root_expired,
     .code = STIR_CODE_CERT_EXPIRED,
     .depth = 3},
    {.desc = "a leaf of tomorrow",
     .change = early,
     .code = STIR_CODE_CERT_NOT_YET_VALID,
     .depth = 0},
    {.desc = "an anchor of tomorrow",
     .change = root_early,
     .code = STIR_CODE_CERT_NOT_YET_VALID,
     .depth = 3}};

Test(path_checks, refuses_what_differs_in_one_field)
{
    static const char *const names[] = {"auto", "strict", "any"};

    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
        for (int order = PATH_ORDER_AUTO; order <= PATH_ORDER_ANY; order++) {
            struct built built;
            path_judge(&built, &refused[i], (enum path_order)order);
            path_expect(&built, &refused[i], names[order]);
            built_free(&built);
        }
}

/* ---- which comes first ---- */

CHANGE(fault_above_ca_signer, leaf_ca(); spec.s.duplicate = "2.5.29.15")
CHANGE(two_faults, spec.l.constraints_hex = "3000"; spec.p.duplicate = "2.5.29.15")
CHANGE(list_before_constraints, spec.l.constraints_hex = "3000"; spec.l.tnauthlist_hex = "3000")
CHANGE(duplicate_before_list, spec.l.duplicate = "2.5.29.15"; spec.l.tnauthlist_hex = "3000")
CHANGE(constraints_before_critical, spec.l.constraints_hex = "3000";
       spec.l.extensions = name_constraints)
CHANGE(critical_before_algorithm, spec.l.algorithm = MINT_ECDSA_SHA1;
       spec.l.extensions = name_constraints)
CHANGE(key_before_ca, leaf_ca(); leaf_p384())
CHANGE(ca_before_usage, spec.l.ca = MINT_YES)
CHANGE(signer_before_pair, leaf_key_usage(); ca_not_ca(); leaf_corrupt())
CHANGE(ca_before_its_usage, spec.p.ca = MINT_NO)
CHANGE(usage_before_akid, ca_key_usage(); leaf_no_akid())
CHANGE(akid_before_skid, leaf_no_akid(); spec.p.skid = "")
CHANGE(akid_before_signature, leaf_other_akid(); leaf_corrupt())
CHANGE(lower_pair_first, leaf_corrupt(); spec.s.ca = MINT_NO)
CHANGE(signature_before_length, sti_length(); spec.s.signing_key = "forger")
CHANGE(length_before_times, sti_length(); expired())
CHANGE(expired_before_early, early(); ca_expired())

static const struct path_case precedence[] = {{.desc = "a fault above before a CA as signer",
                                               .change = fault_above_ca_signer,
                                               .code = STIR_CODE_CERT_DUPLICATE_EXTENSION,
                                               .depth = 2},
                                              {.desc = "the lower fault",
                                               .change = two_faults,
                                               .code = STIR_CODE_CONSTRAINTS_SYNTAX,
                                               .depth = 0},
                                              {.desc = "list before constraints",
                                               .change = list_before_constraints,
                                               .code = STIR_CODE_TNAUTHLIST_SYNTAX,
                                               .depth = 0},
                                              {.desc = "duplicate before list",
                                               .change = duplicate_before_list,
                                               .code = STIR_CODE_CERT_DUPLICATE_EXTENSION,
                                               .depth = 0},
                                              {.desc = "constraints before critical",
                                               .change = constraints_before_critical,
                                               .code = STIR_CODE_CONSTRAINTS_SYNTAX,
                                               .depth = 0},
                                              {.desc = "critical before algorithm",
                                               .change = critical_before_algorithm,
                                               .code = STIR_CODE_CERT_CRITICAL_EXTENSION,
                                               .depth = 0},
                                              {.desc = "key before CA",
                                               .change = key_before_ca,
                                               .code = STIR_CODE_SIGNER_KEY,
                                               .depth = 0},
                                              {.desc = "CA before key usage",
                                               .change = ca_before_usage,
                                               .code = STIR_CODE_SIGNER_IS_CA,
                                               .depth = 0},
                                              {.desc = "signer before pair",
                                               .change = signer_before_pair,
                                               .code = STIR_CODE_KEY_USAGE,
                                               .depth = 0},
                                              {.desc = "order before the pair's other checks",
                                               .change = leaf_corrupt,
                                               .code = STIR_CODE_PATH_ORDER,
                                               .depth = 0,
                                               .list = "lsp"},
                                              {.desc = "not a CA before its key usage",
                                               .change = ca_before_its_usage,
                                               .code = STIR_CODE_ISSUER_NOT_CA,
                                               .depth = 1},
                                              {.desc = "key usage before AKID",
                                               .change = usage_before_akid,
                                               .code = STIR_CODE_KEY_USAGE,
                                               .depth = 1},
                                              {.desc = "AKID before SKID",
                                               .change = akid_before_skid,
                                               .code = STIR_CODE_AKID_MISSING,
                                               .depth = 0},
                                              {.desc = "AKID before signature",
                                               .change = akid_before_signature,
                                               .code = STIR_CODE_AKID_MISMATCH,
                                               .depth = 0},
                                              {.desc = "the lower pair first",
                                               .change = lower_pair_first,
                                               .code = STIR_CODE_PATH_SIGNATURE,
                                               .depth = 0},
                                              {.desc = "signature before path length",
                                               .change = signature_before_length,
                                               .code = STIR_CODE_PATH_SIGNATURE,
                                               .depth = 2},
                                              {.desc = "path length before times",
                                               .change = length_before_times,
                                               .code = STIR_CODE_PATH_LENGTH,
                                               .depth = 2},
                                              {.desc = "expired above before not yet valid",
                                               .change = expired_before_early,
                                               .code = STIR_CODE_CERT_EXPIRED,
                                               .depth = 1}};

Test(path_checks, checks_in_the_order_of_the_design)
{
    for (size_t i = 0; i < sizeof precedence / sizeof *precedence; i++) {
        struct built built;
        path_judge(&built, &precedence[i], PATH_ORDER_STRICT);
        path_expect(&built, &precedence[i], "strict");
        built_free(&built);
    }
}

/*
 * seeds FOLDER: writes the seeds of the harnesses to FOLDER/NAME_fuzzer.in, made by the tests' mint
 * and so by nothing of libstir. Keys are new each time, therefore the seeds are kept: this is run
 * where a harness changes what it reads.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "tests/feed_stage.h"
#include "tests/mint_crl.h"
#include "tests/mint_octets.h"

#define X5U "https://certificates.example.com/acme.pem"
#define HEADER "{\"alg\":\"ES256\",\"typ\":\"passport\",\"x5u\":\"" X5U "\"}"
#define SHAKEN_HEADER                                                                          \
    "{\"alg\":\"ES256\",\"ppt\":\"shaken\",\"typ\":\"passport\",\"x5u\":\"" X5U "\"}"
#define PAYLOAD                                                                                \
    "{\"dest\":{\"tn\":[\"12155559876\"]},\"iat\":1767225600,"                                 \
    "\"orig\":{\"tn\":\"12155551234\"}}"
#define SHAKEN_PAYLOAD                                                                         \
    "{\"attest\":\"A\",\"dest\":{\"tn\":[\"12155559876\"]},\"iat\":1767225600,"                \
    "\"orig\":{\"tn\":\"12155551234\"},\"origid\":\"123e4567-e89b-12d3-a456-426614174000\"}"

static const char *folder;

static void save(const char *harness, const char *name, struct octets octets)
{
    char path[4096];
    FILE *file;

    snprintf(path, sizeof path, "%s/%s_fuzzer.in", folder, harness);
    if (mkdir(path, 0777) != 0 && errno != EEXIST)
        abort();
    snprintf(path, sizeof path, "%s/%s_fuzzer.in/%s", folder, harness, name);
    if ((file = fopen(path, "wb")) == NULL
        || fwrite(octets.data, 1, octets.len, file) != octets.len || fclose(file) != 0)
        abort();
}

static void save_text(const char *harness, const char *name, const char *text)
{
    struct octets octets = {0};

    put(&octets, text, strlen(text));
    save(harness, name, octets);
}

/* With an octet before it, for harnesses that read one. */
static void save_with(const char *harness, const char *name, uint8_t first, const void *data,
                      size_t len)
{
    struct octets octets = {0};

    put(&octets, &first, 1);
    put(&octets, data, len);
    save(harness, name, octets);
}

static void save_hex(const char *harness, const char *name, const char *hex)
{
    struct octets octets = {0};

    put_hex(&octets, hex);
    save(harness, name, octets);
}

/* ---- Texts ---- */

struct text_seed {
    const char *name, *text;
};

static void save_texts(const char *harness, const struct text_seed *seeds, int first)
{
    for (; seeds->name != NULL; seeds++)
        if (first < 0)
            save_text(harness, seeds->name, seeds->text);
        else
            save_with(harness, seeds->name, (uint8_t)first, seeds->text, strlen(seeds->text));
}

static const struct text_seed addresses[] = {
    {"name-addr", "\"ACME, Inc.\" <sip:+12155551234@example.com;user=phone>;tag=1"},
    {"addr-spec", "sip:alice@EXAMPLE.com:5060;transport=tcp?x=y"},
    {"tel", "tel:+1-215-555-1234;phone-context=example.com"},
    {"dialled", "(215) 555-1234"},
    {"star", "*67#"},
    {"escaped", "<sips:%61lice%40home@example.com>"},
    {"pai", "<sip:+442071838750@[2001:db8::1]>, <tel:+12155551234>"},
    {NULL, NULL}};
static const struct text_seed csvs[] = {
    {"two", "spc,first,last\n709J,12155550000,12155559999\n1234,911,911\n"},
    {"overlap", "spc,first,last\r\n709J,100,199\r\n709J,150,300\r\nA,0,9\r\n"},
    {"header", "spc,first,last"},
    {NULL, NULL}};
static const struct text_seed policies[] = {
    {"all", "path_order=strict\nspc_unknown=trust_issuer\nfreshness=0\nspc_attests=shaken\n"
            "orig_check=off\nmin_attest=A\nstrict_json=reject\n"},
    {"bad", "freshness=86401\nspc_attests=\nno_such_key=1\npath_order=auto"},
    {NULL, NULL}};
static const struct text_seed dates[] = {{"sip", "Thu, 01 Jan 2026 00:00:00 GMT"},
                                         {"leap", "Sat, 31 Dec 2016 23:59:60 GMT"},
                                         {"rfc3339", "2026-01-01T02:03:04.5+02:00"},
                                         {"utc", "491231235959Z"},
                                         {"generalized", "20500101000000Z"},
                                         {"seconds", "1767225600"},
                                         {NULL, NULL}};
static const struct text_seed http_metas[] = {
    {"max-age",
     "Date: Thu, 01 Jan 2026 00:00:00 GMT\r\nCache-Control: public, max-age=86400\r\n"
     "Age: 17\r\nContent-Type: application/pem-certificate-chain\r\n"},
    {"expires", "Expires: Thursday, 01-Jan-26 00:00:00 GMT\nDate: Thu Jan  1 00:00:00 2026\n"
                "Last-Modified: Tue, 14 Nov 2023 22:13:20 GMT\nETag: W/\"5f3-abc\"\n"},
    {"private",
     "cache-control: private=\"set-cookie, age\" , no-cache,s-maxage=\"5\",max-age\n"},
    {NULL, NULL}};
static const struct text_seed urls[] = {{"plain", "https://certificates.example.com/acme.pem"},
                                        {"port", "https://EXAMPLE.com:8443/a/b%20c.pem"},
                                        {"query", "https://example.com/?id=7&x=y"},
                                        {"v4", "https://192.0.2.1:443/"},
                                        {"v6", "https://[2001:db8::1]/a.pem"},
                                        {"bad-user", "https://user:password@example.com/"},
                                        {"address", "64:ff9b::7f00:1"},
                                        {NULL, NULL}};
static const struct text_seed jsons[] = {
    {"header", SHAKEN_HEADER},
    {"payload", SHAKEN_PAYLOAD},
    {"all", "[null, true, false, 0, -1, 9223372036854775807, 1.5e3, \"\\ud83d\\ude00\\n\","
            " {\"a\": [{\"b/c\": {}}], \"\\u00e9\": \"\xC3\xA9\"}]"},
    {NULL, NULL}};

/* ---- Certificates and what is in them ---- */

static const struct mint full = {.subject = "C=US,O=ACME,CN=ACME full",
                                 .key = "full",
                                 .tnauthlist = "709J,12155551200+100,t12155551212,t*67",
                                 .constraints = "+attest,-rcd,attest=A,attest=B",
                                 .san = "dns:example.com,uri:sip:example.com",
                                 .stir_tn_list = "https://lists.example.com/acme",
                                 .path_length = 0};
static const struct mint rsa_root = {
    .subject = "RSA Root", .key = "rsa-root", .kind = MINT_RSA2048, .ca = MINT_YES};
static const struct mint p384_ca = {.subject = "P-384 CA",
                                    .key = "p384-ca",
                                    .kind = MINT_P384,
                                    .ca = MINT_YES,
                                    .path_length = MINT_PATH_LENGTH(1),
                                    .tnauthlist = "12155551200+100"};

static const struct {
    const char *name;
    const struct mint *spec, *issuer;
} certificates[] = {{"root", &mint_root, NULL},
                    {"spc-ca", &mint_spc_ca, &mint_sti_ca},
                    {"delegate", &mint_delegate, &mint_spc_ca},
                    {"shaken", &mint_shaken, &mint_sti_ca},
                    {"full", &full, &mint_spc_ca},
                    {"rsa", &rsa_root, NULL},
                    {"p384", &p384_ca, &rsa_root}};

static void save_certificates(void)
{
    for (size_t i = 0; i < sizeof certificates / sizeof *certificates; i++) {
        const struct minted *minted = mint_make(certificates[i].spec, certificates[i].issuer);
        struct octets der = {0};
        put(&der, minted->der, minted->len);
        save("certificate", certificates[i].name, der);
        save("der", certificates[i].name, der);
        save("describe", certificates[i].name, der);
    }
    const char *list =
        mint_pem_list(mint_make(&mint_delegate, &mint_spc_ca),
                      mint_make(&mint_spc_ca, &mint_sti_ca), mint_make(&mint_root, NULL), NULL);
    save_text("pem_list", "list", list);
    save_text("pem_list", "root", mint_make(&mint_root, NULL)->pem);
    save_text("describe", "list", list);
}

/* ---- Revocation lists ---- */

static void save_crls(void)
{
    static const struct mint pa = {.subject = "C=US,O=PA,CN=STI-PA CRL", .key = "pa"};
    static const struct {
        const char *name;
        struct mint_crl crl;
    } lists[] = {
        {"empty", {.version = 2}},
        {"direct",
         {.revoked = {{.serial_hex = "1234", .reason_hex = "01"}, {.serial_hex = "0080"}}}},
        {"indirect",
         {.idp_hex = MINT_IDP_INDIRECT,
          .revoked = {{.serial_hex = "1234", .issuer = "C=US,O=Test,CN=a", .reason_hex = "06"},
                      {.serial_hex = "1235"},
                      {.serial_hex = "1234", .issuer = "C=US,O=Test,CN=b"}}}},
        {"partition", {.idp_hex = "3014A00EA00C860A687474703A2F2F612F318302 0640"}},
        {"fault", {.next_update = -1}},
    };

    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        const struct minted *crl = mint_crl(&lists[i].crl, &pa);
        struct octets octets = {(uint8_t *)(uintptr_t)crl->der, crl->len, 0};
        save("crl", lists[i].name, octets);
        if (i == 1)
            save_text("crl", "pem", crl->pem);
    }
}

static void save_extensions(void)
{
    static const struct text_seed lists[] = {
        /* SEQUENCE of [0] SPC, [1] range, [2] one, as they are written with EXPLICIT tags. */
        {"spc", "3008 A006 1604 37303941"},
        {"range", "3014 A112 3010 160B 3132313535353531323030 020164"},
        {"one", "300F A20D 160B 3132313535353531323132"},
        {"all", "302B A006 1604 37303941 A112 3010 160B 3132313535353531323030 020164"
                " A20D 160B 3132313535353531323132"},
        {"literal", "3007 A205 1603 2A3637"},
        {NULL, NULL}};
    static const struct text_seed plain[] = {
        {"include", "00 300C A00A 3008 1606 617474657374"},
        {"permit", "00 3013 A111 300F 300D 1606 617474657374 3003 0C0141"},
        {NULL, NULL}};
    static const struct text_seed enhanced[] = {
        {"exclude", "01 3009 A207 3005 1603 726364"},
        {"three", "01 3028 A00A 3008 1606 617474657374 A111 300F 300D 1606 617474657374 3003"
                  " 0C0141 A207 3005 1603 726364"},
        {NULL, NULL}};

    for (const struct text_seed *seed = lists; seed->name != NULL; seed++) {
        save_hex("tnauthlist", seed->name, seed->text);
        save_hex("describe", seed->name, seed->text);
        save_hex("der", seed->name, seed->text);
    }
    for (const struct text_seed *seed = plain; seed->name != NULL; seed++)
        save_hex("constraints", seed->name, seed->text);
    for (const struct text_seed *seed = enhanced; seed->name != NULL; seed++)
        save_hex("constraints", seed->name, seed->text);
}

/* ---- Tokens ---- */

static void save_tokens(void)
{
    const char *base = mint_token(HEADER, PAYLOAD, "delegate");
    const char *shaken = mint_token(SHAKEN_HEADER, SHAKEN_PAYLOAD, "shaken");
    const char *value = mint_identity_value(shaken, X5U, "shaken");
    const char *compact =
        keep_text("..%s;info=<" X5U ">;ppt=\"shaken\"", strrchr(base, '.') + 1);
    struct octets passport = {0};

    save_text("jws", "base", base);
    save_text("jws", "shaken", shaken);
    save_text("jws", "compact", keep_text("..%s", strrchr(base, '.') + 1));
    save_text("identity", "base", mint_identity_value(base, X5U, NULL));
    save_text("identity", "shaken", value);
    save_text("identity", "compact", compact);
    save_text(
        "identity", "folded",
        keep_text("Identity: %s\r\n ;info = < " X5U "> ;alg=\"ES256\";x=\"a\\\"b\"", base));
    save_text("describe", "token", base);
    save_text("describe", "value", value);
    save_text("describe", "lines", keep_text("%s\n\nIdentity: %s\n", base, value));
    put(&passport, HEADER "\0" PAYLOAD, sizeof HEADER "\0" PAYLOAD - 1);
    save("passport", "base", passport);
    passport.len = 0;
    put(&passport, SHAKEN_HEADER "\0" SHAKEN_PAYLOAD, sizeof SHAKEN_HEADER SHAKEN_PAYLOAD);
    save("passport", "shaken", passport);
}

/* ---- Requests and revocation lists, by GnuTLS ---- */

static gnutls_datum_t request_of(bool pem)
{
    gnutls_x509_crq_t request;
    gnutls_datum_t out;

    gnutls_x509_crq_init(&request);
    gnutls_x509_crq_set_dn(request, "CN=ACME delegate,C=US", NULL);
    gnutls_x509_crq_set_version(request, 1);
    gnutls_x509_crq_set_basic_constraints(request, 1, 2);
    gnutls_x509_crq_set_extension_by_oid(request, "1.3.6.1.5.5.7.1.26",
                                         "\x30\x08\xA0\x06\x16\x04"
                                         "709J",
                                         10, 0);
    gnutls_privkey_t key = mint_private_key("request", MINT_P256);
    gnutls_pubkey_t public;
    gnutls_pubkey_init(&public);
    gnutls_pubkey_import_privkey(public, key, 0, 0);
    gnutls_x509_crq_set_pubkey(request, public);
    gnutls_x509_crq_privkey_sign(request, key, GNUTLS_DIG_SHA256, 0);
    if (gnutls_x509_crq_export2(request, pem ? GNUTLS_X509_FMT_PEM : GNUTLS_X509_FMT_DER, &out)
        != 0)
        abort();
    gnutls_pubkey_deinit(public);
    gnutls_x509_crq_deinit(request);
    return out;
}

static void save_requests(void)
{
    gnutls_datum_t pem = request_of(true), der = request_of(false);
    struct octets octets = {0};

    save_with("csr", "pem", 0, pem.data, pem.size);
    save_with("csr", "der", 0, der.data, der.size);
    save_with("csr", "der-any-signature", 1, der.data, der.size);
    put(&octets, der.data, der.size);
    save("describe", "csr", octets);
    save_hex("describe", "crl",
             "3077 301F 020101 300A 06082A8648CE3D040302 300E 310C 300A 06035504030C0352 6F6F"
             " 170D 3236303130313030303030305A");
    gnutls_free(pem.data);
    gnutls_free(der.data);
}

/* ---- Operations ---- */

static void record(struct octets *to, char letter, const void *data, size_t len)
{
    char mark[] = {'\n', '%', '%', letter, '\n'};

    put(to, to->len == 0 ? mark + 1 : mark, to->len == 0 ? 4 : 5);
    put(to, data, len);
}

static void record_text(struct octets *to, char letter, const char *text)
{
    record(to, letter, text, strlen(text));
}

static void record_minted(struct octets *to, char letter, const struct minted *minted)
{
    record(to, letter, minted->der, minted->len);
}

static uint8_t digit_of(char c)
{
    static const char alphabet[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    return (uint8_t)(strchr(alphabet, c) - alphabet);
}

/* The 64 octets at a token's end. */
static void record_signature(struct octets *to, const char *token)
{
    const char *text = strrchr(token, '.') + 1;
    uint8_t signature[66];

    for (size_t i = 0; i < 66; i += 3) {
        char four[4] = {'A', 'A', 'A', 'A'};
        memcpy(four, text + i / 3 * 4, i < 63 ? 4 : 2);
        uint32_t bits = (uint32_t)digit_of(four[0]) << 18 | (uint32_t)digit_of(four[1]) << 12
                        | (uint32_t)digit_of(four[2]) << 6 | digit_of(four[3]);
        signature[i] = (uint8_t)(bits >> 16);
        signature[i + 1] = (uint8_t)(bits >> 8);
        signature[i + 2] = (uint8_t)bits;
    }
    record(to, 's', signature, 64);
}

static void record_call(struct octets *to)
{
    record_text(to, 'H',
                "From: <sip:+12155551234@example.com>;tag=1\nTo: <tel:+12155559876>\n"
                "Date: Thu, 01 Jan 2026 00:00:00 GMT");
    record_text(to, 'N', "1767225600");
}

struct op_seed {
    const char *name;
    uint8_t mode;
    const struct mint *chain[4]; /* signer first, the last one is the anchor */
    const char *policy, *csv, *answers, *header, *payload, *parameters;
    const char *more; /* a record's letter and content */
};

static const struct mint plain_ca = {
    .subject = "SPC only", .key = "plain", .ca = MINT_YES, .tnauthlist = "709J"};
static const struct mint uri_signer = {
    .subject = "URI signer", .key = "uri", .san = "uri:sip:example.com"};
static const struct mint constrained = {.subject = "Constrained",
                                        .key = "constrained",
                                        .tnauthlist = "12155551200+100",
                                        .constraints = "+attest,-rcd,attest=A"};

static const struct op_seed ops[] = {
    {"delegate", 0, .chain = {&mint_delegate, &mint_spc_ca, &mint_sti_ca, &mint_root}},
    {"delegate-told", 1, .chain = {&mint_delegate, &mint_spc_ca, &mint_sti_ca, &mint_root}},
    {"operation", 2, .chain = {&mint_delegate, &mint_spc_ca, &mint_sti_ca, &mint_root}},
    {"operation-told", 2 | 1 | 16,
     .chain = {&mint_delegate, &mint_spc_ca, &mint_sti_ca, &mint_root}},
    {"operation-fail", 2 | 4 | 32,
     .chain = {&mint_delegate, &mint_spc_ca, &mint_sti_ca, &mint_root}},
    {"operation-expire", 2 | 8,
     .chain = {&mint_delegate, &mint_spc_ca, &mint_sti_ca, &mint_root}},
    {"csv",
     1,
     {&mint_delegate, &plain_ca, &mint_root},
     .csv = "spc,first,last\n709J,12155550000,12155559999\n"},
    {"csv-no",
     1,
     {&mint_delegate, &plain_ca, &mint_root},
     .csv = "spc,first,last\n709J,12155550000,12155551250\n"},
    {"resolver", 1, {&mint_delegate, &plain_ca, &mint_root}, .answers = "\x01\x05\x19"},
    {"trust-issuer",
     1,
     {&mint_delegate, &plain_ca, &mint_root},
     .policy = "spc_unknown=trust_issuer\nfreshness=3600\norig_check=from"},
    {"shaken",
     0,
     {&mint_shaken, &mint_sti_ca, &mint_root},
     .header = SHAKEN_HEADER,
     .payload = SHAKEN_PAYLOAD,
     .parameters = ";info=<" X5U ">;alg=ES256;ppt=\"shaken\"",
     .policy = "min_attest=B"},
    {"order-any",
     1,
     {&mint_shaken, &mint_sti_ca, &mint_root},
     .header = SHAKEN_HEADER,
     .payload = SHAKEN_PAYLOAD,
     .parameters = ";info=<" X5U ">;alg=ES256;ppt=\"shaken\"",
     .policy = "path_order=any\nspc_attests=shaken\nverstat_map=verdict"},
    {"constrained",
     1,
     {&constrained, &mint_spc_ca, &mint_root},
     .header = SHAKEN_HEADER,
     .payload = SHAKEN_PAYLOAD,
     .parameters = ";info=<" X5U ">;ppt=shaken"},
    {"uri",
     1,
     {&uri_signer, &mint_sti_ca, &mint_root},
     .payload = "{\"dest\":{\"tn\":[\"12155559876\"]},\"iat\":1767225600,"
                "\"orig\":{\"uri\":\"sip:alice@example.com\"}}",
     .more = "HFrom: <sip:alice@example.com>\nTo: sip:+12155559876@example.com;user=phone"},
    {"sdp",
     1,
     {&mint_delegate, &mint_spc_ca, &mint_root},
     .more = "Sv=0\r\nm=audio 9 RTP/SAVP 0\r\na=fingerprint:sha-256 01:02:0A\r\n"},
    {"x5c", 0, {&mint_delegate, &mint_spc_ca, &mint_root}, .policy = "x5c=prefer", .more = "x"},
    {"x5c-told",
     1 | 2 | 4,
     {&mint_delegate, &mint_spc_ca, &mint_root},
     .policy = "x5c=prefer",
     .more = "x"},
    {"x5c-off", 2, {&mint_delegate, &mint_spc_ca, &mint_root}, .more = "x"},
    {"compact",
     1,
     {&mint_delegate, &mint_spc_ca, &mint_root},
     .more =
         "HIdentity: "
         ".."
         "AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
         "AQ;info=<" X5U ">;alg=ES256"}};

static void save_op(const struct op_seed *op)
{
    const char *header = op->header != NULL ? op->header : HEADER;
    const char *payload = op->payload != NULL ? op->payload : PAYLOAD;
    struct octets octets = {0};
    size_t n = 0;

    record(&octets, 'm', &op->mode, 1);
    while (n < 4 && op->chain[n] != NULL)
        n++;
    for (size_t i = 0; i < n; i++)
        record_minted(&octets, i + 1 < n ? 'c' : 'a',
                      mint_make(op->chain[i], i + 1 < n ? op->chain[i + 1] : NULL));
    if (op->policy != NULL)
        record_text(&octets, 'P', op->policy);
    if (op->csv != NULL)
        record_text(&octets, 'C', op->csv);
    if (op->answers != NULL)
        record_text(&octets, 'r', op->answers);
    record_call(&octets);
    if (op->more != NULL)
        record_text(&octets, op->more[0], op->more + 1);
    record_text(&octets, 'h', header);
    record_signature(&octets, mint_token(header, payload, op->chain[0]->key));
    if (op->parameters != NULL)
        record_text(&octets, 'i', op->parameters);
    record_text(&octets, 'p', payload);
    save("op", op->name, octets);
}

/* ---- Trusted lists ---- */

/* Their payloads (2: well signed), and one as it is sent. */
static void save_trusted_lists(void)
{
    static const struct mint other = {.subject = "Other root"}, no_ca = {.subject = "No CA"};
    static const struct {
        const char *name, *sequence, *exp;
        const struct mint *roots[2];
        uint8_t first;
    } lists[] = {
        {"one", "7", "1798761600", {&mint_root, NULL}, 2},
        {"two", "0", "9223372036854775807", {&mint_root, &other}, 2},
        {"no-ca", "7", "1798761600", {&mint_root, &no_ca}, 2},
        {"none", "7", "1798761600", {NULL, NULL}, 2},
        {"sequence", "-1", "1", {&mint_root, NULL}, 2},
        {"text", "\"7\"", "1.5", {&mint_root, NULL}, 2},
        {"unsigned", "7", "1798761600", {&mint_root, NULL}, 0},
    };

    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        size_t n = lists[i].roots[0] == NULL ? 0 : lists[i].roots[1] == NULL ? 1 : 2;
        const char *payload =
            feed_trusted_payload(lists[i].sequence, lists[i].exp, lists[i].roots, n);
        save_with("trusted_list", lists[i].name, lists[i].first, payload, strlen(payload));
    }
    const char *sent = feed_trusted_list("7", "1798761600", lists[0].roots, 1, "PA");
    save_with("trusted_list", "sent", 3, sent, strlen(sent));
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fputs("seeds FOLDER\n", stderr);
        return 2;
    }
    folder = argv[1];
    save_texts("uri", addresses, 1);
    save_texts("csv", csvs, -1);
    save_texts("policy", policies, -1);
    save_texts("date", dates, -1);
    save_texts("http_meta", http_metas, -1);
    save_texts("url", urls, -1);
    save_texts("json", jsons, -1);
    save_certificates();
    save_crls();
    save_extensions();
    save_tokens();
    save_requests();
    save_trusted_lists();
    for (size_t i = 0; i < sizeof ops / sizeof *ops; i++)
        save_op(&ops[i]);
    return 0;
}

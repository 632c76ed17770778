/* Every limit on what strangers can send, each with its reason. */
#ifndef STIR_BASE_LIMITS_H
#define STIR_BASE_LIMITS_H

enum {
    /* A whole SIP request over UDP is at most 64 KiB, and a token is a part of one. */
    LIMIT_TOKEN = 64 * 1024,
    /* The deepest registered claim (jcd, RFC 9795) nests 6 levels; jansson would recurse 2,048. */
    LIMIT_JSON_DEPTH = 32,
    /* Values in one JSON text, and in header and payload of a token together, an object counting
       twice: a jCard (RFC 9795) of thirty properties comes to 180. One takes two octets to send
       and up to 160 to hold, and an operation has 64 KiB beyond what was sent. */
    LIMIT_JSON_VALUES = 256,
    /* A call diverted five times (the longest the field reports) carries 6 plus rph and rcd. */
    LIMIT_IDENTITIES = 16,
    /* An x5u body: 10 certificates of 100 KiB, or real ones (1 KiB) a hundred times over. */
    LIMIT_PEM_LIST = 1024 * 1024,
    /* Certificates in a list; the longest real path has 3. Bounds signatures and memory. */
    LIMIT_CERTIFICATES = 10,
    /* Signature checks per path: a list of look-alike issuers must not multiply them. */
    LIMIT_SIGNATURE_CHECKS = 32,
    /* RSA moduli in bits: below 2048 is broken, above 8192 one check takes milliseconds. */
    LIMIT_RSA_BITS_LEAST = 2048,
    LIMIT_RSA_BITS_MOST = 8192,
    /* Octets of an RSA exponent: 65537 has 3, and Go takes none of more than 31 bits. One as
       long as the modulus makes a check of 8192 bits take 240 ms instead of 0.4. */
    LIMIT_RSA_EXPONENT = 4,
    /* A file with a private key: RSA of 8192 bits is 7 KiB in PEM, and its certificates may stand
       beside it. */
    LIMIT_KEY_FILE = 64 * 1024,
    /* A certificate handed over by itself: a list that fills the body at x5u. */
    LIMIT_CERTIFICATE = LIMIT_PEM_LIST,
    /* Extensions of a certificate: real ones have 9; each is compared with every other. */
    LIMIT_EXTENSIONS = 64,
    /* Octets of a Name, and attributes in it: X.520's own bounds keep real ones below 1 KiB, and
       they have 6. GnuTLS reads names in time by the square of their attributes. */
    LIMIT_NAME = 4 * 1024,
    LIMIT_NAME_ATTRIBUTES = 64,
    /* Names in subjectAltName, which GnuTLS's import reads in time by their square: 8,000, as
       16 KiB may hold, take it a second. */
    LIMIT_ALTERNATIVE_NAMES = 128,
    /* AccessDescriptions of authorityInfoAccess: real ones have three, and a URL of a list by
       reference takes an allocation of its own. */
    LIMIT_ACCESS_DESCRIPTIONS = 128,
    /* Octets of a SubjectPublicKeyInfo that is looked at: RSA of 8192 bits has 1 KiB, and 700
       KiB of one take GnuTLS 6 ms. */
    LIMIT_PUBLIC_KEY = 16 * 1024,
    /* A serial number in octets (RFC 5280 section 4.1.2.2). */
    LIMIT_SERIAL = 20,
    /* Digits of a number (RFC 8226 section 9, E.164). */
    LIMIT_TN_DIGITS = 15,
    /* Lines a result keeps; a list of 10 certificates yields about two each. */
    LIMIT_WARNINGS = 32,
    /* Claims a certificate constrains; the registry has about 120 JWT claims in all. */
    LIMIT_CONSTRAINED_CLAIMS = 1024,
    /* Values a certificate permits, of all claims: real ones have three (A, B, C). An empty one is
       2 octets on the wire and 40 in memory. */
    LIMIT_PERMITTED_VALUES = 1024,
    /* Questions about SPCs' numbers for one path: the most numbers that fit a 16 MiB TNAuthList,
       under one SPC. */
    LIMIT_QUESTIONS = 1024 * 1024,
    /* How many of them are put to the SPC data at a time, and judged before the next: about
       400 KB of memory and two milliseconds. */
    LIMIT_PORTION = 4 * 1024,
    /* Octets of an SPC csv: 1.5 M lines take 50 MB. */
    LIMIT_CSV = 1024 * 1024 * 1024,
    /* Octets of a line of it: two numbers and an SPC, which has 4 where it is an OCN. */
    LIMIT_CSV_LINE = 256,
    /* Octets of a header value other than Identity that is looked at (a SIP line). */
    LIMIT_HEADER = 8 * 1024,
    /* Fingerprints of an SDP body: one an m= line and hash, of which calls have a handful. */
    LIMIT_FINGERPRINTS = 64,
    /* Octets of a CRL, and of a file of them: a million entries take 50 MB, 70 MB in PEM. */
    LIMIT_CRL = 256 * 1024 * 1024,
    /* Octets of a CRL that is fetched: a million entries. */
    LIMIT_FETCHED_CRL = 64 * 1024 * 1024,
    /* Octets of an entry: a certificateIssuer is a Name, and all else has 60. */
    LIMIT_CRL_ENTRY = 2 * LIMIT_NAME,
    /* What is kept of a CRL beside its entries: names, numbers, a signature. */
    LIMIT_CRL_HEAD = 64 * 1024,
    /* Octets of a CRL in PEM that is fetched: it is decoded in one go, and what is at a URL is DER
       (RFC 5280 section 4.2.1.13). */
    LIMIT_FETCHED_PEM_CRL = 512 * 1024,
    /* Different certificate issuers in an indirect CRL: there are some 20 STI-CAs. Each entry's
       is looked for among all of them. */
    LIMIT_CRL_ISSUERS = 1024,
    /* Extensions of a CRL: real ones have 3. */
    LIMIT_CRL_EXTENSIONS = 16,
    /* CRLs of a configuration: one of each authority; a path is compared with each. */
    LIMIT_CRLS = 256,
    /* A file of trust anchors: the STI-PA's list has some 20 certificates, system bundles 150. */
    LIMIT_ANCHORS_FILE = 16 * 1024 * 1024,
    /* A file of decisions about signers: 10,000 lines, where an operator has a handful; they are
       kept sorted as they come. */
    LIMIT_DECISIONS = 1024 * 1024,
    /* Signers that are remembered: 19,000 certificates were seen in six years of the field. The
       one seen last longest ago gives way. */
    LIMIT_SIGNERS = 32 * 1024,
    /* The file they are in: a line has 250 octets. */
    LIMIT_SIGNERS_FILE = 32 * 1024 * 1024,
    /* Different certificate URLs that one call may make a verifier fetch: one for each token of
       a diverted call, and no more to whoever writes the headers. */
    LIMIT_URLS = 4,
    /* A TNAuthList by reference: a million ranges, 1.5 million numbers. */
    LIMIT_TNAUTHLIST = 16 * 1024 * 1024,
    /* Octets of an entry of a list, which is looked at in one go: a range has 20, an SPC has 4. */
    LIMIT_TNENTRY = 64 * 1024,
    /* URLs of TNAuthLists that one call may make a verifier fetch: one for each certificate of a
       path of the longest kind. */
    LIMIT_LISTS = 10,
    /* Their octets in all: two of the largest. */
    LIMIT_LISTS_OCTETS = 2 * LIMIT_TNAUTHLIST,
    /* Lists by reference that are kept as read, and the octets they were read from; in memory each
       is up to twice that. */
    LIMIT_CACHED_LISTS = 64,
    LIMIT_CACHED_LISTS_OCTETS = LIMIT_LISTS_OCTETS,
    /* Seconds an operator may set for keeping what was fetched: 31 days; a certificate revoked
       since is known by its list, not by how old a copy is. */
    LIMIT_DURATION = 31 * 86400,
    /* Seconds that SPC data may be old by policy: a year. */
    LIMIT_DATA_AGE = 366 * 86400,
    /* Paths that are kept, and all their octets: the field has some 16,000 certificates, of which
       a switch sees a few hundred an hour, and one takes 8 KiB at most where its list is not
       long. */
    LIMIT_CACHED_PATHS = 16 * 1024,
    LIMIT_CACHED_PATHS_OCTETS = 128 * 1024 * 1024,
    /* Refusals that are kept: what is sent again and again; more is judged again. */
    LIMIT_REFUSED_PATHS = 256,
    LIMIT_REFUSED_PATHS_OCTETS = 4 * 1024 * 1024,
    /* Lists of certificates that are half judged, for whoever goes on with them: what is not there
       is begun anew, or is with its operation. Each is a list of 1 MiB at most and what was read
       of it so far, up to 4 MiB; usual lists are judged in one go and never lie there. */
    LIMIT_HALF_MADE = 8,
    /* Certificates of authorities that paths share: the field has some 60. */
    LIMIT_INTERNED = 1024,
    /* Tokens that policy replay remembers: 2,000 calls a second for the two minutes in which one
       is fresh; 45 MB. */
    LIMIT_REPLAYS = 256 * 1024,
    /* A URL that is fetched: the longest of 17,839 in use in 2025 has some 200 octets; each is a
       key in the caches. */
    LIMIT_URL = 1024,
    /* Networks exempt from the check of addresses; an operator's list, walked for each address. */
    LIMIT_ALLOWED_NETWORKS = 256,
    /* Octets of a response's header: servers and proxies themselves stop at 8 to 64 KiB. */
    LIMIT_RESPONSE_HEADER = 64 * 1024,
    /* A TLS server's certificates, before anybody knows who it is: real ones are two to four of
       1 to 5 KiB, with some 200 elements of DER and a few names, of which some hosts share a
       hundred. GnuTLS reads attributes and names in time by their square: 5,000 take 30 ms. */
    LIMIT_TLS_CERTIFICATES = 6,
    LIMIT_TLS_CERTIFICATE = 16 * 1024,
    LIMIT_TLS_ELEMENTS = 768,
    /* A message of the handshake. */
    LIMIT_TLS_MESSAGE = LIMIT_TLS_CERTIFICATES * LIMIT_TLS_CERTIFICATE,
    /* Addresses of a host that are tried: happy eyeballs uses a handful, and each that does not
       answer takes its share of the time. */
    LIMIT_HOST_ADDRESSES = 8,
    /* A trusted CA list: the field's 50 certificates make 50 KiB, and 130 with RSA keys. */
    LIMIT_TRUSTED_LIST = 512 * 1024,
    /* Certificates in it: each takes 80 us to read, and the list is read in one go. */
    LIMIT_TRUSTED_MEMBERS = 128,
    /* URLs of trusted CA lists: an administrator has one; a country has an administrator. */
    LIMIT_TRUSTED_LISTS = 16,
    /* Certificates of a file that lint looks at: a system's bundle of anchors has 150. */
    LIMIT_LINT_CERTIFICATES = 1024
};

#endif

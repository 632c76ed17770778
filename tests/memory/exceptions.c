/* What the libraries underneath do where memory lacks, and libstir cannot help; as found in the
   versions of Debian 12. All of it ends as not valid. */
#include "tests/memory/exceptions.h"

#include <stddef.h>
#include <string.h>

static const struct exception {
    const char *library;
    unsigned troubles;
    const char *reason;
} exceptions[] = {
    {"libtasn1.so", TROUBLE_CRASH | TROUBLE_VERDICT | TROUBLE_LEFT,
     "4.19 uses nodes of its trees without looking whether it got them, loses trees that are "
     "half made, and says of others that the DER is wrong, which GnuTLS believes"},
    {"libgnutls.so", TROUBLE_CRASH | TROUBLE_VERDICT | TROUBLE_LEFT,
     "3.7 aborts where its curve arithmetic gets no memory (as GMP does), passes a NULL on to "
     "libtasn1 in gnutls_x509_dn_init(), and turns any failure inside a check of a signature "
     "into GNUTLS_E_PK_SIG_VERIFY_FAILED, and inside the import of a certificate into other "
     "codes than GNUTLS_E_MEMORY_ERROR; an ECDSA signature that fails loses its HMAC"},
    {"libjansson.so", TROUBLE_VERDICT,
     "2.14 calls a string that it has no memory for an invalid token, and ignores that the "
     "buffer of a token did not grow"},
};

bool is_excepted(const char *refused, enum trouble trouble)
{
    for (size_t i = 0; i < sizeof exceptions / sizeof *exceptions; i++)
        if (strncmp(refused, exceptions[i].library, strlen(exceptions[i].library)) == 0)
            return (exceptions[i].troubles & trouble) != 0;
    return false;
}

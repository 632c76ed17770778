/* The steps of certificate_read.c, in the order in which design.md has their faults. Each returns
   0, an enum stir_code (then the certificate's fault is set, if it had none), or negative. */
#ifndef STIR_CERT_CERTIFICATE_STEPS_H
#define STIR_CERT_CERTIFICATE_STEPS_H

#include "cert/certificate.h"
#include "cert/certificate_skeleton.h"
#include "cert/tnauthlist.h"

/* By GnuTLS (certificate_fields.c): cert-syntax. */
int fields_read_label(struct stir_certificate *certificate, const struct skeleton *skeleton);
int fields_check_gnutls(struct stir_certificate *certificate, const struct skeleton *skeleton);
int fields_read_key(struct stir_certificate *certificate, const struct skeleton *skeleton,
                    const struct es256_provider *provider);
int fields_read_basic_constraints(struct stir_certificate *certificate,
                                  const struct skeleton *skeleton);
int fields_read_key_usage(struct stir_certificate *certificate,
                          const struct skeleton *skeleton);
int fields_read_alternative_names(struct stir_certificate *certificate,
                                  const struct skeleton *skeleton);

/* By our own walk (certificate_extensions.c). */

/* SKI, AKI, and that authorityInfoAccess can be walked: cert-syntax. */
int extensions_read_identifiers(struct stir_certificate *certificate,
                                const struct skeleton *skeleton);
/* That the TNAuthList is not critical: a warning. */
int extensions_begin_tnauthlist(struct stir_certificate *certificate,
                                const struct skeleton *skeleton);
/* TNAuthList: tnauthlist-syntax. *list is NULL at first, and the caller's to free; BUDGET_GONE: it
   is to be called again. */
int extensions_read_tnauthlist(struct stir_certificate *certificate,
                               const struct skeleton *skeleton, struct tnauthlist_reader **list,
                               size_t *budget);
/* id-ad-stirTNList: tnauthlist-reference. R8226-10.1-1, -2. */
int extensions_read_references(struct stir_certificate *certificate,
                               const struct skeleton *skeleton);
/* Both claim constraints: constraints-syntax, constraints-both. */
int extensions_read_constraints(struct stir_certificate *certificate,
                                const struct skeleton *skeleton);
/* None critical that is not understood: cert-critical-extension. A-34. */
int extensions_check_critical(struct stir_certificate *certificate,
                              const struct skeleton *skeleton);

/*
 * A Name as text: RFC 4514, in which a stranger's octets that are no printable UTF-8 are written
 * as that RFC has it, \0A, so that they are unambiguous as they stand. GnuTLS takes as long over
 * it as over a whole certificate, so nothing asks before somebody wants to read it. *out NULL: it
 * is no Name, or there is none. 0 or STIR_E_NOMEM.
 */
int fields_name_text(struct der name, char **out);

/* Of certificate_text.c; NULL is fine. */
void certificate_texts_free(struct certificate_texts *texts);

#endif

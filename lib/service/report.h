/* Results and certificates as JSON: the keys of design.md, always all of them. */
#ifndef STIR_SERVICE_REPORT_H
#define STIR_SERVICE_REPORT_H

#include "cert/certificate.h"
#include "json/value.h"

/* An element of "path". NULL: out of memory. */
struct value *report_certificate(const struct stir_certificate *certificate, size_t depth,
                                 bool anchor);
/* Entries in wire order: {"spc"}, {"first","last"}, {"tn"}. scope NULL: null. */
struct value *report_scope(const struct stir_scope *scope);

#endif

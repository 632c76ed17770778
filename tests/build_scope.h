/* Scopes, and paths of certificates that have nothing but lists, written as text: for the rules
   that look at nothing else. */
#ifndef STIR_TESTS_BUILD_SCOPE_H
#define STIR_TESTS_BUILD_SCOPE_H

#include "cert/path.h"
#include "number/scope.h"
#include "spc/spc.h"

/* Adds entries written "709J! 1000+500 *67 2125551212": an SPC with !, a range by first and
   count, a number. What is no entry aborts. */
void build_scope_add(struct stir_scope *scope, const char *text);
/* Normalised. */
struct stir_scope *build_scope(const char *text);

enum { LISTED_MOST = 5 };

/* Certificates made by hand; path borrows them and must not be freed. */
struct listed {
    struct stir_certificate certificates[LISTED_MOST];
    char labels[LISTED_MOST][4];
    char *urls[LISTED_MOST];
    struct path path;
};

/* "1500+100 < 709J! < -": signer first, "-" has no list, "@URL" one by reference. Labels are L0,
   L1 and so on. */
void listed_make(struct listed *listed, const char *lists);
void listed_free(struct listed *listed);

/* A source that says "A 1500-1549 yes, A 0-9999 no, B 0-9999 unknown": values of any length; the
   first word on a number stays. It borrows the text. */
struct spc_source *said_source(const char *said);

#endif

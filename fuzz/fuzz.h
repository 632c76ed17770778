/*
 * What the fuzz harnesses share. A harness NAME_fuzzer.c is one function, fuzz_one(), which puts
 * an input to one parser and expects what must hold of the answer; frame.c calls it, once as it
 * stands and once with something made to fail.
 */
#ifndef STIR_FUZZ_FUZZ_H
#define STIR_FUZZ_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* 0: taken, good, valid; positive: an enum stir_code or whatever else was found wrong; negative:
   a STIR_E_*. The same input gives the same answer. */
int fuzz_one(const uint8_t *data, size_t len);
/* The largest input that is looked at; the default is 64 KiB. */
extern const size_t fuzz_most;

/* Ends the process, with what did not hold. */
_Noreturn void fuzz_broken(const char *file, int line, const char *what);
/* Must hold whatever fails. */
#define FUZZ_ALWAYS(holds) ((holds) ? (void)0 : fuzz_broken(__FILE__, __LINE__, #holds))
/* Must hold unless something was made to fail. */
#define FUZZ_EXPECT(holds) FUZZ_ALWAYS((holds) || fuzz_has_failed())

/* ---- What is made to fail ---- */

enum fuzz_kind {
    FUZZ_MEMORY, /* malloc, calloc, realloc of libstir and of jansson */
    FUZZ_CRYPTO, /* functions of GnuTLS; not its own memory, want of which it does not survive */
    FUZZ_KINDS
};

/* From now on calls of each kind are counted, and of this kind the nth fails (counted from 1; 0:
   none), and with all_after whatever comes behind it, too. */
void fuzz_fail(enum fuzz_kind kind, size_t nth, bool all_after);
/* Back to normal; how often each kind was called. */
void fuzz_fail_no_more(size_t calls[FUZZ_KINDS]);
/* Did one fail since fuzz_fail()? */
bool fuzz_has_failed(void);
/* For gnutls.c and memory.c: is it this call's turn? */
bool fuzz_strikes(enum fuzz_kind kind);
/* Which call it was that failed. */
size_t fuzz_turn(void);
/* What is JSON to jansson, while nothing fails: its reader aborts for want of memory. NULL:
   none. */
struct json_t *fuzz_json(const char *text, size_t len);
/* Once per process: jansson's memory comes from here, too. */
void fuzz_memory_init(void);

/*
 * A fuzzer cannot sign. From now on signatures are not calculated: check number i (from 0) is
 * good where bit i % 64 of good is set. fuzz_signatures_calculate() is the end of it.
 */
void fuzz_signatures_answer(uint64_t good);
void fuzz_signatures_calculate(void);
/* How many checks said good since then, calculated or not. */
size_t fuzz_signatures_good(void);

/* One line of printable UTF-8, as stir.h promises of text; NULL passes. */
bool fuzz_is_line(const char *text);
/* A line, or JSON, which is exempt. */
bool fuzz_is_claim(const char *text);

#endif

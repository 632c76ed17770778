/*
 * The cache's file (policy cache_file): bodies with their HTTP metadata, never a verdict, in one
 * LMDB file that processes share. What is read back is a stranger's: the record is checked in
 * full, and the body then validated as if just fetched.
 *
 * A process must not have an LMDB file open twice, and not even open(2) and close(2) it beside
 * (the locks of fcntl(2) would go): store_open() of the same file gives the same handle. A kill -9
 * at any time leaves a file that opens, with all that was flushed. Writes are gathered and made by
 * store_flush(); the disk is waited for by store_free() alone, since no event loop may.
 *
 * Thread-safe. Everything but store_open() says STIR_E_FORKED in a child.
 */
#ifndef STIR_FETCH_STORE_H
#define STIR_FETCH_STORE_H

#include "base/error.h"
#include "fetch/cache.h"

struct store;

/* What a URL gave, and when. url is borrowed; body a reference. */
struct store_record {
    enum fetch_kind kind;
    const char *url;
    int64_t requested, received;
    struct http_meta meta;
    struct body *body;
};

/*
 * Opens or makes the file, mode 0600. NULL: STIR_E_FILE (not a regular file of ours that others
 * cannot read or write; not the format; damaged), STIR_E_NOMEM.
 */
struct store *store_open(const char *path, struct stir_error *error);
/* One reference; the last writes what is waiting. */
void store_free(struct store *store);
struct store *store_ref(struct store *store);
/* Could it be opened, without opening it? For policy to judge. 0 or STIR_E_FILE. */
int store_check(const char *path, struct stir_error *error);

/* Is it no matter for the file? A list by reference of 16 MiB takes 50 ms to check and to copy
   when a call wants it, in an event loop perhaps; at its URL it is fetched and read in slices.
   CRLs are as long, but read when a verifier is made. */
enum { STORE_LIST_MOST = 1024 * 1024 };
bool store_is_long(enum fetch_kind kind, size_t len);
/* heads: see body_new_in(). 1: it is there, and record->body is the caller's reference; 0: not;
   negative: STIR_E_FILE, STIR_E_NOMEM, STIR_E_FORKED. A damaged record counts as not there. */
int store_get(struct store *store, enum fetch_kind kind, const char *url, struct cells *heads,
              struct store_record *record, struct stir_error *error);
/* Written at the next flush; refers to body. Beyond a bound of octets that wait, it is left
   out, unless nothing else waits. 0, STIR_E_NOMEM, STIR_E_FORKED. */
int store_put(struct store *store, const struct store_record *record, struct stir_error *error);
/* url NULL: all, of every kind. At once. 1: something was there; 0: nothing. */
int store_drop(struct store *store, const char *url, struct stir_error *error);
/* Writes what waits: one commit. 0 where nothing does. Where the file is full, the oldest
   records go. */
int store_flush(struct store *store, struct stir_error *error);
/* Does something wait? */
bool store_is_waiting(struct store *store);
/* Every record, by URL; false of visit ends it. Damaged ones are counted, not shown. */
int store_each(struct store *store, bool (*visit)(void *arg, const struct store_record *record),
               void *arg, size_t *damaged, struct stir_error *error);

/* The value of a record, apart from LMDB. Decode borrows nothing from data. */
void *store_encode(const struct store_record *record, size_t *len); /* NULL: out of memory */
/* 0; STIR_E_SYNTAX: it is no record; STIR_E_NOMEM. url: a copy, for free(3). */
int store_decode(const void *data, size_t len, struct cells *heads, struct store_record *record,
                 char **url, struct stir_error *error);

#endif

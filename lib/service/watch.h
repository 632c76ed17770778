/*
 * struct watch: looks, now and then, whether the files and folders that source keys crl and
 * trusted_list name are others than they were, and puts in force what those hold that are.
 *
 * A file is read a piece at a time and its lists in slices, so that an event loop may do it; a
 * disk that does not answer holds it up all the same. What cannot be read, is no list, or is older
 * than what is in force is refused, and all stays as it was; so does what a file gave that is gone.
 */
#ifndef STIR_SERVICE_WATCH_H
#define STIR_SERVICE_WATCH_H

#include "fetch/body.h"
#include "service/feed_arrival.h"
#include "service/sources.h"

/* Files of one source that are to be read. */
struct watch {
    struct stir_verifier *verifier;
    enum fetch_kind kind;
    char *source;              /* as it is configured; NULL: nothing is to be read */
    struct source_files files; /* of them the next is the one under way */
    size_t next;
    int fd; /* of the one under way; -1: none */
    struct body_builder octets;
    struct feed_arrival *arrival; /* its octets are there, and being read */
};

void watch_init(struct watch *watch, struct stir_verifier *verifier);
void watch_close(struct watch *watch);
/* Looks at what it is time for; nothing while something is being read. */
void watch_look(struct watch *watch);
/* Is something being read? */
bool watch_is_busy(const struct watch *watch);
/* Some of that, about BUDGET_SLICE. True: there is more. */
bool watch_step(struct watch *watch);

#endif

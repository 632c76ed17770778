/* May a file be the cache's: ours alone, and no link to elsewhere? */
#ifndef STIR_FETCH_STORE_FILE_H
#define STIR_FETCH_STORE_FILE_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/error.h"

/* Which file it is, whatever it is called. */
struct file_identity {
    bool exists;
    dev_t device;
    ino_t inode;
};

/*
 * Without opening it, since a process that closes an LMDB file loses its locks. 0, also where
 * it is not there yet; STIR_E_FILE: it is a link or no regular file, of another user, open to
 * others, or in a folder in which others may put another in its place.
 */
int store_file_judge(const char *path, struct file_identity *identity,
                     struct stir_error *error);
/* Is the descriptor open on that file, and is it as it must be? */
bool store_file_is(int descriptor, const struct file_identity *identity);

#endif

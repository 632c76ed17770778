/* Owner, mode and kind of the cache's file. */
#include "fetch/store_file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"

enum { OTHERS = S_IRWXG | S_IRWXO, OTHERS_WRITE = S_IWGRP | S_IWOTH };

static int refuse(const char *path, const char *why, struct stir_error *error)
{
    char room[SHOWN_SIZE];

    return error_set(error, STIR_E_FILE, "cache file %s: %s", shown(room, path, strlen(path)),
                     why);
}

static const char *judge(const struct stat *status)
{
    if (S_ISLNK(status->st_mode))
        return "wanted a regular file, found a symbolic link";
    if (!S_ISREG(status->st_mode))
        return "wanted a regular file";
    if (status->st_uid != geteuid())
        return "wanted a file of this user, found another's";
    if ((status->st_mode & OTHERS) != 0)
        return "wanted mode 0600, found one that lets others in";
    return NULL;
}

/* Who may write to a folder may replace what is in it, unless it is sticky. */
static const char *judge_folder(const char *path)
{
    const char *slash = strrchr(path, '/');
    char *folder = slash == NULL   ? text_copy(".", 1)
                   : slash == path ? text_copy("/", 1)
                                   : text_copy(path, (size_t)(slash - path));
    struct stat status;

    if (folder == NULL)
        return "out of memory";
    int rc = stat(folder, &status);
    int why = errno;
    free(folder);
    if (rc != 0)
        return strerror(why);
    if (!S_ISDIR(status.st_mode))
        return "its folder is none";
    if (status.st_uid != 0 && status.st_uid != geteuid())
        return "wanted a folder of this user, found another's";
    if ((status.st_mode & OTHERS_WRITE) != 0 && (status.st_mode & S_ISVTX) == 0)
        return "wanted a folder that others cannot write to";
    return NULL;
}

int store_file_judge(const char *path, struct file_identity *identity, struct stir_error *error)
{
    struct stat status;
    const char *why = judge_folder(path);

    *identity = (struct file_identity){0};
    if (why != NULL)
        return refuse(path, why, error);
    if (lstat(path, &status) != 0)
        return errno == ENOENT ? 0 : refuse(path, strerror(errno), error);
    why = judge(&status);
    if (why != NULL)
        return refuse(path, why, error);
    *identity = (struct file_identity){true, status.st_dev, status.st_ino};
    return 0;
}

bool store_file_is(int descriptor, const struct file_identity *identity)
{
    struct stat status;

    return fstat(descriptor, &status) == 0 && judge(&status) == NULL && identity->exists
           && status.st_dev == identity->device && status.st_ino == identity->inode;
}

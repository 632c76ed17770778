/* Files as operands: whole, bounded, `-` for the standard ones; written atomically. */
#include "files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "options.h"

static int complain_of(const char *path)
{
    return complain("%s: %s", strcmp(path, "-") == 0 ? "standard input" : path,
                    strerror(errno));
}

/* ---- Reading --------------------------------------------------------------------------- */

static int read_stream(FILE *file, const char *path, char **data, size_t *len)
{
    size_t room = 0;

    for (;;) {
        if (*len + 1 >= room) {
            room = room == 0 ? 16384 : room * 2;
            char *bigger = realloc(*data, room);
            if (bigger == NULL)
                return complain_no_memory();
            *data = bigger;
        }
        size_t got = fread(*data + *len, 1, room - *len - 1, file);
        *len += got;
        (*data)[*len] = '\0';
        if (*len > FILES_LIMIT)
            return complain("%s: more than %d octets", path, FILES_LIMIT);
        if (got == 0)
            return ferror(file) ? complain_of(path) : 0;
    }
}

int files_read(const char *path, char **data, size_t *len)
{
    FILE *file = strcmp(path, "-") == 0 ? stdin : fopen(path, "rbe");

    *data = NULL;
    *len = 0;
    if (file == NULL)
        return complain_of(path);
    int rc = read_stream(file, path, data, len);
    if (file != stdin)
        fclose(file);
    if (rc != 0) {
        free(*data);
        *data = NULL;
    }
    return rc;
}

/* ---- Writing --------------------------------------------------------------------------- */

static bool write_whole(int fd, const char *data, size_t len)
{
    while (len > 0) {
        ssize_t done = write(fd, data, len);
        if (done < 0 && errno != EINTR)
            return false;
        if (done > 0) {
            data += done;
            len -= (size_t)done;
        }
    }
    return fsync(fd) == 0 || errno == EINVAL || errno == EROFS;
}

/* Is there a private key in it? Its beginning tells. */
static bool holds_key(const char *path)
{
    char begin[4096];
    FILE *file = fopen(path, "rbe");

    if (file == NULL)
        return false;
    size_t got = fread(begin, 1, sizeof begin - 1, file);
    fclose(file);
    return memmem(begin, got, "PRIVATE KEY-----", 16) != NULL;
}

/* A device or a pipe is written to as it is: a rename would replace it by a file. */
static bool is_special(const char *path)
{
    struct stat status;

    return stat(path, &status) == 0 && !S_ISREG(status.st_mode);
}

static int write_in_place(const char *path, const void *data, size_t len)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    int rc = fd >= 0 && write_whole(fd, data, len) ? 0 : complain_of(path);

    if (fd >= 0)
        close(fd);
    return rc;
}

static mode_t usual_mode(void)
{
    mode_t mask = umask(0);

    umask(mask);
    return 0666 & ~mask;
}

static int write_and_rename(const char *path, const void *data, size_t len)
{
    char *beside = NULL;
    int rc = 0, fd;

    if (asprintf(&beside, "%s.XXXXXX", path) < 0)
        return complain_no_memory();
    fd = mkostemp(beside, O_CLOEXEC);
    if (fd < 0) {
        rc = complain_of(path);
    } else if (!write_whole(fd, data, len) || fchmod(fd, usual_mode()) != 0
               || rename(beside, path) != 0) {
        rc = complain_of(path);
        unlink(beside);
    }
    if (fd >= 0)
        close(fd);
    free(beside);
    return rc;
}

int files_write(const char *path, const void *data, size_t len)
{
    if (strcmp(path, "-") == 0) {
        /* What is not written here shows in output_end(). */
        fwrite(data, 1, len, stdout);
        return 0;
    }
    if (is_special(path))
        return write_in_place(path, data, len);
    if (holds_key(path))
        return complain("%s: it holds a private key, which is not overwritten", path);
    return write_and_rename(path, data, len);
}

int files_check_new(const char *path)
{
    struct stat status;

    if (lstat(path, &status) == 0)
        return complain("%s: it exists already, and a key overwrites nothing", path);
    return errno == ENOENT ? 0 : complain_of(path);
}

int files_write_key(const char *path, const void *data, size_t len)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600), rc = 0;

    if (fd < 0 && errno == EEXIST)
        return complain("%s: it exists already, and a key overwrites nothing", path);
    if (fd < 0)
        return complain_of(path);
    if (!write_whole(fd, data, len)) {
        rc = complain_of(path);
        unlink(path);
    }
    close(fd);
    return rc;
}

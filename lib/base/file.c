/* Whole files into memory. */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"

static int system_error(struct stir_error *error, const char *path)
{
    char name[SHOWN_SIZE];

    return error_set(error, STIR_E_FILE, "%s: %s", shown(name, path, strlen(path)),
                     strerror(errno));
}

/* Room for the file's size and a NUL; what has no size (a pipe) starts small. */
static size_t first_room(int fd)
{
    struct stat status;

    if (fstat(fd, &status) < 0 || !S_ISREG(status.st_mode) || status.st_size < 0)
        return 4096;
    return (size_t)status.st_size + 2;
}

/* Reads until the end, or until more than limit octets are there. */
static int read_all(int fd, size_t limit, char **data, size_t *len)
{
    size_t room = first_room(fd);

    if (room > limit + 2)
        room = limit + 2;
    for (*len = 0; *len <= limit;) {
        char *bigger = realloc(*data, room);
        if (bigger == NULL)
            return STIR_E_NOMEM;
        *data = bigger;
        ssize_t got = read(fd, *data + *len, room - *len - 1);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return STIR_E_FILE;
        (*data)[*len + (size_t)got] = '\0';
        if (got == 0)
            return 0;
        *len += (size_t)got;
        if (*len + 1 == room)
            room = room * 2 > limit + 2 ? limit + 2 : room * 2;
    }
    return STIR_E_LIMIT;
}

/* Before it is read: what is written meanwhile is newer than that, not older. */
static void look_when(int fd, bool *dated, int64_t *changed)
{
    struct stat status;

    *dated = fstat(fd, &status) == 0 && S_ISREG(status.st_mode);
    *changed = *dated ? status.st_mtime : 0;
}

int file_read(const char *path, size_t limit, char **data, size_t *len,
              struct stir_error *error)
{
    int64_t changed;
    bool dated;

    return file_read_dated(path, limit, data, len, &dated, &changed, error);
}

int file_read_dated(const char *path, size_t limit, char **data, size_t *len, bool *dated,
                    int64_t *changed, struct stir_error *error)
{
    char name[SHOWN_SIZE];
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);

    *data = NULL;
    *len = 0;
    *dated = false;
    if (fd < 0)
        return system_error(error, path);
    look_when(fd, dated, changed);
    int rc = read_all(fd, limit, data, len);
    if (rc == STIR_E_FILE)
        system_error(error, path);
    else if (rc == STIR_E_NOMEM)
        error_no_memory(error);
    else if (rc == STIR_E_LIMIT)
        error_set(error, rc, "%s: more than %zu octets", shown(name, path, strlen(path)),
                  limit);
    close(fd);
    if (rc < 0) {
        free(*data);
        *data = NULL;
    }
    return rc;
}

/* The files of a source key: one, or every file of a folder. */
#include "service/sources.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/text.h"

static int read_one(const char *path, size_t limit, source_reader *read, void *arg,
                    struct stir_error *error)
{
    char *data = NULL, name[SHOWN_SIZE];
    size_t len;
    struct stir_error inner;

    error_clear(&inner);
    int rc = file_read(path, limit, &data, &len, &inner);
    if (rc == 0 && (rc = read(arg, data, len, &inner)) != 0)
        error_set_at(error, inner.code != 0 ? inner.code : rc, inner.depth, "%s: %s",
                     shown(name, path, strlen(path)), inner.text);
    else
        error_copy(error, &inner);
    free(data);
    return rc;
}

static int is_wanted(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static int read_all(const char *path, size_t limit, source_reader *read, void *arg,
                    struct stir_error *error)
{
    struct dirent **entries = NULL;
    char name[SHOWN_SIZE];
    int n = scandir(path, &entries, is_wanted, alphasort), rc = 0;

    shown(name, path, strlen(path));
    if (n < 0)
        return error_set(error, STIR_E_FILE, "%s: %s", name, strerror(errno));
    if (n == 0)
        rc = error_set(error, STIR_E_SYNTAX, "%s: no file in the folder", name);
    for (int i = 0; i < n; i++) {
        struct text file = {0};
        text_addf(&file, "%s/%s", path, entries[i]->d_name);
        char *whole = text_take(&file);
        if (rc == 0)
            rc = whole == NULL ? error_no_memory(error)
                               : read_one(whole, limit, read, arg, error);
        free(whole);
        free(entries[i]);
    }
    free(entries);
    return rc;
}

int sources_read(const char *path, size_t limit, source_reader *read, void *arg,
                 struct stir_error *error)
{
    struct stat status;

    if (stat(path, &status) == 0 && S_ISDIR(status.st_mode))
        return read_all(path, limit, read, arg, error);
    return read_one(path, limit, read, arg, error);
}

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

void source_files_free(struct source_files *files)
{
    for (size_t i = 0; i < files->n; i++)
        free(files->paths[i]);
    free(files->paths);
    *files = (struct source_files){0};
}

static int add_file(struct source_files *files, char *path, struct stir_error *error)
{
    if (path == NULL)
        return error_no_memory(error);
    files->paths[files->n++] = path;
    return 0;
}

static int list_folder(const char *path, struct source_files *files, struct stir_error *error)
{
    struct dirent **entries = NULL;
    char name[SHOWN_SIZE];
    int n = scandir(path, &entries, is_wanted, alphasort), rc = 0;

    if (n < 0)
        return error_set(error, STIR_E_FILE, "%s: %s", shown(name, path, strlen(path)),
                         strerror(errno));
    files->paths = calloc((size_t)n + 1, sizeof *files->paths);
    if (files->paths == NULL)
        rc = error_no_memory(error);
    for (int i = 0; i < n; i++) {
        struct text file = {0};
        if (rc == 0) {
            text_addf(&file, "%s/%s", path, entries[i]->d_name);
            rc = add_file(files, text_take(&file), error);
        }
        free(entries[i]);
    }
    free(entries);
    return rc;
}

static int list_one(const char *path, struct source_files *files, struct stir_error *error)
{
    files->paths = calloc(1, sizeof *files->paths);
    return files->paths == NULL ? error_no_memory(error)
                                : add_file(files, text_copy(path, strlen(path)), error);
}

int sources_list(const char *path, struct source_files *files, struct stir_error *error)
{
    struct stat status;

    *files = (struct source_files){0};
    if (stat(path, &status) == 0 && S_ISDIR(status.st_mode))
        return list_folder(path, files, error);
    return list_one(path, files, error);
}

int sources_read(const char *path, size_t limit, source_reader *read, void *arg,
                 struct stir_error *error)
{
    struct source_files files;
    char name[SHOWN_SIZE];
    int rc = sources_list(path, &files, error);

    if (rc == 0 && files.n == 0)
        rc = error_set(error, STIR_E_SYNTAX, "%s: no file in the folder",
                       shown(name, path, strlen(path)));
    for (size_t i = 0; rc == 0 && i < files.n; i++)
        rc = read_one(files.paths[i], limit, read, arg, error);
    source_files_free(&files);
    return rc;
}

/* ---- Whether they changed ------------------------------------------------------------------ */

static int stamp_one(struct digest_stream *stream, const char *path, struct stir_error *error)
{
    struct stat status;
    char name[SHOWN_SIZE];

    if (stat(path, &status) < 0)
        return error_set(error, STIR_E_FILE, "%s: %s", shown(name, path, strlen(path)),
                         strerror(errno));
    if (!S_ISREG(status.st_mode))
        return error_set(error, STIR_E_FILE, "%s: no regular file",
                         shown(name, path, strlen(path)));
    const int64_t facts[] = {(int64_t)status.st_dev, (int64_t)status.st_ino,
                             status.st_size,         status.st_mtim.tv_sec,
                             status.st_mtim.tv_nsec, status.st_ctim.tv_sec,
                             status.st_ctim.tv_nsec};
    int rc = digest_add(stream, path, strlen(path) + 1);
    return rc == 0 ? digest_add(stream, facts, sizeof facts) : rc;
}

int sources_stamp(const char *path, uint8_t stamp[DIGEST_SHA256_SIZE], struct stir_error *error)
{
    struct digest_stream *stream = digest_sha256_begin();
    struct source_files files = {0};
    int rc = stream == NULL ? error_no_memory(error) : sources_list(path, &files, error);

    for (size_t i = 0; rc == 0 && i < files.n; i++)
        rc = stamp_one(stream, files.paths[i], error);
    source_files_free(&files);
    if (rc == 0)
        digest_end(stream, stamp);
    else
        digest_drop(stream);
    return rc;
}

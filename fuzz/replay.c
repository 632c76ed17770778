/* A main for the harnesses where there is no libFuzzer: replays the files and folders given. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "fuzz/frame.h"

/* Of each kind of call, how many an input is tried with failing. */
enum { FAILURES = 60 };

static size_t replayed;

static void *read_file(const char *path, size_t *len)
{
    FILE *file = fopen(path, "rb");
    char *data = NULL;
    long size = -1;

    if (file != NULL && fseek(file, 0, SEEK_END) == 0)
        size = ftell(file);
    if (size >= 0 && (data = malloc((size_t)size + 1)) != NULL) {
        rewind(file);
        *len = fread(data, 1, (size_t)size, file);
    }
    if (file != NULL)
        fclose(file);
    return data;
}

static int replay_file(const char *path)
{
    size_t len = 0;
    void *data = read_file(path, &len);
    /* No octet more than there are, so that a read beyond them shows. */
    uint8_t *exact = data == NULL ? NULL : malloc(len);

    if (data == NULL || (exact == NULL && len > 0)) {
        fprintf(stderr, "%s: could not be read\n", path);
        free(data);
        return 1;
    }
    if (getenv("FUZZ_VERBOSE") != NULL)
        fprintf(stderr, "%s: ", path);
    if (len > 0)
        memcpy(exact, data, len);
    LLVMFuzzerTestOneInput(exact, len);
    int answer = frame_fail_each(exact, len, FAILURES);
    if (getenv("FUZZ_VERBOSE") != NULL)
        fprintf(stderr, "%d\n", answer);
    replayed++;
    free(exact);
    free(data);
    return 0;
}

static int replay_folder(const char *path)
{
    DIR *folder = opendir(path);
    struct dirent *entry;
    int status = folder == NULL;

    while (folder != NULL && (entry = readdir(folder)) != NULL) {
        char name[4096];
        if (entry->d_name[0] == '.')
            continue;
        snprintf(name, sizeof name, "%s/%s", path, entry->d_name);
        status |= replay_file(name);
    }
    if (folder != NULL)
        closedir(folder);
    return status;
}

int main(int argc, char **argv)
{
    int status = 0;

    for (int i = 1; i < argc; i++) {
        struct stat what;
        if (stat(argv[i], &what) == 0 && S_ISDIR(what.st_mode))
            status |= replay_folder(argv[i]);
        else
            status |= replay_file(argv[i]);
    }
    printf("%s: %zu inputs\n", argv[0], replayed);
    return status;
}

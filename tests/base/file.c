/* base/file: what is read is all of it, and what cannot be read says why. */
#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"

static char path[] = "/tmp/stir-file-XXXXXX";

static void make(void)
{
    int fd = mkstemp(path);

    cr_assert_geq(fd, 0);
    for (int i = 0; i < 1000; i++)
        cr_assert_eq(write(fd, "0123456789", 10), 10);
    close(fd);
}

static void drop(void)
{
    unlink(path);
}

Test(file, limits, .init = make, .fini = drop)
{
    struct stir_error error;
    char *data;
    size_t len;

    error_clear(&error);
    cr_assert_eq(file_read(path, 10000, &data, &len, &error), 0, "%s", error.text);
    cr_assert_eq(len, 10000);
    cr_assert_str_eq(data + 9990, "0123456789");
    free(data);
    cr_assert_eq(file_read(path, 9999, &data, &len, &error), STIR_E_LIMIT);
    cr_assert_null(data);
    cr_assert_not_null(strstr(error.text, "9999"), "%s", error.text);
}

Test(file, a_pipe_has_no_size)
{
    int ends[2];
    char name[32], *data;
    size_t len;
    struct stir_error error;

    cr_assert_eq(pipe(ends), 0);
    cr_assert_eq(write(ends[1], "abc", 3), 3);
    close(ends[1]);
    snprintf(name, sizeof name, "/dev/fd/%d", ends[0]);
    error_clear(&error);
    cr_assert_eq(file_read(name, 10, &data, &len, &error), 0, "%s", error.text);
    cr_assert_str_eq(data, "abc");
    free(data);
}

Test(file, failures)
{
    struct stir_error error;
    char *data;
    size_t len;

    error_clear(&error);
    cr_assert_eq(file_read("/nonexistent/x", 10, &data, &len, &error), STIR_E_FILE);
    cr_assert_str_eq(error.text, "/nonexistent/x: No such file or directory");
    error_clear(&error);
    cr_assert_eq(file_read("/tmp", 10, &data, &len, &error), STIR_E_FILE);
    cr_assert_str_eq(error.text, "/tmp: Is a directory");
}

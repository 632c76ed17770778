/* The program's malloc: counts what is in use and makes one request fail. */
#include "tests/memory/allocator.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A sanitizer's own, where there is one; otherwise libc's. */
#define THE_REAL(name, result, ...)                                                            \
    result __libc_##name(__VA_ARGS__);                                                         \
    result __interceptor_##name(__VA_ARGS__) __attribute__((weak));
THE_REAL(malloc, void *, size_t)
THE_REAL(calloc, void *, size_t, size_t)
THE_REAL(realloc, void *, void *, size_t)
THE_REAL(free, void, void *)
#define REAL(name) (__interceptor_##name != NULL ? __interceptor_##name : __libc_##name)

/* What is in use, by open addressing; a block keeps its place when it is freed. */
enum { ROOM = 1 << 18 };
struct block {
    const void *data, *caller;
    size_t size;
};
static struct block blocks[ROOM];
static unsigned taken[ROOM]; /* which places are; only these are ever looked at */
static size_t n_taken;

static bool counting;
static allocator_refuse *refuse;
static size_t in_use;
static struct allocator_count count;

static struct block *place_of(const void *data)
{
    size_t i = ((uintptr_t)data >> 4) * UINT64_C(0x9E3779B97F4A7C15) >> 46;

    while (blocks[i].data != NULL && blocks[i].data != data)
        i = (i + 1) % ROOM;
    return &blocks[i];
}

static void *note(void *data, size_t size, const void *caller)
{
    if (!counting || data == NULL)
        return data;
    struct block *block = place_of(data);
    if (block->data == NULL) {
        if (n_taken == ROOM / 4 * 3)
            abort();
        taken[n_taken++] = (unsigned)(block - blocks);
    }
    *block = (struct block){data, caller, size};
    in_use += size;
    if (in_use > count.peak)
        count.peak = in_use;
    return data;
}

static void forget(const void *data)
{
    if (!counting || data == NULL)
        return;
    struct block *block = place_of(data);
    in_use -= block->size; /* 0 of what was there before the count */
    block->size = 0;
}

static const char *file_of(const void *caller)
{
    Dl_info info;

    return dladdr(caller, &info) != 0 && info.dli_fname != NULL ? info.dli_fname : "?";
}

/* GMP's allocator prints a line and aborts where malloc() fails, so its requests do not fail:
   what happens then is no concern of anybody but GMP. */
static bool may_fail(const void *caller)
{
    return strstr(file_of(caller), "libgmp.so") == NULL;
}

/* The request is counted, and refuse() is asked without being counted itself. */
static bool fails(const void *caller)
{
    if (!counting || !may_fail(caller))
        return false;
    count.requests++;
    if (refuse == NULL)
        return false;
    counting = false;
    bool refused = refuse(count.requests, caller);
    counting = true;
    if (!refused)
        return false;
    count.failed_by = caller;
    errno = ENOMEM;
    return true;
}

/* Seen by the libraries, too. */
#pragma GCC visibility push(default)

void *malloc(size_t size)
{
    const void *caller = __builtin_return_address(0);

    return fails(caller) ? NULL : note(REAL(malloc)(size), size, caller);
}

void *calloc(size_t n, size_t size)
{
    const void *caller = __builtin_return_address(0);

    return fails(caller) ? NULL : note(REAL(calloc)(n, size), n * size, caller);
}

/* As if it were copied, which is the worst that it does: both are in use at its peak. */
void *realloc(void *old, size_t size)
{
    const void *caller = __builtin_return_address(0);
    size_t before = counting && old != NULL ? place_of(old)->size : 0;

    if (fails(caller))
        return NULL;
    forget(old);
    void *data = REAL(realloc)(old, size);
    if (data == NULL && size > 0)
        return note(old, before, caller), NULL;
    note(data, size, caller);
    if (counting && in_use + before > count.peak)
        count.peak = in_use + before;
    return data;
}

void free(void *data)
{
    forget(data);
    REAL(free)(data);
}

#pragma GCC visibility pop

void allocator_start(allocator_refuse *ask)
{
    while (n_taken > 0)
        blocks[taken[--n_taken]] = (struct block){0};
    in_use = 0;
    count = (struct allocator_count){0};
    refuse = ask;
    counting = true;
}

struct allocator_count allocator_stop(void)
{
    counting = false;
    count.left = in_use;
    for (size_t i = 0; i < n_taken && in_use > 0; i++) {
        const struct block *block = &blocks[taken[i]];
        if (block->size > 0 && (count.left_by == NULL || allocator_is_ours(block->caller)))
            count.left_by = block->caller;
    }
    return count;
}

char *allocator_name(const void *caller)
{
    char *name = NULL;
    Dl_info info = {0};

    dladdr(caller, &info);
    const char *file = info.dli_fname != NULL ? info.dli_fname : "?";
    const char *slash = strrchr(file, '/');
    size_t offset =
        (size_t)((const char *)caller
                 - (const char *)(info.dli_sname ? info.dli_saddr : info.dli_fbase));
    if (asprintf(&name, "%s %s+0x%zx", slash != NULL ? slash + 1 : file,
                 info.dli_sname != NULL ? info.dli_sname : "", offset)
        < 0)
        abort();
    return name;
}

bool allocator_is_ours(const void *caller)
{
    Dl_info mine, theirs;

    return dladdr((const void *)(uintptr_t)allocator_start, &mine) != 0
           && dladdr(caller, &theirs) != 0 && mine.dli_fbase == theirs.dli_fbase;
}

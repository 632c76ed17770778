/* Heap that is counted. */
#include "bench/heap.h"

#include <malloc.h>

/* The linker sends the library's calls here (--wrap), so that the heap can be counted. */
void *__real_malloc(size_t size);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *old, size_t size);
void __real_free(void *data);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *old, size_t size);
void __wrap_free(void *data);

static size_t in_use, peak;

static void *count(void *data)
{
    in_use += malloc_usable_size(data);
    if (in_use > peak)
        peak = in_use;
    return data;
}

void *__wrap_malloc(size_t size)
{
    return count(__real_malloc(size));
}

void *__wrap_calloc(size_t n, size_t size)
{
    return count(__real_calloc(n, size));
}

/* As if it were copied, which is the worst that it does. */
void *__wrap_realloc(void *old, size_t size)
{
    size_t before = malloc_usable_size(old);
    void *data = count(__real_realloc(old, size));

    in_use -= data != NULL ? before : 0;
    return data;
}

void __wrap_free(void *data)
{
    in_use -= malloc_usable_size(data);
    __real_free(data);
}

size_t heap_in_use(void)
{
    return in_use;
}

size_t heap_peak(void)
{
    return peak;
}

size_t heap_watch(void)
{
    return peak = in_use;
}

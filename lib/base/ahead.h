/* Has a line of the processor's cache fetched before it is needed, and, where it will be written
   to, taken from whichever processor has it, at once: read first, it would be fetched twice. */
#ifndef STIR_BASE_AHEAD_H
#define STIR_BASE_AHEAD_H

/* NULL, or what is not there any more, costs time only. */
static inline void ahead_read(const void *line)
{
    __builtin_prefetch(line);
}

#if defined(__x86_64__)
/* GCC writes this instruction only where it is told of a processor that has it; those that do not
   know it do nothing. */
static inline void ahead_write(const void *line)
{
    __asm__ volatile("prefetchw %0" : : "m"(*(const char *)line));
}
#else
static inline void ahead_write(const void *line)
{
    __builtin_prefetch(line, 1);
}
#endif

#endif

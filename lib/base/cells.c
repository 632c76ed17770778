/* Cells of one size, cut from larger pieces of memory. */
#include "base/cells.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/* Under a sanitizer each is an allocation of its own, whose loss and late use it sees. */
#if defined(__SANITIZE_ADDRESS__)
enum { CELLS_A_PIECE = 1 };
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
enum { CELLS_A_PIECE = 1 };
#else
enum { CELLS_A_PIECE = 64 };
#endif
#else
enum { CELLS_A_PIECE = 64 };
#endif

struct piece {
    struct piece *next;
    char room[];
};

struct spare {
    struct spare *next;
};

/* From so many octets on, pieces are pages of the largest size: without, a look-up at random
   takes a miss of the TLB for nearly every cell it reads. */
enum { MANY = 512 * 1024, HUGE_PAGE = 2 * 1024 * 1024 };

struct cells {
    size_t size;
    pthread_mutex_t lock; /* of what follows */
    struct piece *pieces;
    struct spare *spares;
    size_t octets; /* of all pieces */
    size_t taken;  /* and not given back, and one for the owner */
};

struct cells *cells_new(size_t size)
{
    struct cells *cells = calloc(1, sizeof *cells);

    if (cells == NULL)
        return NULL;
    cells->size = size;
    cells->taken = 1;
    pthread_mutex_init(&cells->lock, NULL);
    return cells;
}

static void destroy(struct cells *cells)
{
    for (struct piece *piece = cells->pieces, *next; piece != NULL; piece = next) {
        next = piece->next;
        free(piece);
    }
    pthread_mutex_destroy(&cells->lock);
    free(cells);
}

static void add_spare(struct cells *cells, void *cell)
{
    struct spare *spare = cell;

    spare->next = cells->spares;
    cells->spares = spare;
}

static size_t octets_of_next(const struct cells *cells)
{
    return cells->octets < MANY
               ? sizeof(struct piece) + CELLS_LINE - 1 + CELLS_A_PIECE * cells->size
               : HUGE_PAGE;
}

static struct piece *piece_new(size_t octets)
{
    if (octets < HUGE_PAGE)
        return malloc(octets);
    struct piece *piece = aligned_alloc(HUGE_PAGE, octets);
    if (piece != NULL)
        madvise(piece, octets, MADV_HUGEPAGE); /* a system that has none does without */
    return piece;
}

/* Room for more. Without memory there are no more. */
static void cut(struct cells *cells)
{
    const size_t octets = octets_of_next(cells);
    struct piece *piece = piece_new(octets);

    if (piece == NULL)
        return;
    piece->next = cells->pieces;
    cells->pieces = piece;
    cells->octets += octets;
    char *first = piece->room + (-(uintptr_t)piece->room & (CELLS_LINE - 1));
    for (size_t i = (size_t)((char *)piece + octets - first) / cells->size; i > 0; i--)
        add_spare(cells, first + (i - 1) * cells->size);
}

static void *take_spare(struct cells *cells)
{
    if (CELLS_A_PIECE == 1)
        return aligned_alloc(CELLS_LINE, cells->size);
    if (cells->spares == NULL)
        cut(cells);
    struct spare *spare = cells->spares;
    if (spare != NULL)
        cells->spares = spare->next;
    return spare;
}

static void give_spare(struct cells *cells, void *cell)
{
    if (CELLS_A_PIECE == 1)
        free(cell);
    else
        add_spare(cells, cell);
}

void *cells_take(struct cells *cells)
{
    pthread_mutex_lock(&cells->lock);
    void *cell = take_spare(cells);
    cells->taken += cell != NULL;
    pthread_mutex_unlock(&cells->lock);
    return cell == NULL ? NULL : memset(cell, 0, cells->size);
}

/* NULL: the owner lets go. Whoever is last destroys it, as nobody else can be at its lock. */
static void let_go(struct cells *cells, void *cell)
{
    pthread_mutex_lock(&cells->lock);
    if (cell != NULL)
        give_spare(cells, cell);
    const bool is_last = --cells->taken == 0;
    pthread_mutex_unlock(&cells->lock);
    if (is_last)
        destroy(cells);
}

void cells_give(struct cells *cells, void *cell)
{
    let_go(cells, cell);
}

void cells_free(struct cells *cells)
{
    if (cells != NULL)
        let_go(cells, NULL);
}

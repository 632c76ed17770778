/*
 * LMDB's format of data, version 1 (libraries/liblmdb/mdb.c: MDB_meta, MDB_db, MDB_page,
 * MDB_node). Numbers are the machine's own; a page number has the size of an address.
 */
#include "fetch/store_pages.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    WORD = sizeof(size_t),
    HEADER = WORD + 8, /* page number, pad, flags, lower and upper bound or pages */
    NODE = 8,          /* low and high half, flags, length of the key */
    DATABASE = 8 + 5 * WORD,
    /* Of the meta page. */
    MAGIC = HEADER,
    FORMAT = MAGIC + 4,
    DATABASES = FORMAT + 4 + 2 * WORD,
    LAST_PAGE = DATABASES + 2 * DATABASE,
    TRANSACTION = LAST_PAGE + WORD,
    META_SIZE = TRANSACTION + WORD,
    /* Of a page. */
    BRANCH = 1,
    LEAF = 2,
    OVERFLOW = 4,
    /* Of a node. */
    BIG_DATA = 1,
    /* Of the database of free pages: keys are numbers; and what the environment was made with,
       MDB_NOSUBDIR. Of the other: nothing. */
    INTEGER_KEY = 8,
    NO_FOLDER = 0x4000,
    /* As LMDB's cursors. */
    DEPTH_MOST = 32,
    PAGE_SIZE_MOST = 64 * 1024,
    /* 64 GiB of pages of 4 KiB: far above what the store may take. */
    PAGES_MOST = 16 * 1024 * 1024
};

struct database {
    uint16_t flags, depth;
    size_t branches, leaves, overflows, entries, root;
};

struct walker {
    int descriptor;
    size_t page_size, pages; /* pages: last and all before */
    uint64_t file_size;
    uint8_t *seen;    /* a bit a page */
    uint8_t *buffers; /* a page for each level */
    bool is_free;     /* the database of free pages is walked */
    struct database wanted, found;
};

static uint16_t number16(const uint8_t *at)
{
    uint16_t value;

    memcpy(&value, at, sizeof value);
    return value;
}

static uint32_t number32(const uint8_t *at)
{
    uint32_t value;

    memcpy(&value, at, sizeof value);
    return value;
}

static size_t word(const uint8_t *at)
{
    size_t value;

    memcpy(&value, at, sizeof value);
    return value;
}

static bool read_at(const struct walker *walker, size_t page, size_t offset, void *room,
                    size_t len)
{
    const uint64_t from = (uint64_t)page * walker->page_size + offset;

    return from + len <= walker->file_size
           && pread(walker->descriptor, room, len, (off_t)from) == (ssize_t)len;
}

/* Once each, and no meta page. */
static bool claim(struct walker *walker, size_t page, size_t n)
{
    if (page < 2 || n > walker->pages || page > walker->pages - n)
        return false;
    for (size_t i = page; i < page + n; i++) {
        if ((walker->seen[i / 8] >> i % 8 & 1) != 0)
            return false;
        walker->seen[i / 8] |= (uint8_t)(1u << i % 8);
    }
    return true;
}

/* A list of free pages: their count, and they, the highest first. */
static bool claim_free(struct walker *walker, const uint8_t *data, size_t len)
{
    size_t before = SIZE_MAX;

    if (len < WORD || len % WORD != 0 || word(data) != len / WORD - 1)
        return false;
    for (size_t at = WORD; at < len; at += WORD) {
        const size_t page = word(data + at);
        if (page >= before || !claim(walker, page, 1))
            return false;
        before = page;
    }
    return true;
}

static bool claim_far_free(struct walker *walker, size_t page, size_t len)
{
    uint8_t *data = malloc(len);
    bool sound = data != NULL && read_at(walker, page, HEADER, data, len)
                 && claim_free(walker, data, len);

    free(data);
    return sound;
}

/* Data on pages of its own. */
static bool is_overflow_sound(struct walker *walker, size_t page, size_t len)
{
    const size_t n = (HEADER - 1 + len) / walker->page_size + 1;
    uint8_t header[HEADER];

    if (!claim(walker, page, n) || !read_at(walker, page, 0, header, sizeof header)
        || word(header) != page || number16(header + WORD + 2) != OVERFLOW
        || number32(header + WORD + 4) != n
        || !read_at(walker, page + n - 1, walker->page_size - 1, header, 1))
        return false;
    walker->found.overflows += n;
    return !walker->is_free || claim_far_free(walker, page, len);
}

static bool is_leaf_node_sound(struct walker *walker, const uint8_t *node, size_t room)
{
    const size_t len = number16(node) | (size_t)number16(node + 2) << 16,
                 key = number16(node + 6);
    const uint16_t flags = number16(node + 4);
    const bool is_big = flags == BIG_DATA;

    walker->found.entries++;
    if ((flags != 0 && !is_big) || key == 0 || (walker->is_free && key != WORD)
        || NODE + key + (is_big ? (size_t)WORD : len) > room)
        return false;
    if (is_big)
        return is_overflow_sound(walker, word(node + NODE + key), len);
    return !walker->is_free || claim_free(walker, node + NODE + key, len);
}

static bool is_tree_sound(struct walker *walker, size_t page, size_t level);

static bool is_branch_node_sound(struct walker *walker, const uint8_t *node, size_t room,
                                 size_t level)
{
    size_t child = number16(node) | (size_t)number16(node + 2) << 16;

    if (WORD == 8)
        child |= (size_t)((uint64_t)number16(node + 4) << 32);
    return NODE + (size_t)number16(node + 6) <= room && is_tree_sound(walker, child, level + 1);
}

/* Where the i-th node is; NULL: out of bounds. */
static const uint8_t *node_of(const struct walker *walker, const uint8_t *data, size_t i,
                              size_t *room)
{
    const size_t offset = number16(data + HEADER + 2 * i);

    if (offset < number16(data + WORD + 6) || offset > walker->page_size - NODE)
        return NULL;
    *room = walker->page_size - offset;
    return data + offset;
}

static bool are_nodes_sound(struct walker *walker, const uint8_t *data, bool is_leaf,
                            size_t level)
{
    const size_t lower = number16(data + WORD + 4), upper = number16(data + WORD + 6);

    if (lower < HEADER || lower > upper || upper > walker->page_size || lower % 2 != HEADER % 2)
        return false;
    const size_t n = (lower - HEADER) / 2;
    if (n < (is_leaf ? 1 : 2))
        return false;
    for (size_t i = 0; i < n; i++) {
        size_t room;
        const uint8_t *node = node_of(walker, data, i, &room);
        if (node == NULL
            || !(is_leaf ? is_leaf_node_sound(walker, node, room)
                         : is_branch_node_sound(walker, node, room, level)))
            return false;
    }
    return true;
}

static bool is_tree_sound(struct walker *walker, size_t page, size_t level)
{
    uint8_t *data = walker->buffers + level * walker->page_size;
    const bool is_leaf = level + 1 == walker->wanted.depth;

    if (!claim(walker, page, 1) || !read_at(walker, page, 0, data, walker->page_size)
        || word(data) != page || number16(data + WORD + 2) != (is_leaf ? LEAF : BRANCH))
        return false;
    *(is_leaf ? &walker->found.leaves : &walker->found.branches) += 1;
    return are_nodes_sound(walker, data, is_leaf, level);
}

static bool is_database_sound(struct walker *walker, const uint8_t *data, bool is_free)
{
    struct database *wanted = &walker->wanted, *found = &walker->found;

    *wanted = (struct database){
        .flags = number16(data + 4),
        .depth = number16(data + 6),
        .branches = word(data + 8),
        .leaves = word(data + 8 + WORD),
        .overflows = word(data + 8 + 2 * WORD),
        .entries = word(data + 8 + 3 * WORD),
        .root = word(data + 8 + 4 * WORD),
    };
    *found = (struct database){0};
    walker->is_free = is_free;
    if (wanted->flags != (is_free ? INTEGER_KEY | NO_FOLDER : 0) || wanted->depth > DEPTH_MOST
        || (wanted->depth == 0) != (wanted->root == SIZE_MAX))
        return false;
    if (wanted->depth > 0 && !is_tree_sound(walker, wanted->root, 0))
        return false;
    return found->branches == wanted->branches && found->leaves == wanted->leaves
           && found->overflows == wanted->overflows && found->entries == wanted->entries;
}

static bool is_snapshot_sound(struct walker *walker, size_t transaction)
{
    uint8_t meta[META_SIZE];

    if (!read_at(walker, transaction % 2, 0, meta, sizeof meta)
        || number32(meta + MAGIC) != 0xBEEFC0DE || number32(meta + FORMAT) != 1
        || word(meta + TRANSACTION) != transaction
        || number32(meta + DATABASES) != walker->page_size
        || word(meta + LAST_PAGE) >= PAGES_MOST)
        return false;
    walker->pages = word(meta + LAST_PAGE) + 1;
    walker->seen = calloc(1, walker->pages / 8 + 1);
    walker->buffers = malloc(DEPTH_MOST * walker->page_size);
    return walker->seen != NULL && walker->buffers != NULL
           && is_database_sound(walker, meta + DATABASES, true)
           && is_database_sound(walker, meta + DATABASES + DATABASE, false);
}

bool store_pages_are_sound(int descriptor, size_t page_size, size_t transaction)
{
    struct stat status;

    if (page_size < META_SIZE || page_size > PAGE_SIZE_MOST || fstat(descriptor, &status) != 0)
        return false;
    struct walker walker = {.descriptor = descriptor,
                            .page_size = page_size,
                            .file_size = (uint64_t)status.st_size};
    bool sound = is_snapshot_sound(&walker, transaction);
    free(walker.seen);
    free(walker.buffers);
    return sound;
}

/* Texts that a getter made on demand and handed out: borrowed, they live as long as what was
   asked. */
#ifndef STIR_BASE_KEPT_H
#define STIR_BASE_KEPT_H

#include <stddef.h>

/* All zero is none. */
struct kept {
    char **texts;
    size_t n;
};

void kept_free(struct kept *kept);
/* Takes text over and returns it, or an equal one that was kept before; NULL: text is NULL, or
   out of memory. */
const char *kept_add(struct kept *kept, char *text);

#endif

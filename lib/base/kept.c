/* Texts that a getter made on demand and handed out; each once, so that asking again and again
   does not grow the list. */
#include "base/kept.h"

#include <stdlib.h>
#include <string.h>

void kept_free(struct kept *kept)
{
    for (size_t i = 0; i < kept->n; i++)
        free(kept->texts[i]);
    free(kept->texts);
    *kept = (struct kept){0};
}

static const char *find(const struct kept *kept, const char *text)
{
    for (size_t i = 0; i < kept->n; i++)
        if (strcmp(kept->texts[i], text) == 0)
            return kept->texts[i];
    return NULL;
}

const char *kept_add(struct kept *kept, char *text)
{
    if (text == NULL)
        return NULL;
    const char *before = find(kept, text);
    char **texts =
        before != NULL ? NULL : realloc(kept->texts, (kept->n + 1) * sizeof *kept->texts);
    if (texts == NULL) {
        free(text);
        return before;
    }
    kept->texts = texts;
    texts[kept->n++] = text;
    return text;
}

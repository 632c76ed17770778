/* A ring of URLs. */
#include "fetch/due.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

int due_init(struct due *due, size_t room)
{
    *due = (struct due){.items = calloc(room, sizeof *due->items), .room = room};
    if (due->items == NULL)
        return STIR_E_NOMEM;
    pthread_mutex_init(&due->lock, NULL);
    return 0;
}

void due_clear(struct due *due)
{
    struct due_item item;

    while (due_take(due, &item))
        free(item.url);
}

void due_free(struct due *due)
{
    if (due->items == NULL)
        return;
    due_clear(due);
    free(due->items);
    pthread_mutex_destroy(&due->lock);
}

bool due_add(struct due *due, enum fetch_kind kind, const char *url)
{
    struct due_item item = {kind, text_copy(url, strlen(url))};

    if (item.url == NULL)
        return false;
    pthread_mutex_lock(&due->lock);
    bool fits = due->n < due->room;
    if (fits)
        due->items[(due->first + due->n++) % due->room] = item;
    pthread_mutex_unlock(&due->lock);
    if (!fits)
        free(item.url);
    return fits;
}

bool due_take(struct due *due, struct due_item *item)
{
    pthread_mutex_lock(&due->lock);
    bool some = due->n > 0;
    if (some) {
        *item = due->items[due->first];
        due->first = (due->first + 1) % due->room;
        due->n--;
    }
    pthread_mutex_unlock(&due->lock);
    return some;
}

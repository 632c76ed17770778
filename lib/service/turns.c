/* Turns at what one works at and many want. */
#include "service/turns.h"

#include <string.h>

#include "crypto/digest.h"

void turns_init(struct turns *turns)
{
    *turns = (struct turns){.first = NULL};
    pthread_mutex_init(&turns->lock, NULL);
    pthread_cond_init(&turns->left, NULL);
}

void turns_free(struct turns *turns)
{
    pthread_mutex_destroy(&turns->lock);
    pthread_cond_destroy(&turns->left);
}

static const struct turn *find(const struct turns *turns, const uint8_t *digest, uint64_t epoch)
{
    for (const struct turn *turn = turns->first; turn != NULL; turn = turn->next)
        if (turn->epoch == epoch && memcmp(turn->digest, digest, DIGEST_SHA256_SIZE) == 0)
            return turn;
    return NULL;
}

/* For that one, and not for who takes the next. */
static void wait_for(struct turns *turns, const struct turn *turn, const uint8_t *digest,
                     uint64_t epoch)
{
    const uint64_t serial = turn->serial;

    turns->waited++;
    while ((turn = find(turns, digest, epoch)) != NULL && turn->serial == serial)
        pthread_cond_wait(&turns->left, &turns->lock);
}

enum turn_end turns_take(struct turns *turns, const uint8_t *digest, uint64_t epoch, bool waits,
                         struct turn *turn)
{
    enum turn_end end = TURN_TAKEN;

    pthread_mutex_lock(&turns->lock);
    const struct turn *other = find(turns, digest, epoch);
    if (other == NULL) {
        *turn = (struct turn){turns->first, digest, epoch, ++turns->taken, true};
        turns->first = turn;
    } else if (waits) {
        wait_for(turns, other, digest, epoch);
        end = TURN_WAITED;
    } else {
        end = TURN_BUSY;
    }
    pthread_mutex_unlock(&turns->lock);
    return end;
}

void turns_leave(struct turns *turns, struct turn *turn)
{
    if (!turn->taken)
        return;
    pthread_mutex_lock(&turns->lock);
    struct turn **link = &turns->first;
    while (*link != turn)
        link = &(*link)->next;
    *link = turn->next;
    turn->taken = false;
    pthread_cond_broadcast(&turns->left);
    pthread_mutex_unlock(&turns->lock);
}

void turns_count(struct turns *turns, uint64_t *taken, uint64_t *waited)
{
    pthread_mutex_lock(&turns->lock);
    *taken = turns->taken;
    *waited = turns->waited;
    pthread_mutex_unlock(&turns->lock);
}

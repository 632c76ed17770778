/* epoll, a timerfd and an eventfd. */
#include "fetch/poller.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include "base/error.h"

/* An event's data: who, and which descriptor. */
static uint64_t pack(enum poller_owner owner, int fd)
{
    return (uint64_t)owner << 32 | (uint32_t)fd;
}

static int add(struct poller *poller, int fd)
{
    struct epoll_event event = {EPOLLIN, {.u64 = pack(POLLER_SELF, fd)}};

    return fd < 0 ? -1 : epoll_ctl(poller->epoll, EPOLL_CTL_ADD, fd, &event);
}

int poller_open(struct poller *poller)
{
    poller->timer_at = INT64_MAX;
    poller->epoll = epoll_create1(EPOLL_CLOEXEC);
    poller->timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    poller->wake = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (poller->epoll >= 0 && add(poller, poller->timer) == 0 && add(poller, poller->wake) == 0)
        return 0;
    poller_close(poller);
    return STIR_E_FILE;
}

static void close_one(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

void poller_close(struct poller *poller)
{
    close_one(&poller->wake);
    close_one(&poller->timer);
    close_one(&poller->epoll);
}

void poller_watch(struct poller *poller, enum poller_owner owner, int fd, bool read, bool write)
{
    struct epoll_event event = {0, {.u64 = pack(owner, fd)}};

    event.events = (read ? (uint32_t)EPOLLIN : 0) | (write ? (uint32_t)EPOLLOUT : 0);
    if (!read && !write)
        epoll_ctl(poller->epoll, EPOLL_CTL_DEL, fd, &event);
    else if (epoll_ctl(poller->epoll, EPOLL_CTL_MOD, fd, &event) != 0)
        epoll_ctl(poller->epoll, EPOLL_CTL_ADD, fd, &event);
}

static void quiet(struct poller *poller, int fd)
{
    uint64_t count;

    if (fd == poller->timer)
        poller->timer_at = INT64_MAX;
    /* Nothing to read: another dispatch was faster. */
    if (read(fd, &count, sizeof count) < 0)
        return;
}

size_t poller_take(struct poller *poller, struct poller_event events[POLLER_EVENTS])
{
    struct epoll_event ready[POLLER_EVENTS];
    int n = epoll_wait(poller->epoll, ready, POLLER_EVENTS, 0);
    size_t taken = 0;

    for (int i = 0; i < n; i++) {
        enum poller_owner owner = (enum poller_owner)(ready[i].data.u64 >> 32);
        int fd = (int)(uint32_t)ready[i].data.u64;
        bool error = (ready[i].events & (EPOLLERR | EPOLLHUP)) != 0;
        if (owner == POLLER_SELF)
            quiet(poller, fd);
        else
            events[taken++] =
                (struct poller_event){owner, fd, error || (ready[i].events & EPOLLIN) != 0,
                                      error || (ready[i].events & EPOLLOUT) != 0};
    }
    return taken;
}

void poller_set_timer(struct poller *poller, int64_t at)
{
    struct itimerspec when = {0};

    if (at == poller->timer_at)
        return;
    poller->timer_at = at;
    if (at != INT64_MAX) {
        /* All zero would disarm it. */
        when.it_value.tv_sec = (time_t)((at > 0 ? at : 0) / 1000);
        when.it_value.tv_nsec = (long)((at > 0 ? at : 0) % 1000) * 1000000 + 1;
    }
    timerfd_settime(poller->timer, TFD_TIMER_ABSTIME, &when, NULL);
}

void poller_wake(struct poller *poller)
{
    uint64_t one = 1;

    /* It fails only where the counter is full, and then the descriptor is readable. */
    if (write(poller->wake, &one, sizeof one) < 0)
        return;
}

/* fetch/slots: how many fetches run, of whom, and when a host that failed is tried again. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fetch/slots.h"

enum { NOW = 1000000 };

static struct slots *slots;
static const struct slot_fault none, timed_out = {.why = STIR_FAILURE_TIMEOUT};

static void begin(void)
{
    slots = slots_new(&(struct slots_limits){.all = 8, .per_host = 3, .hosts = 4});
}

static void end(void)
{
    slots_free(slots);
}

TestSuite(slots, .init = begin, .fini = end);

static struct slot_host *numbered(int i)
{
    char name[32];

    snprintf(name, sizeof name, "h%d.example", i);
    return slots_host(slots, name);
}

/* Strangers have half, hosts that are known all of it. */
Test(slots, half_for_known)
{
    struct slot_host *hosts[20];

    for (int i = 0; i < 20; i++)
        hosts[i] = numbered(i);
    for (int i = 0; i < 4; i++)
        cr_expect_eq(slots_take(slots, hosts[i], false, NOW), SLOT_TAKEN);
    cr_expect_eq(slots_take(slots, hosts[4], false, NOW), SLOT_NONE);
    for (int i = 4; i < 8; i++)
        cr_expect_eq(slots_take(slots, hosts[i], true, NOW), SLOT_TAKEN);
    cr_expect_eq(slots_take(slots, hosts[8], true, NOW), SLOT_NONE);
    cr_expect_eq(slots_running(slots), 8);
    slots_give(slots, hosts[7], true, NOW, NOW, SLOT_GOOD, none);
    cr_expect_eq(slots_take(slots, hosts[9], false, NOW), SLOT_NONE, "not that half");
    cr_expect_eq(slots_take(slots, hosts[9], true, NOW), SLOT_TAKEN);
    slots_give(slots, hosts[0], false, NOW, NOW, SLOT_GOOD, none);
    cr_expect_eq(slots_take(slots, hosts[9], false, NOW), SLOT_TAKEN);
}

Test(slots, of_one_host)
{
    struct slot_host *host = slots_host(slots, "a.example"), *other = numbered(1);

    cr_expect_eq(slots_host(slots, "A.EXAMPLE"), host, "names have no case");
    cr_expect_neq(slots_host(slots, "a.example."), host);
    for (int i = 0; i < 3; i++)
        cr_expect_eq(slots_take(slots, host, true, NOW), SLOT_TAKEN);
    cr_expect_eq(slots_take(slots, host, true, NOW), SLOT_HOST_FULL);
    cr_expect_eq(slots_take(slots, other, true, NOW), SLOT_TAKEN);
    slots_give(slots, host, true, NOW, NOW, SLOT_NOTHING, none);
    cr_expect_eq(slots_take(slots, host, true, NOW), SLOT_TAKEN);
}

/* Takes and gives back; how long the host is left alone from now. */
static int64_t fail_at(struct slot_host *host, int64_t now)
{
    cr_assert_eq(slots_take(slots, host, false, now), SLOT_TAKEN, "%lld", (long long)now);
    slots_give(slots, host, false, now, now, SLOT_HOST_FAILED, timed_out);
    return slots_left_alone(host, now, NULL) - now;
}

/* Exponential, capped, and over with a success. */
Test(slots, back_off)
{
    static const int64_t wanted[] = {1000, 2000, 4000, 8000, 16000, 32000, 60000, 60000};
    struct slot_host *host = numbered(1);
    struct slot_fault fault = {0};
    int64_t now = NOW;

    cr_expect_eq(slots_left_alone(host, now, NULL), 0);
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        cr_expect_eq(fail_at(host, now), wanted[i], "%zu", i);
        cr_expect_eq(slots_left_alone(host, now + wanted[i] - 1, &fault), now + wanted[i]);
        cr_expect_eq(fault.why, STIR_FAILURE_TIMEOUT);
        cr_expect_eq(slots_take(slots, host, false, now + wanted[i] - 1), SLOT_BACK_OFF);
        now += wanted[i];
        cr_expect_eq(slots_left_alone(host, now, NULL), 0);
    }
    cr_expect_eq(slots_take(slots, host, false, now), SLOT_TAKEN);
    cr_expect_eq(slots_take(slots, host, false, now), SLOT_HOST_FULL, "one at a time tries it");
    slots_give(slots, host, false, now, now, SLOT_GOOD, none);
    cr_expect_eq(fail_at(host, now), 1000, "it was well in between");
}

/* What ran side by side and failed together is one failure. */
Test(slots, together)
{
    struct slot_host *host = numbered(1);

    for (int i = 0; i < 3; i++)
        cr_expect_eq(slots_take(slots, host, true, NOW + i), SLOT_TAKEN);
    for (int i = 0; i < 3; i++)
        slots_give(slots, host, true, NOW + i, NOW + 500 + i, SLOT_HOST_FAILED, none);
    cr_expect_eq(slots_left_alone(host, NOW + 500, NULL), NOW + 1500);
}

/* Another time, another failure: it begins with a second. */
Test(slots, long_after)
{
    struct slot_host *host = numbered(1);
    int64_t now = NOW;

    for (int i = 0; i < 6; i++)
        now += fail_at(host, now);
    cr_expect_eq(fail_at(host, now + SLOTS_BACK_OFF_MOST_MS), 60000, "not so long after");
    now += 2 * SLOTS_BACK_OFF_MOST_MS;
    cr_expect_eq(fail_at(host, now + SLOTS_BACK_OFF_MOST_MS + 1), 1000);
}

/* Hosts that failed are remembered when nobody refers to them, the last four; others are not. */
Test(slots, memory)
{
    for (int i = 0; i < 6; i++) {
        struct slot_host *host = numbered(i);
        fail_at(host, NOW);
        slots_host_free(slots, host);
    }
    for (int i = 0; i < 6; i++) {
        struct slot_host *host = numbered(i);
        cr_expect_eq(slots_left_alone(host, NOW, NULL) != 0, i >= 2, "%d", i);
    }
}

/* 200,000 random steps against a model of counts and times. */
Test(slots, random)
{
    enum { HOSTS = 6, RUNS = 8 };
    struct {
        size_t running;
        unsigned failures;
        int64_t failed, until;
    } model[HOSTS] = {{0}};
    struct {
        int host;
        bool known;
        int64_t taken;
    } runs[RUNS];
    struct slot_host *hosts[HOSTS];
    size_t n = 0, strangers = 0, seen[4] = {0};
    unsigned seed = 3;
    int64_t now = NOW;

    for (int i = 0; i < HOSTS; i++)
        hosts[i] = numbered(i);
    for (int step = 0; step < 200000; step++) {
        now += rand_r(&seed) % 50 == 0 ? rand_r(&seed) % 100000 : rand_r(&seed) % 300;
        if (rand_r(&seed) % 2 == 0) {
            const int h = rand_r(&seed) % HOSTS;
            const bool known = rand_r(&seed) % 2 == 0;
            enum slot_state wanted = SLOT_TAKEN;
            if (model[h].failures > 0 && now < model[h].until)
                wanted = SLOT_BACK_OFF;
            else if (n == 8 || (!known && strangers == 4))
                wanted = SLOT_NONE;
            else if (model[h].running >= (model[h].failures > 0 ? 1u : 3u))
                wanted = SLOT_HOST_FULL;
            enum slot_state found = slots_take(slots, hosts[h], known, now);
            cr_assert_eq(found, wanted, "step %d: %d, not %d", step, found, wanted);
            seen[found]++;
            if (found != SLOT_TAKEN)
                continue;
            runs[n].host = h;
            runs[n].known = known;
            runs[n++].taken = now;
            model[h].running++;
            strangers += !known;
        } else if (n > 0) {
            const size_t i = (size_t)rand_r(&seed) % n;
            const int h = runs[i].host;
            const enum slot_end how = (enum slot_end)(rand_r(&seed) % 3);
            slots_give(slots, hosts[h], runs[i].known, runs[i].taken, now, how, none);
            model[h].running--;
            strangers -= !runs[i].known;
            if (how == SLOT_GOOD)
                model[h].failures = 0;
            if (how == SLOT_HOST_FAILED
                && (model[h].failures == 0 || runs[i].taken > model[h].failed)) {
                if (model[h].failures > 0 && now > model[h].until + 60000)
                    model[h].failures = 0;
                int64_t time = (int64_t)1000 << (model[h].failures < 7 ? model[h].failures : 7);
                model[h].failures++;
                model[h].failed = now;
                model[h].until = now + (time < 60000 ? time : 60000);
            }
            runs[i] = runs[--n];
        }
        cr_assert_eq(slots_running(slots), n);
    }
    for (int i = 0; i < 4; i++)
        cr_expect_gt(seen[i], 100, "%d: %zu", i, seen[i]);
}

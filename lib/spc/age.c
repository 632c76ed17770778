/* How old answers may be (policy spc_db_max_age, A-12). */
#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "spc/spc.h"

/* What was said of the future is not old. */
static bool is_old(const struct spc_answers *answers, int64_t now, int64_t max_age)
{
    return answers->n > 0 && answers->as_of != 0 && answers->as_of < now
           && (uint64_t)now - (uint64_t)answers->as_of > (uint64_t)max_age;
}

void spc_forget_old(struct spc_questions *questions, int64_t now, int64_t max_age,
                    struct spc_oldest *oldest)
{
    for (size_t i = 0; max_age >= 0 && i < questions->n; i++) {
        struct spc_answers *answers = &questions->answers[i];
        const char *spc = questions->questions[i].spc;
        if (!is_old(answers, now, max_age))
            continue;
        if (oldest->as_of == 0 || answers->as_of < oldest->as_of) {
            oldest->as_of = answers->as_of;
            shown(oldest->spc, spc, strlen(spc));
        }
        answers->n = 0;
        answers->generation = 0;
        answers->seconds = 0;
    }
}

int spc_warn_old(const struct spc_oldest *oldest, int64_t now, int64_t max_age,
                 struct warnings *warnings, struct stir_error *error)
{
    char since[CLOCK_TEXT_SIZE];

    if (oldest->as_of == 0
        || warnings_add(warnings, WARNING_SPC_DATA_OLD,
                        "the data of SPC \"%s\" is as of %s, %" PRIu64
                        " seconds old; policy spc_db_max_age wants at most %" PRId64
                        ", so it counts as unknown",
                        oldest->spc, clock_text(since, oldest->as_of),
                        (uint64_t)now - (uint64_t)oldest->as_of, max_age)
               == 0)
        return 0;
    return error_no_memory(error);
}

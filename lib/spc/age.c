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

static int warn(const struct stir_question *question, int64_t as_of, int64_t now,
                int64_t max_age, struct warnings *warnings)
{
    char spc[SHOWN_SIZE], since[CLOCK_TEXT_SIZE];

    return warnings_add(warnings, WARNING_SPC_DATA_OLD,
                        "the data of SPC \"%s\" is as of %s, %" PRIu64
                        " seconds old; policy spc_db_max_age wants at most %" PRId64
                        ", so it counts as unknown",
                        shown(spc, question->spc, strlen(question->spc)),
                        clock_text(since, as_of), (uint64_t)now - (uint64_t)as_of, max_age);
}

int spc_forget_old(struct spc_questions *questions, int64_t now, int64_t max_age,
                   struct warnings *warnings, struct stir_error *error)
{
    size_t oldest = questions->n;

    for (size_t i = 0; max_age >= 0 && i < questions->n; i++) {
        struct spc_answers *answers = &questions->answers[i];
        if (!is_old(answers, now, max_age))
            continue;
        if (oldest == questions->n || answers->as_of < questions->answers[oldest].as_of)
            oldest = i;
        answers->n = 0;
        answers->generation = 0;
        answers->seconds = 0;
    }
    if (oldest == questions->n)
        return 0;
    if (warn(&questions->questions[oldest], questions->answers[oldest].as_of, now, max_age,
             warnings)
        == 0)
        return 0;
    return error_no_memory(error);
}

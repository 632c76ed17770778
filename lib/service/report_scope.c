/* The entries of a list of numbers as JSON. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "service/report.h"

static struct value *entry_value(const struct stir_entry *entry)
{
    struct value *object = value_new_object();
    int rc = 0;

    if (entry->spc != NULL) {
        char *spc = text_shown(entry->spc, strlen(entry->spc));
        rc = value_set(object, "spc", spc == NULL ? NULL : value_new_string(spc));
        free(spc);
    } else if (entry->count == 1) {
        rc = value_set(object, "tn", value_new_string(entry->first));
    } else {
        rc = value_set(object, "first", value_new_string(entry->first));
        rc |= value_set(object, "last", value_new_string(entry->last));
    }
    if (rc == 0)
        return object;
    value_free(object);
    return NULL;
}

struct value *report_scope(const struct stir_scope *scope)
{
    if (scope == NULL)
        return value_new_null();
    struct value *entries = value_new_array();
    struct stir_entry entry;
    for (size_t i = 0; stir_scope_entry(scope, i, &entry); i++)
        if (value_append(entries, entry_value(&entry)) < 0) {
            value_free(entries);
            return NULL;
        }
    return entries;
}

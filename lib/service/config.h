/* struct stir_config: policy, anchors and data, as an operator sets them. */
#ifndef STIR_SERVICE_CONFIG_H
#define STIR_SERVICE_CONFIG_H

#include "fetch/body.h"
#include "rules/decisions.h"
#include "service/feed_urls.h"
#include "service/hooks.h"
#include "service/policy.h"
#include "service/trust_set.h"
#include "spc/spc.h"

struct stir_config {
    char **values; /* of each policy key, as it was set; NULL: its first value */
    struct policy policy;
    struct trust_set trust;
    struct feed_urls urls;
    struct body **fetch_cas; /* PEM, each as it was set: trusted by fetches alone */
    size_t n_fetch_cas;
    struct spc_source *spc; /* NULL: no data */
    bool own_resolver;      /* it is the caller's */
    struct decisions decisions;
    struct hooks *hooks; /* NULL: none */
};

#endif

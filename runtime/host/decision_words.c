/* SPDX-License-Identifier: Apache-2.0 */
/* What was decided and which values were kept of it, in words and JSON. */
#include "host/replication.h"

#include <jansson.h>

const char *
decision_outcome(enum store_outcome outcome)
{
    static const char *const words[] = {
        [DECIDED_COPIED] = "copied",       [DECIDED_CREATED] = "created",
        [DECIDED_DELETED] = "deleted",     [DECIDED_AGREED] = "agreed",
        [DECIDED_CONFLICT] = "conflict",   [DECIDED_MATCHED] = "matched",
        [DECIDED_UNLINKED] = "unlinked",   [DECIDED_KEPT] = "both kept",
        [DECIDED_STALE] = "too old, left out",
        [DECIDED_PERSON] = "decided by a person",
        [DECIDED_AGAIN] = "written once more"
    };

    return (unsigned)outcome < sizeof words / sizeof words[0] ? words[outcome]
                                                              : "?";
}

int
decision_origin(struct session *s, int64_t link, const struct base_cell *c)
{
    struct store_query q = { .link = link };
    struct store_decision d;

    while (s->store->ops->decision_next(&s->cx, s->store, &q, &d) == MR_OK) {
        q.after = d.id;
        if (d.rule == c->rule && d.row == c->row)
            return d.outcome == DECIDED_AGAIN ? d.from : c->from;
    }
    memset(&s->cx.error, 0, sizeof s->cx.error);
    return c->from;
}

const struct mr_rule *
decision_rule(const struct mr_map *map, int64_t rule)
{
    if (map == NULL || map->repl == NULL || rule < 0 ||
        rule >= map->repl->n_rules)
        return NULL;
    return &map->repl->rules[rule];
}

json_t *
decision_values(struct session *s, struct mr_bytes sealed)
{
    unsigned char *text;
    json_t *root = NULL;
    size_t n;

    if (sealed.n == 0)
        return NULL;
    text = mr_alloc(&s->cx, sealed.n + 1);
    if (text != NULL && seal_open(&s->cx, &s->keys, sealed.p, sealed.n, text,
                                  &n) == MR_OK)
        root = json_loadb((const char *)text, n, 0, NULL);
    memset(&s->cx.error, 0, sizeof s->cx.error);
    return root;
}

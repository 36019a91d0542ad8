/* SPDX-License-Identifier: Apache-2.0 */
/* A list; the one that was taken last is kept for its text. */
#include "peer/results.h"

#include <stdio.h>

struct result_node {
    struct result_node *next;
    struct op_result r;
    char text[240];
};

void
results_init(struct results *q, const struct mr_memory *memory)
{
    memset(q, 0, sizeof *q);
    q->memory = *memory;
}

static void
let_go(struct results *q)
{
    if (q->given != NULL)
        q->memory.resize(q->memory.arg, q->given, 0);
    q->given = NULL;
}

void
results_done(struct results *q)
{
    struct op_result r;

    while (results_take(q, &r))
        ;
    while (q->spare != NULL) {
        struct result_node *n = q->spare;

        q->spare = n->next;
        q->memory.resize(q->memory.arg, n, 0);
    }
}

bool
results_reserve(struct results *q)
{
    struct result_node *n = q->memory.resize(q->memory.arg, NULL, sizeof *n);

    if (n == NULL)
        return false;
    n->next = q->spare;
    q->spare = n;
    return true;
}

void
results_add(struct results *q, const struct mr_op *op,
            enum op_outcome outcome, const char *text, uint32_t retry_after)
{
    struct result_node *n = q->spare;

    q->spare = n->next;
    memset(n, 0, sizeof *n);
    snprintf(n->text, sizeof n->text, "%s", text);
    n->r.id = op->id;
    n->r.outcome = outcome;
    n->r.body = (struct op_bytes){ "", 0 };
    n->r.record_id = n->r.etag = n->r.next = "";
    n->r.retry_after = retry_after;
    n->r.text = n->text;
    if (q->last != NULL)
        q->last->next = n;
    else
        q->first = n;
    q->last = n;
}

bool
results_take(struct results *q, struct op_result *out)
{
    let_go(q);
    if (q->first == NULL)
        return false;
    q->given = q->first;
    q->first = q->given->next;
    if (q->first == NULL)
        q->last = NULL;
    *out = q->given->r;
    return true;
}

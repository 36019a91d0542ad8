/* SPDX-License-Identifier: Apache-2.0 */
/* Where plans live and how one is made of a shape. */
#include "codec/plan.h"

static const char kept_name[] = "plan";

static void
release(struct mr_cx *cx, struct mr_kept *kept)
{
    mr_resize(cx, kept, 0);
}

static struct plan *
make(struct mr_cx *cx, const struct mr_shape *shape)
{
    size_t head = sizeof(struct plan) +
                  shape->n_write * sizeof(struct plan_step);
    size_t n = PLAN_COPY;
    struct plan *plan;
    char *to;

    for (uint32_t i = 0; i < shape->n_write; i++)
        n += (size_t)shape->write[i].open_n + shape->write[i].close_n;
    plan = mr_resize(cx, NULL, head + n);
    if (plan == NULL)
        return NULL;
    memset(plan, 0, head + n);
    to = (char *)plan + head;
    for (uint32_t i = 0; i < shape->n_write; i++) {
        const struct mr_member *m = &shape->write[i];

        plan->steps[i].open = to;
        if (m->open_n != 0)
            memcpy(to, m->open, m->open_n);
        to += m->open_n;
        plan->steps[i].close = to;
        if (m->close_n != 0)
            memcpy(to, m->close, m->close_n);
        to += m->close_n;
    }
    plan->shape = shape;
    return plan;
}

struct plan *
mr_plan(struct mr_cx *cx, const struct mr_shape *shape)
{
    struct plan *plan;

    for (struct mr_kept *k = cx->kept; k != NULL; k = k->next) {
        plan = (struct plan *)(void *)k;
        if (k->name == kept_name && plan->shape == shape)
            return plan;
    }
    plan = make(cx, shape);
    if (plan == NULL)
        return NULL;
    plan->kept.name = kept_name;
    plan->kept.release = release;
    plan->kept.next = cx->kept;
    cx->kept = &plan->kept;
    return plan;
}

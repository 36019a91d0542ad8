/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as the rows of `ids import`. What is refused leaves nothing behind
 * and says where; what was taken, exported and imported again, is known.
 */
#include <stdint.h>

#include "fuzz/running.h"
#include "host/csv.h"

struct outcome {
    int code;
    char *out, *err;
    size_t out_n, err_n;
};

static void
import(struct session *s, const void *p, size_t n, struct outcome *o)
{
    const char *words[] = { "ids", "import" };
    struct change c = { .argc = 2, .argv = words, .body = p, .n = n,
                        .running = true };

    memset(o, 0, sizeof *o);
    c.out = open_memstream(&o->out, &o->out_n);
    c.err = open_memstream(&o->err, &o->err_n);
    DEMAND(c.out != NULL && c.err != NULL);
    o->code = ids_change(s, &c);
    fclose(c.out);
    fclose(c.err);
}

static void
outcome_done(struct outcome *o)
{
    free(o->out);
    free(o->err);
}

/* All links as `ids export --technical` writes them; how many. */
static uint64_t
export(struct session *s, char **text, size_t *n)
{
    FILE *out = open_memstream(text, n);
    struct store_link l;
    int64_t after = 0;
    uint64_t count = 0;

    DEMAND(out != NULL);
    for (; s->store->ops->link_next(&s->cx, s->store, NULL, after, &l) ==
           MR_OK; after = l.id) {
        DEMAND(l.keys[0][0] != '\0' && l.keys[1][0] != '\0');
        csv_put(out, l.map, ',');
        csv_put(out, l.keys[0], ',');
        csv_put(out, l.keys[1], ',');
        csv_put(out, l.ids[0], ',');
        csv_put(out, l.ids[1], '\n');
        count++;
    }
    fclose(out);
    return count;
}

static void
again(struct session *s, uint64_t links)
{
    char wanted[80], *text;
    struct outcome o;
    size_t n;

    DEMAND(export(s, &text, &n) == links);
    import(s, text, n, &o);
    snprintf(wanted, sizeof wanted, "0 links made, %llu known\n",
             (unsigned long long)links);
    DEMAND(o.code == HOST_OK && strcmp(o.out, wanted) == 0);
    outcome_done(&o);
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    unsigned long long made = 0;
    struct session s;
    struct outcome o;
    uint64_t links;

    running_begin(&s);
    import(&s, data, n, &o);
    if (o.code == HOST_OK)
        DEMAND(sscanf(o.out, "%llu links made,", &made) == 1 && o.err_n == 0);
    else
        DEMAND(o.out_n == 0 && o.err_n > 0);
    DEMAND(s.store->ops->link_count(&s.cx, s.store, NULL, &links) == MR_OK);
    DEMAND(links == SOME_LINKS + made);
    again(&s, links);
    outcome_done(&o);
    running_end(&s);
    return 0;
}

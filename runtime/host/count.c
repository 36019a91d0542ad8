/* SPDX-License-Identifier: Apache-2.0 */
/* How many records there are, asked of OData services by $count. It is for a
 * bar of progress only: whatever goes wrong makes the number unknown. */
#include "host/progress.h"

#include <stdlib.h>

enum { PATIENCE_MS = 10000, COUNTS_MAX = 64 };

struct asked {
    bool done, good;
    uint64_t n;
};

static void
on_reply(void *arg, struct http_reply *reply)
{
    struct asked *a = arg;
    char *end;

    a->done = true;
    if (reply->end != HTTP_ANSWERED || reply->status != 200 || reply->n == 0)
        return;
    /* Zero bytes stand behind the body. */
    a->n = strtoull(reply->body, &end, 10);
    a->good = end != reply->body;
}

static bool
ask(struct session *s, struct session_peer *p, const struct mr_map *map,
    int side, struct http_session *http, struct asked *a)
{
    const char *set = map->repl->tech[side].set, *root = p->system->url;
    size_t n = strlen(root);
    struct http_call call = {
        .method = "GET",
        .url = config_text(&s->config, "%s%s%s/$count", root,
                           n > 0 && root[n - 1] == '/' ? "" : "/",
                           set != NULL ? set : ""),
        .timeout_ms = PATIENCE_MS,
        .repeatable = true,
        .done = on_reply,
        .arg = a
    };

    return set != NULL && call.url != NULL && http_send(http, &call);
}

/* The calls are waited for one by one: what one points to has to stay. */
static bool
count_side(struct session *s, const struct mr_map *map, int side,
           uint64_t *sum)
{
    struct session_peer *p =
        session_peer(s, side == MR_LEFT ? map->left : map->right);
    struct asked a = { false, false, 0 };
    struct http_session *http;

    if (p == NULL || p->system->kind != KIND_ODATA)
        return false;
    http = http_session_new(&s->cx, s->client, &p->auth);
    if (http == NULL) {
        memset(&s->cx.error, 0, sizeof s->cx.error);
        return false;
    }
    if (ask(s, p, map, side, http, &a))
        while (!a.done && !atomic_load(&s->stop.asked))
            http_wait(s->client, 100);
    while (!a.done && http_busy(s->client) > 0)
        http_wait(s->client, 100);
    http_session_free(http);
    *sum += a.n;
    return a.good;
}

uint64_t
progress_count(struct session *s)
{
    uint64_t sum = 0;

    for (uint16_t i = 0; i < s->h->program->n_maps; i++) {
        const struct mr_map *map = s->h->program->maps[i];

        for (int side = 0; side < 2 && map->repl != NULL; side++)
            if (map->repl->schedule[side].trigger == MR_TRIGGER_POLL &&
                !count_side(s, map, side, &sum))
                return 0;
    }
    return sum;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Reads one record of a system, waiting for the answer. */
#include "host/fetch.h"

enum { PATIENCE_SECONDS = 60, KEYS_MAX = 16 };

static void
no_record(struct fetched *out, const char *why)
{
    snprintf(out->why, sizeof out->why, "%.190s", why);
}

/* "cloud.AccountID" is AccountID on the wire. */
static const char *
wire_name(const char *field)
{
    const char *dot = strrchr(field, '.');

    return dot != NULL ? dot + 1 : field;
}

/* The key's fields as the system has them; false: it has no key there. */
static bool
fill_keys(struct session *s, const struct mr_map *map, int side,
          const char *key, struct op_key keys[KEYS_MAX], size_t *n)
{
    const struct mr_repl *r = map->repl;

    *n = 0;
    for (uint16_t i = 0; i < r->n_keys; i++)
        for (uint16_t k = 0; k < r->rules[i].n_fields[side]; k++) {
            const struct mr_field *f = &r->rules[i].fields[side][k];
            size_t len = strcspn(key, "\x1f");

            if (*n == KEYS_MAX || len == 0)
                return false;
            keys[*n].name = wire_name(f->name);
            keys[*n].value = config_text(&s->config, "%.*s", (int)len, key);
            keys[*n].type = f->type;
            if (keys[(*n)++].value == NULL)
                return false;
            key += len + (key[len] != '\0');
        }
    return *n > 0 && *key == '\0';
}

static void
keep_body(struct session *s, const struct op_result *r, struct fetched *out)
{
    char *p = mr_alloc(&s->config.cx, r->body.n + 1);

    if (p == NULL) {
        no_record(out, "memory ran out");
        return;
    }
    memcpy(p, r->body.p, r->body.n);
    p[r->body.n] = '\0';
    out->p = p;
    out->n = r->body.n;
}

static void
take(struct session *s, const struct op_result *r, struct fetched *out)
{
    if (r->outcome == OP_OK && r->body.n > 0)
        keep_body(s, r, out);
    else if (r->outcome == OP_OK || r->outcome == OP_NONE)
        no_record(out, "there is no such record");
    else
        no_record(out, r->text != NULL && r->text[0] != '\0'
                           ? r->text
                           : "the system gave no answer");
}

static void
ask(struct session *s, struct peer *p, const struct mr_op *op,
    struct fetched *out)
{
    int64_t until = host_ticks() + (int64_t)PATIENCE_SECONDS * 1000000;
    struct op_result r;

    no_record(out, "the system gave no answer");
    if (!p->ops->submit(p, op))
        return;
    p->ops->flush(p);
    while (host_ticks() < until && !atomic_load(&s->stop.asked)) {
        while (p->ops->collect(p, &r))
            if (r.id == op->id) {
                out->why[0] = '\0';
                take(s, &r, out);
                return;
            }
        http_wait(s->client, 200);
    }
}

void
fetch_record(struct session *s, const struct mr_map *map, int side,
             const char *id, const char *key, struct fetched *out)
{
    struct session_peer *p =
        session_peer(s, side == MR_LEFT ? map->left : map->right);
    struct op_key keys[KEYS_MAX];
    struct mr_op op = { .id = 1,
                        .kind = id[0] != '\0' ? OP_READ : OP_FIND,
                        .map = map,
                        .side = side,
                        .since = "", .token = "", .etag = "",
                        .record_id = id,
                        .keys = keys,
                        .message_token = "" };

    memset(out, 0, sizeof *out);
    if (p == NULL || !p->peer->ops->reads)
        no_record(out, "this system only sends messages");
    else if (id[0] == '\0' &&
             !fill_keys(s, map, side, key, keys, &op.n_keys))
        no_record(out, "its key is not known");
    else
        ask(s, p->peer, &op, out);
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Before anything is replicated: is the service there, does it let us in, and
 * does it still have what the maps were compiled for? Asks and waits.
 */
#define _GNU_SOURCE
#include "peer/odata_metadata.h"
#include "peer/odata_task.h"

#include <strings.h>

struct asked {
    bool over;
    struct http_reply reply;
    char text[200];
};

static void
came(void *arg, struct http_reply *reply)
{
    struct asked *a = arg;

    snprintf(a->text, sizeof a->text, "%s", reply->text);
    http_reply_keep(reply, &a->reply);
    a->over = true;
}

static void
ask(struct odata *o, const char *url, struct asked *a)
{
    static const struct http_header headers[] = {
        { "x-csrf-token", "fetch" }, { "Accept", "*/*" }
    };
    struct http_call call = {
        .method = "GET", .url = url, .headers = headers, .n_headers = 2,
        .timeout_ms = o->set.timeout_ms, .repeatable = true, .done = came,
        .arg = a
    };

    memset(a, 0, sizeof *a);
    if (!http_send(o->session, &call)) {
        a->reply.end = HTTP_NOT_SENT;
        snprintf(a->text, sizeof a->text, "can't be asked");
        return;
    }
    while (!a->over)
        http_wait(o->client, 1000);
}

static bool
say(const struct peer_report *to, bool good, const char *what,
    const char *text)
{
    to->line(to->arg, good, what, text);
    return good;
}

/* For people, as log-ins and proxies have them, with 200. */
static bool
is_page(const struct http_reply *r)
{
    static const char *const begins[] = { "<!doctype html", "<html" };
    const char *p = r->body;
    size_t n = r->n;

    for (; n > 0 && *p != '\0' && strchr(" \t\r\n\xef\xbb\xbf", *p); p++)
        n--;
    for (size_t i = 0; i < sizeof begins / sizeof *begins; i++)
        if (n >= strlen(begins[i]) &&
            strncasecmp(p, begins[i], strlen(begins[i])) == 0)
            return true;
    return false;
}

/* NULL: it was answered as it should be. */
static const char *
complaint(struct odata *o, const struct asked *a)
{
    struct odata_reply whole = {
        a->reply.status, { a->reply.headers, a->reply.headers_n },
        { a->reply.body, a->reply.n }
    };

    if (a->reply.end != HTTP_ANSWERED)
        return a->text;
    if (a->reply.status >= 200 && a->reply.status < 300)
        return !is_page(&a->reply) ? NULL
               : "the service answers with a page of HTML: a log-in, probably";
    if (a->reply.status == 401 || a->reply.status == 403)
        return "the credentials are refused";
    if (a->reply.status >= 300 && a->reply.status < 400)
        return "the service answers with a redirect: to a log-in, probably";
    return odata_error_text(&o->cx, &whole, NULL);
}

struct drift {
    struct odata *o;
    const struct peer_report *to;
    struct op_bytes text;
    const struct mr_map *map;
    struct bytes said;          /* lines, each ended by a newline */
    size_t missing;
};

/* Once, although several maps and both their directions use it. */
static void
report_missing(struct drift *d, const char *what, const char *text)
{
    char line[300];
    size_t n = (size_t)snprintf(line, sizeof line, "\n%s: %s\n", what, text);

    d->missing++;
    if (n >= sizeof line)
        n = sizeof line - 1;
    if (d->said.n > 0 && memmem(d->said.p, d->said.n, line, n) != NULL)
        return;
    bytes_add(&d->said, line, n);
    say(d->to, false, what, text);
}

static void
check_members(struct drift *d, const struct mr_shape *shape,
              const struct mr_member *members, uint16_t n)
{
    struct op_bytes type;
    uint32_t max;
    char line[200];

    if (shape->set == NULL)
        return;
    if (!metadata_type(d->text, shape->set, &type)) {
        report_missing(d, shape->set, "the service has no such entity set");
        return;
    }
    for (uint16_t i = 0; i < n; i++) {
        const struct mr_member *m = &members[i];

        if (strncmp(m->name, "__", 2) == 0)
            continue;
        if (!metadata_member(type, m->name, &max)) {
            snprintf(line, sizeof line, "%s has no property %.*s any more",
                     shape->set, (int)m->name_n, m->name);
            report_missing(d, d->map->name, line);
        }
        if (m->kind != MR_VALUE && m->shape != NULL)
            check_members(d, m->shape,
                          members == shape->read ? m->shape->read
                                                 : m->shape->write,
                          members == shape->read ? m->shape->n_read
                                                 : m->shape->n_write);
    }
}

/* Lengths of properties of the record itself. */
static void
check_lengths(struct drift *d, int side)
{
    const struct mr_repl *repl = d->map->repl;
    struct op_bytes type;
    char line[200];

    if (repl->tech[side].set == NULL ||
        !metadata_type(d->text, repl->tech[side].set, &type))
        return;
    for (uint16_t i = 0; i < repl->n_rules; i++) {
        const struct mr_rule *r = &repl->rules[i];

        for (uint16_t k = 0; k < r->n_fields[side]; k++) {
            const struct mr_target *t = r->targets[side] == NULL
                                            ? NULL : r->targets[side][k];
            const char *dot = t == NULL ? NULL : strchr(t->field, '.');
            uint32_t max;

            if (r->level != 0 || dot == NULL || t->max_chars == 0 ||
                strchr(dot + 1, '.') != NULL ||
                !metadata_member(type, dot + 1, &max) || max == 0 ||
                max >= t->max_chars)
                continue;
            snprintf(line, sizeof line, "%s holds %u characters now, it was "
                     "compiled for %u", t->field, (unsigned)max,
                     (unsigned)t->max_chars);
            report_missing(d, r->at, line);
        }
    }
}

static void
check_flow(struct drift *d, const struct mr_flow *flow)
{
    const struct mr_doc *docs[2];

    if (flow == NULL)
        return;
    docs[0] = flow->from;
    docs[1] = flow->to;
    for (int i = 0; i < 2; i++) {
        const struct mr_shape *s = docs[i]->shape;

        if (strcmp(docs[i]->system, d->o->set.system) != 0 ||
            docs[i]->format != MR_ODATA2)
            continue;
        if (i == 0)
            check_members(d, s, s->read, s->n_read);
        else
            check_members(d, s, s->write, s->n_write);
    }
}

static bool
check_maps(struct drift *d, const struct mr_program *program)
{
    for (uint16_t i = 0; i < program->n_maps; i++) {
        const struct mr_map *map = program->maps[i];
        int side = strcmp(map->left, d->o->set.system) == 0 ? MR_LEFT
                                                            : MR_RIGHT;

        d->map = map;
        if (map->repl == NULL ||
            (side == MR_RIGHT && strcmp(map->right, d->o->set.system) != 0))
            continue;
        check_flow(d, map->to_right);
        check_flow(d, map->to_left);
        check_lengths(d, side);
    }
    if (d->missing == 0)
        say(d->to, true, d->o->set.system,
            "$metadata has all that the maps use");
    return d->missing == 0;
}

static bool
check_metadata(struct odata *o, const struct mr_program *program,
               const struct peer_report *report)
{
    struct drift d = { .o = o, .to = report };
    struct bytes url;
    struct asked a;
    const char *wrong = "memory ran out";
    bool good = false;

    bytes_init(&url, &o->cx.memory);
    bytes_init(&d.said, &o->cx.memory);
    bytes_format(&url, "%s$metadata", o->root);
    bytes_add(&url, "", 1);
    memset(&a, 0, sizeof a);
    if (!url.failed) {
        ask(o, url.p, &a);
        wrong = complaint(o, &a);
    }
    d.text = (struct op_bytes){ a.reply.body, a.reply.n };
    if (wrong == NULL)
        wrong = metadata_complaint(d.text);
    if (wrong != NULL)
        good = say(report, false, "$metadata", wrong);
    else
        good = check_maps(&d, program);
    bytes_free(&d.said);
    http_reply_free(&a.reply);
    bytes_free(&url);
    return good;
}

bool
odata_check(struct peer *p, const struct mr_program *program,
            const struct peer_report *report)
{
    struct odata *o = (struct odata *)(void *)p;
    struct asked a;
    const char *wrong;
    bool good;

    ask(o, o->root, &a);
    wrong = complaint(o, &a);
    good = say(report, wrong == NULL, o->set.system,
               wrong == NULL ? "reached, the credentials are good" : wrong);
    http_reply_free(&a.reply);
    good = good && check_metadata(o, program, report);
    mr_cx_next(&o->cx);
    return good;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The command plan: what a load or a round would do, with samples. All records
 * of the systems that can be read are looked at; nothing is written, neither
 * there nor to the store.
 */
#include "host/progress.h"
#include "host/replication.h"

#include <stdlib.h>

static const char help_text[] =
    "usage: %s plan [OPTION…]\n"
    "\n"
    "Reads both sides and says what would be created, updated, deleted, what is\n"
    "in conflict and what would be parked. Changes nothing.\n"
    "\n"
    "      --samples N      shows N records of each kind (3)\n"
    "      --no-sweep       does not search for deleted records\n"
    "      --show-personal  shows personal values in samples\n"
    "      --format json    one JSON object a record, the summary last\n";

enum { SAMPLES_MAX_CELLS = 12 };

struct plan {
    struct session s;
    struct progress progress;
    uint64_t samples;
    bool personal, json, no_sweep;
    FILE *text;                 /* samples, until the summary was printed */
    uint64_t (*shown)[2][EVENTS];
};

static bool
is_planned(enum engine_event event)
{
    return event == EVENT_CREATED || event == EVENT_UPDATED ||
           event == EVENT_DELETED || event == EVENT_CONFLICT ||
           event == EVENT_PARKED || event == EVENT_REJECTED ||
           event == EVENT_GUARD;
}

static const char *
how_words(enum merge_how how)
{
    switch (how) {
    case MERGE_SAME:   return "same";
    case MERGE_COPY:   return "copied";
    case MERGE_THEIRS: return "changed there only";
    case MERGE_WON:    return "conflict, this value wins";
    case MERGE_LOST:   return "conflict, the other value wins";
    case MERGE_JOINED: return "conflict, joined";
    case MERGE_KEPT:   return "conflict, both are kept";
    case MERGE_ASKED:  return "conflict, a person decides";
    }
    return "";
}

static const struct mr_rule *
rule_of(const struct mr_map *map, const struct merge_cell *c)
{
    return c->rule >= 0 && c->rule < map->repl->n_rules
               ? &map->repl->rules[c->rule]
               : NULL;
}

static void
text_cell(const struct plan *p, FILE *out, const struct mr_map *map,
          const struct merge_cell *c)
{
    const struct mr_rule *r = rule_of(map, c);
    bool hidden = !p->personal && (r == NULL || r->personal);

    if (r == NULL) {
        fprintf(out, "      a row %s\n", c->row_removed ? "less" : "more");
        return;
    }
    fprintf(out, "      %s: %s: ", r->at, how_words(c->how));
    host_show(out, c->mine, hidden);
    fputs(c->how == MERGE_COPY ? " replaces " : " against ", out);
    host_show(out, c->theirs, hidden);
    fputc('\n', out);
}

static void
json_value(FILE *out, struct mr_val v)
{
    char *text = v.state == MR_HERE ? strndup(v.p, v.n) : NULL;

    if (v.state == MR_MISSING)
        fputs("null", out);
    else
        host_json_text(out, text != NULL ? text : "");
    free(text);
}

static void
json_cell(const struct plan *p, FILE *out, const struct mr_map *map,
          const struct merge_cell *c)
{
    const struct mr_rule *r = rule_of(map, c);

    fputs("{\"at\":", out);
    host_json_text(out, r != NULL ? r->at : "");
    fprintf(out, ",\"how\":\"%s\"", how_words(c->how));
    if (r != NULL && (p->personal || !r->personal)) {
        fputs(",\"mine\":", out);
        json_value(out, c->mine);
        fputs(",\"theirs\":", out);
        json_value(out, c->theirs);
    }
    fputc('}', out);
}

static void
sample(struct plan *p, const struct engine_notice *n)
{
    const char *system = common_system(n->map, n->side);
    char key[256];
    size_t shown = n->n_cells < SAMPLES_MAX_CELLS ? n->n_cells
                                                  : SAMPLES_MAX_CELLS;

    host_key_text(n->key, key, sizeof key);
    if (p->json) {
        fprintf(p->text, "{\"event\":\"%s\",\"map\":\"%s\",\"system\":\"%s\","
                "\"key\":", log_event_name(n->event), n->map->name, system);
        host_json_text(p->text, key);
        fputs(",\"text\":", p->text);
        host_json_text(p->text, n->text);
        fputs(",\"cells\":[", p->text);
        for (size_t i = 0; i < shown; i++) {
            fputs(i > 0 ? "," : "", p->text);
            json_cell(p, p->text, n->map, &n->cells[i]);
        }
        fputs("]}\n", p->text);
        return;
    }
    fprintf(p->text, "  %s %s %s %s%s%s\n", n->map->name, system,
            log_event_name(n->event), key[0] != '\0' ? key : "(no key)",
            n->text[0] != '\0' ? ": " : "", n->text);
    for (size_t i = 0; i < shown; i++)
        if (n->cells[i].how != MERGE_SAME)
            text_cell(p, p->text, n->map, &n->cells[i]);
    if (n->n_cells > shown)
        fprintf(p->text, "      and %zu more\n", n->n_cells - shown);
}

static void
on_notice(void *arg, const struct engine_notice *n)
{
    struct plan *p = arg;
    const struct mr_program *program = p->s.h->program;

    if (n->map == NULL || !is_planned(n->event))
        return;
    for (uint16_t i = 0; i < program->n_maps; i++)
        if (program->maps[i] == n->map &&
            p->shown[i][n->side][n->event]++ < p->samples)
            sample(p, n);
}

static void
begin(struct plan *p)
{
    const struct mr_program *program = p->s.h->program;

    for (uint16_t i = 0; i < program->n_maps; i++) {
        const struct mr_map *map = program->maps[i];

        for (int side = 0; side < 2 && map->repl != NULL; side++) {
            struct session_peer *peer =
                session_peer(&p->s, common_system(map, side));

            if (peer == NULL || !peer->peer->ops->reads ||
                map->repl->schedule[side].trigger != MR_TRIGGER_POLL)
                continue;
            engine_poll(p->s.engine, map, side, true);
            if (!p->no_sweep)
                engine_sweep(p->s.engine, map, side);
        }
    }
}

static uint64_t
looked_at(const struct plan *p)
{
    struct engine_counts n;

    engine_counted(p->s.engine, &n);
    return n.read;
}

static int
look(struct plan *p, bool *complete)
{
    int code = HOST_OK;
    bool broken = false;

    begin(p);
    progress_begin(&p->progress, progress_count(&p->s), 0);
    *complete = false;
    while (code == HOST_OK && !*complete && !atomic_load(&p->s.stop.asked) &&
           !broken) {
        code = loop_step_on(&p->s, 100);
        progress_show(&p->progress, looked_at(p), "");
        *complete = code == HOST_OK && engine_idle(p->s.engine) &&
                    http_busy(p->s.client) == 0;
        for (size_t i = 0; i < p->s.n_peers; i++)
            broken |= p->s.peers[i].broken;
        broken |= engine_search_fails(p->s.engine);
    }
    progress_end(&p->progress);
    return code;
}

/* The summary is first for people, last for programs. */
static int
plan(struct plan *p)
{
    char *samples = NULL;
    bool complete = false;
    size_t n = 0, size = p->s.h->program->n_maps * sizeof *p->shown;
    int code = HOST_INTERNAL;

    p->shown = mr_resize(&p->s.cx, NULL, size);
    p->text = open_memstream(&samples, &n);
    if (p->shown != NULL && p->text != NULL) {
        memset(p->shown, 0, size);
        p->s.notice = on_notice;
        p->s.notice_arg = p;
        code = look(p, &complete);
    }
    if (p->text != NULL)
        fclose(p->text);
    if (p->json && samples != NULL)
        fwrite(samples, 1, n, stdout);
    round_summary(&p->s, "plan", p->json, code, complete);
    if (!p->json && n > 0 && samples != NULL) {
        puts("\nfor example");
        fwrite(samples, 1, n, stdout);
    }
    free(samples);
    mr_resize(&p->s.cx, p->shown, 0);
    return round_code(&p->s, code, complete);
}

static int
open_plan(const struct host *h, struct plan *p, const char *config)
{
    int code = session_open(h, &p->s, config, SESSION_READ | SESSION_PEERS);

    if (code != HOST_OK)
        return code;
    if (p->s.store == NULL)
        code = session_no_store(&p->s);
    p->s.impatient = true;
    if (code == HOST_OK)
        code = session_engine(&p->s, true, false);
    if (code != HOST_OK) {
        session_close(&p->s);
        return code;
    }
    p->s.log_level = LOG_ERROR;
    signals_begin(&p->s.stop, p->s.client);
    return HOST_OK;
}

int
host_plan(const struct host *h, int argc, char **argv)
{
    struct plan p = { .samples = 3 };
    const char *samples = NULL;
    const struct host_option more[] = {
        { "--samples", NULL, NULL, &samples },
        { "--no-sweep", NULL, &p.no_sweep, NULL },
        { "--show-personal", NULL, &p.personal, NULL },
    };
    struct common_args a;
    size_t n;
    int code;

    if (!common_args(h, "plan", help_text, argc, argv, more, 3, &a, NULL, 0,
                     &n, &code))
        return code;
    if (samples != NULL &&
        !host_number(h, "--samples", samples, 1000000, &p.samples))
        return HOST_USAGE;
    p.json = a.json;
    code = open_plan(h, &p, a.config);
    if (code != HOST_OK)
        return code;
    code = plan(&p);
    session_close(&p.s);
    return code;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Reads the configuration: presets, then the file, then the environment; then
 * it is checked as a whole. All that is wrong is said in one go. */
#include "host/config.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>

enum { FILE_BYTES_MAX = 1 << 20, PATH_MAX_BYTES = 200, SYSTEMS_MAX = 64 };

/* --- the systems of the deployment --- */

bool
config_sends(const struct host *h, const char *system)
{
    for (uint16_t i = 0; i < h->program->n_maps; i++) {
        const struct mr_map *m = h->program->maps[i];
        const char *names[2] = { m->left, m->right };

        for (int side = 0; side < 2 && m->repl != NULL; side++)
            if (strcmp(names[side], system) == 0 &&
                m->repl->schedule[side].trigger == MR_TRIGGER_MESSAGE)
                return true;
    }
    return false;
}

bool
config_replicates(const struct host *h)
{
    for (uint16_t i = 0; i < h->program->n_maps; i++)
        if (h->program->maps[i]->repl != NULL)
            return true;
    return false;
}

bool
config_counts_effects(const struct host *h)
{
    for (uint16_t i = 0; i < h->program->n_calls; i++)
        if (h->program->calls[i]->n_keys > 0)
            return true;
    return false;
}

struct config_system *
config_system(struct config *c, const char *name)
{
    for (size_t i = 0; i < c->n_systems; i++)
        if (strcmp(c->systems[i].name, name) == 0)
            return &c->systems[i];
    return NULL;
}

static void
preset(struct config *c, struct config_system *system,
       const struct setting *rows, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (rows[i].preset != NULL)
            config_set(c, system, &rows[i], rows[i].preset);
}

static void
add_system(struct config *c, const char *name, enum mr_format format,
           bool called)
{
    struct config_system *s = config_system(c, name);

    if (s != NULL)
        s->called |= called;
    if (s != NULL || c->n_systems == SYSTEMS_MAX)
        return;
    s = &c->systems[c->n_systems++];
    memset(s, 0, sizeof *s);
    s->name = name;
    s->format = format;
    s->called = called;
    s->replicated = !called;
    preset(c, s, config_system_settings, config_n_system_settings);
}

static void
add_side(struct config *c, const struct mr_map *m, int side)
{
    const struct mr_flow *away = side == MR_LEFT ? m->to_right : m->to_left;
    const struct mr_flow *to = side == MR_LEFT ? m->to_left : m->to_right;

    add_system(c, side == MR_LEFT ? m->left : m->right,
               away != NULL ? away->from->format : to->to->format, false);
}

bool
config_begin(const struct host *h, struct config *c)
{
    const struct mr_program *p = h->program;

    memset(c, 0, sizeof *c);
    c->h = h;
    c->file = "configuration";
    mr_cx_init(&c->cx, NULL);
    c->systems = mr_alloc(&c->cx, SYSTEMS_MAX * sizeof *c->systems);
    if (c->systems == NULL) {
        config_wrong(c, NULL, "", "memory ran out");
        return false;
    }
    preset(c, NULL, config_settings, config_n_settings);
    if (config_replicates(h) || config_counts_effects(h))
        c->store_file = config_text(c, "%s.db", p->deployment);
    for (uint16_t i = 0; i < p->n_maps; i++)
        for (int side = 0; side < 2 && p->maps[i]->repl != NULL; side++)
            add_side(c, p->maps[i], side);
    for (uint16_t i = 0; i < p->n_calls; i++)
        if (p->calls[i]->attachment != NULL)
            add_system(c, p->calls[i]->from,
                       p->calls[i]->request->to_right->from->format, true);
    for (uint16_t i = 0; i < p->n_calls; i++)
        add_system(c, p->calls[i]->to, p->calls[i]->request->to_right->to->format,
                   true);
    return c->n_errors == 0;
}

void
config_done(struct config *c)
{
    mr_cx_done(&c->cx);
}

/* --- the file --- */

/* Where in the file the reading is. */
struct place {
    struct config_system *system;       /* NULL: the root */
    const struct setting *rows;
    size_t n;
    char path[PATH_MAX_BYTES];          /* of the object, below that */
};

static const char *
below(const struct place *p)
{
    return p->system != NULL ? p->system->name : NULL;
}

/* The part of `row` right below `path`, or NULL; *n is its length. */
static const char *
child(const char *row, const char *path, size_t *n)
{
    size_t at = strlen(path);

    if (strncmp(row, path, at) != 0 || (at > 0 && row[at] != '.'))
        return NULL;
    row += at + (at > 0);
    *n = strcspn(row, ".");
    return row;
}

static void
unknown_key(struct config *c, const struct place *p, const char *key)
{
    const char *names[64];
    const char *best;
    size_t n_names = 0, n;

    for (size_t i = 0; i < p->n && n_names < 64; i++) {
        const char *name = child(p->rows[i].path, p->path, &n);

        if (name != NULL)
            names[n_names++] = config_text(c, "%.*s", (int)n, name);
        if (n_names > 0 && names[n_names - 1] == NULL)
            return;
    }
    if (p->system == NULL && p->path[0] == '\0')
        names[n_names++] = "systems";
    best = host_closest(key, names, n_names);
    config_wrong(c, below(p), p->path, "there is no setting \"%.60s\"%s%s%s",
                 key, best ? "; did you mean " : "", best ? best : "",
                 best ? "?" : "");
}

static void
take_value(struct config *c, struct place *p, const struct setting *s,
           const json_t *value)
{
    const char *needs = s->type == SET_NUMBER ? "a whole number"
                        : s->type == SET_BOOL ? "true or false"
                                              : "a text";

    if (json_is_integer(value) && s->type == SET_NUMBER)
        config_set_number(c, p->system, s, json_integer_value(value));
    else if (json_is_boolean(value) && s->type == SET_BOOL)
        config_set(c, p->system, s, json_is_true(value) ? "true" : "false");
    else if (json_is_string(value) && s->type != SET_NUMBER &&
             s->type != SET_BOOL)
        config_set(c, p->system, s, json_string_value(value));
    else
        config_wrong(c, below(p), s->path, "needs %s", needs);
}

static void take_object(struct config *c, struct place *p, json_t *object);

/* A key of the table: a setting, or an object with settings below it. */
static void
take_key(struct config *c, struct place *p, const char *key, json_t *value)
{
    struct place inner = *p;
    int n = snprintf(inner.path, sizeof inner.path, "%s%s%s", p->path,
                     p->path[0] != '\0' ? "." : "", key);
    size_t rest;

    for (size_t i = 0; i < p->n && n > 0 && n < PATH_MAX_BYTES; i++) {
        if (strcmp(p->rows[i].path, inner.path) == 0) {
            take_value(c, p, &p->rows[i], value);
            return;
        }
        if (child(p->rows[i].path, inner.path, &rest) == NULL)
            continue;
        if (json_is_object(value))
            take_object(c, &inner, value);
        else
            config_wrong(c, below(p), inner.path, "needs an object");
        return;
    }
    unknown_key(c, p, key);
}

static void
take_system(struct config *c, const char *name, json_t *value)
{
    struct place p = { config_system(c, name), config_system_settings,
                       config_n_system_settings, "" };
    const char *best = NULL;

    if (p.system != NULL) {
        if (json_is_object(value))
            take_object(c, &p, value);
        else
            config_wrong(c, name, "", "needs an object");
        return;
    }
    for (size_t i = 0; i < c->n_systems && best == NULL; i++)
        best = host_closest(name, (const char *const *)&c->systems[i].name, 1);
    config_wrong(c, NULL, "systems", "%s replicates no system \"%.60s\"%s%s%s",
                 c->h->program->deployment, name,
                 best ? "; did you mean " : "", best ? best : "",
                 best ? "?" : "");
}

static void
take_object(struct config *c, struct place *p, json_t *object)
{
    const char *key;
    json_t *value;

    json_object_foreach(object, key, value)
    {
        /* "$schema" is for editors. */
        if (p->system == NULL && p->path[0] == '\0' &&
            strcmp(key, "$schema") == 0)
            continue;
        if (p->system != NULL || p->path[0] != '\0' ||
            strcmp(key, "systems") != 0) {
            take_key(c, p, key, value);
            continue;
        }
        const char *name;
        json_t *system;

        if (!json_is_object(value))
            config_wrong(c, NULL, "systems", "needs an object");
        json_object_foreach(value, name, system)
            take_system(c, name, system);
    }
}

static void
parse(struct config *c, const char *text, size_t n)
{
    struct place p = { NULL, config_settings, config_n_settings, "" };
    json_error_t error;
    json_t *root = json_loadb(text, n, JSON_REJECT_DUPLICATES, &error);

    if (root == NULL)
        config_wrong(c, NULL, "", "line %d, column %d: %s", error.line,
                     error.column, error.text);
    else if (!json_is_object(root))
        config_wrong(c, NULL, "", "the configuration is a JSON object");
    else
        take_object(c, &p, root);
    json_decref(root);
}

static void
load(struct config *c)
{
    FILE *f = fopen(c->file, "rb");
    char *text;
    size_t n;

    if (f == NULL) {
        config_wrong(c, NULL, "", "%s", strerror(errno));
        if (errno == ENOENT)
            fprintf(stderr, "`%s config template` prints one to begin with.\n",
                    c->h->name);
        return;
    }
    text = mr_resize(&c->cx, NULL, FILE_BYTES_MAX);
    n = text != NULL ? fread(text, 1, FILE_BYTES_MAX, f) : 0;
    if (text == NULL)
        config_wrong(c, NULL, "", "memory ran out");
    else if (ferror(f))
        config_wrong(c, NULL, "", "it can't be read");
    else if (n == FILE_BYTES_MAX)
        config_wrong(c, NULL, "", "it has more than a megabyte");
    else
        parse(c, text, n);
    mr_resize(&c->cx, text, 0);
    fclose(f);
}

/* --- relative names are those of the configuration's folder --- */

static void
resolve(struct config *c, struct config_system *system,
        const struct setting *rows, size_t n, const char *slash)
{
    for (size_t i = 0; i < n; i++) {
        char *at = (system != NULL ? (char *)system : (char *)c) + rows[i].at;
        const char *text;

        if (rows[i].type != SET_FILE)
            continue;
        memcpy(&text, at, sizeof text);
        if (text == NULL || text[0] == '/')
            continue;
        text = config_text(c, "%.*s/%s", (int)(slash - c->file), c->file,
                           text);
        memcpy(at, &text, sizeof text);
    }
}

bool
config_read(const struct host *h, struct config *c, const char *file)
{
    const char *slash;

    if (!config_begin(h, c))
        return false;
    if (file == NULL)
        file = getenv("MAPC_CONFIG");
    c->file = file != NULL && file[0] != '\0'
                  ? file
                  : config_text(c, "%s.json", h->program->deployment);
    if (c->file == NULL)
        return false;
    load(c);
    if (c->n_errors == 0)
        config_environment(c);
    slash = strrchr(c->file, '/');
    if (slash != NULL) {
        resolve(c, NULL, config_settings, config_n_settings, slash);
        for (size_t i = 0; i < c->n_systems; i++)
            resolve(c, &c->systems[i], config_system_settings,
                    config_n_system_settings, slash);
    }
    if (c->n_errors == 0)
        config_check(c);
    return c->n_errors == 0;
}

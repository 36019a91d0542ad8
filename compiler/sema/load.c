/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Files into declarations: reads the first file and all that it uses, imports
 * the schemas, and enters every name. Bodies are checked later, so the order
 * of files and items does not matter.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/hash.h"
#include "sema/env.h"
#include "sema/paths.h"
#include "sema/stdlib.h"
#include "syntax/parse.h"

enum { USE_DEPTH = 32 };

static void load_file(struct env *env, const char *path, struct span at);

static void
add_source(struct env *env, const char *path, uint64_t hash)
{
    struct tsource s = { path_base(path), hash };

    vec_push(env->arena, &env->program->sources, s);
}

static void
pin(struct env *env, const struct within *w, const struct source *src)
{
    struct tpin p = { w->package, w->path, src };

    if (w->package != NULL)
        vec_push(env->arena, &env->program->layers.pins, p);
}

static void
twice(struct env *env, const char *what, struct name name, struct span first)
{
    struct diag *d = diag_add(env->diags, DIAG_DECLARED_TWICE, name.at,
                              "there is already %s %s", what, name.text);

    diag_label(d, first, "first here");
    diag_note(d, NOTE_HELP, "give one of them another name");
}

/* --- systems --- */

static const struct {
    const char *name;
    enum protocol protocol;
} protocols[] = {
    { "odata2", PROTOCOL_ODATA2 }, { "odata4", PROTOCOL_ODATA4 },
    { "idoc", PROTOCOL_IDOC }, { "xml", PROTOCOL_XML },
    { "json", PROTOCOL_JSON }, { "soap", PROTOCOL_SOAP },
};

enum { N_PROTOCOLS = sizeof protocols / sizeof protocols[0] };

static const char *
protocol_name(const void *names, size_t i)
{
    (void)names;
    return protocols[i].name;
}

static bool
find_protocol(struct env *env, struct name name, enum protocol *out)
{
    for (size_t i = 0; i < N_PROTOCOLS; i++) {
        if (strcmp(protocols[i].name, name.text) == 0) {
            *out = protocols[i].protocol;
            return true;
        }
    }

    struct diag *d = diag_add(env->diags, DIAG_UNKNOWN_PROTOCOL, name.at,
                              "there is no kind of system \"%s\"", name.text);
    const char *near = closest_name(name.text, protocol_name, NULL,
                                    N_PROTOCOLS);
    if (near != NULL)
        diag_label_here(d, "did you mean %s?", near);
    diag_note(d, NOTE_HELP, "kinds: odata2, odata4, idoc, xml, json, soap");
    return false;
}

static const char *const format_words[] = {
    [SCHEMA_EDMX2] = "OData metadata, version 2",
    [SCHEMA_EDMX4] = "OData metadata, version 4",
    [SCHEMA_XSD] = "an XML schema", [SCHEMA_JSON] = "a JSON Schema"
};

static const char *const format_kinds[] = {
    [SCHEMA_EDMX2] = "odata2", [SCHEMA_EDMX4] = "odata4",
    [SCHEMA_XSD] = "idoc or xml", [SCHEMA_JSON] = "json"
};

/* A schema of the other family can't describe the system's documents. */
static bool
check_format(struct env *env, const struct system_item *item,
             const struct tsystem *s)
{
    enum schema_format f = s->schema->format;
    bool fits = false;

    switch (s->protocol) {
    case PROTOCOL_ODATA2:
    case PROTOCOL_ODATA4:
        fits = f == SCHEMA_EDMX2 || f == SCHEMA_EDMX4;
        break;
    case PROTOCOL_IDOC:
    case PROTOCOL_XML:
        fits = f == SCHEMA_XSD;
        break;
    case PROTOCOL_JSON:
        fits = f != SCHEMA_XSD;
        break;
    case PROTOCOL_SOAP:
        fits = s->schema->wsdl;
        break;
    }
    if (fits)
        return true;
    struct diag *d = diag_add(env->diags, DIAG_SCHEMA_UNFIT, item->schema_at,
                              "\"%s\" does not describe documents of kind %s",
                              item->schema, item->protocol.text);
    diag_note(d, NOTE_FACT, "%s is %s", s->schema->file,
              s->schema->wsdl ? "a WSDL" : format_words[f]);
    diag_note(d, NOTE_HELP, "name the schema of this system, or its kind: "
              "%s", s->schema->wsdl ? "soap or xml" : format_kinds[f]);
    return false;
}

struct field_name {
    const char *record, *field;     /* record NULL: of any */
};

static struct field_name
option_field(struct env *env, const struct expr *e)
{
    struct field_name f = { NULL, NULL };

    if (e->kind != EXPR_PATH || e->u.path.steps.n > 2) {
        diag_add(env->diags, DIAG_OPTION_FIELD, e->at,
                 "expected a field, or a type and a field: Street, "
                 "Account.Street");
        return f;
    }
    if (e->u.path.steps.n == 2)
        f.record = e->u.path.steps.at[0].name.text;
    f.field = e->u.path.steps.at[e->u.path.steps.n - 1].name.text;
    return f;
}

static void
no_such_option_field(struct env *env, const struct tsystem *s,
                     const struct expr *e)
{
    struct diag *d = diag_add(env->diags, DIAG_UNKNOWN_FIELD, e->at,
                              "no type of system %s has the field %s", s->name,
                              source_words(env, e->at));
    diag_note(d, NOTE_HELP, "`mapc dump schema %s` lists its fields",
              s->schema->path);
}

static void
option_bytes(struct env *env, struct tsystem *s, const struct system_option *o)
{
    long per_char = strtol(o->number, NULL, 10);

    if (per_char < 1 || per_char > 16) {
        diag_add(env->diags, DIAG_OPTION_FIELD, o->at,
                 "a character counts 1 to 16 bytes, not %s", o->number);
        return;
    }
    for (size_t i = 0; i < o->fields.n; i++) {
        struct field_name f = option_field(env, o->fields.at[i]);

        if (f.field != NULL &&
            schema_bytes_per_char(s->schema, f.record, f.field,
                                  (uint32_t)per_char) == 0)
            no_such_option_field(env, s, o->fields.at[i]);
    }
}

/* By its name; an anonymous type (DEBMAS06.IDOC.E1KNA1M) by its last part. */
static bool
record_is(const struct record *record, const char *name)
{
    const char *dot = strrchr(record->name, '.');

    return name == NULL || record->name == name ||
           (dot != NULL && strcmp(dot + 1, name) == 0);
}

static void
option_personal(struct env *env, struct tsystem *s,
                const struct system_option *o)
{
    for (size_t i = 0; i < o->fields.n; i++) {
        struct field_name f = option_field(env, o->fields.at[i]);
        bool found = false;

        for (size_t r = 0; f.field != NULL && r < s->schema->records.n; r++) {
            struct record *record = s->schema->records.at[r];
            struct member *m = table_find(&record->by_name, f.field);

            if (m == NULL || !record_is(record, f.record))
                continue;
            table_put(env->arena, &env->personal, (const char *)m, m);
            found = true;
        }
        if (f.field != NULL && !found)
            no_such_option_field(env, s, o->fields.at[i]);
    }
}

/* What an IDoc's control record says: of all, or of changes of one type. */
static void
option_control(struct env *env, struct tsystem *s, struct system_option *o)
{
    if (s->protocol != PROTOCOL_IDOC) {
        diag_add(env->diags, DIAG_OPTION_FIELD, o->at,
                 "only an IDoc has a control record");
        return;
    }
    if (o->changed.text == NULL) {
        vec_push(env->arena, &s->control, o);
        return;
    }
    if (table_find(&s->schema->root_by_name, o->changed.text) == NULL) {
        struct diag *d = diag_add(env->diags, DIAG_OPTION_FIELD,
                                  o->changed.at, "system %s has no IDoc %s",
                                  s->name, o->changed.text);

        diag_note(d, NOTE_HELP, "`mapc dump schema %s` lists its types",
                  s->schema->path);
        return;
    }
    vec_push(env->arena, &s->changes, o);
}

static void
apply_options(struct env *env, struct tsystem *s)
{
    for (size_t i = 0; i < s->ast->options.n; i++) {
        struct system_option *o = s->ast->options.at[i];

        switch (o->kind) {
        case SYSTEM_BYTES:
            option_bytes(env, s, o);
            break;
        case SYSTEM_PERSONAL:
            option_personal(env, s, o);
            break;
        case SYSTEM_CONTROL:
            option_control(env, s, o);
            break;
        }
    }
}

/* Two files may declare the same system, if they mean the same. */
static void
check_same_system(struct env *env, const struct declared_system *first,
                  const struct declared_system *d)
{
    if (first->ast->protocol.text == d->ast->protocol.text &&
        strcmp(path_beside(env->arena, first->path, first->ast->schema),
               path_beside(env->arena, d->path, d->ast->schema)) == 0)
        return;
    twice(env, "a system", d->ast->name, first->ast->name.at);
}

static void
import_system(struct env *env, const struct declared_system *d)
{
    const char *path = d->path;
    struct within within = d->within;
    const struct system_item *item =
        layer_system(env, d->ast, &path, &within);
    struct tsystem *s;

    s = arena_alloc(env->arena, sizeof *s);
    s->name = item->name.text;
    s->title = item->title == NULL ? s->name : item->title;
    s->ast = item;
    bool known = find_protocol(env, item->protocol, &s->protocol);
    s->schema = schema_import(env->arena, env->names, env->diags, env->sources,
                              path_beside(env->arena, path, item->schema),
                              item->schema_at);
    table_put(env->arena, &env->systems, s->name, s);
    if (s->schema == NULL)
        return;
    vec_push(env->arena, &env->program->systems, s);
    add_source(env, s->schema->path, s->schema->hash);
    for (size_t i = 0; i < s->schema->files.n; i++)
        pin(env, &within, s->schema->files.at[i]);
    if (!known || !check_format(env, item, s)) {
        s->schema = NULL;       /* as if it could not be read */
        return;
    }
    apply_options(env, s);
}

/* Of systems of one name the first counts. */
static void
import_systems(struct env *env)
{
    struct table first = { 0 };

    for (size_t i = 0; i < env->declared_systems.n; i++) {
        struct declared_system *d = &env->declared_systems.at[i];
        const struct declared_system *other =
            table_put(env->arena, &first, d->ast->name.text, d);

        if (other == NULL)
            import_system(env, d);
        else
            check_same_system(env, other, d);
    }
}

/* --- the other items --- */

static void
declare_map(struct env *env, const struct map *map)
{
    struct declared_map *m = arena_alloc(env->arena, sizeof *m);
    struct declared_map *first;

    m->ast = map;
    m->rank = env->rank;
    first = table_put(env->arena, &env->maps, map->name.text, m);
    if (first != NULL)
        twice(env, "a map", map->name, first->ast->name.at);
    vec_push(env->arena, &env->map_list, m);
}

static void
declare_codes(struct env *env, const struct codes_item *item, const char *path)
{
    struct tcodes *t = codes_declare(env, item, path);
    struct tcodes *first =
        table_put(env->arena, &env->codes, item->name.text, t);

    vec_push(env->arena, &env->codes_names, item->name.text);
    if (first != NULL)
        twice(env, "a code table", item->name, first->at);
    if (t->path != NULL && t->hash != 0) {
        add_source(env, t->path, t->hash);
        pin(env, &env->within, source_load(env->sources, t->path));
    }
}

static void
declare_function(struct env *env, const struct function_item *function,
                 const struct convert_item *convert)
{
    struct declared_function *f = arena_alloc(env->arena, sizeof *f);
    struct name name = function != NULL ? function->name : convert->name;

    f->function = function;
    f->convert = convert;
    if (native_find(name.text) != NULL) {
        diag_add(env->diags, DIAG_DECLARED_TWICE, name.at,
                 "the standard library already has %s", name.text);
        return;
    }
    struct declared_function *first =
        table_put(env->arena, &env->functions, name.text, f);
    vec_push(env->arena, &env->function_names, name.text);
    if (first != NULL)
        twice(env, "a function or conversion", name,
              first->function != NULL ? first->function->name.at
                                      : first->convert->name.at);
}

/* --- scenarios --- */

static void
use_scenario(struct env *env, struct name name)
{
    char *file = arena_printf(env->arena, "%s.map", name.text);

    for (char *p = file; p < file + strlen(name.text); p++)
        if (*p == '.')
            *p = '/';
    for (const char *const *f = env->folders; *f != NULL; f++) {
        const char *path = arena_printf(env->arena, "%s/%s", *f, file);

        if (access(path, R_OK) == 0) {
            load_file(env, path, name.at);
            return;
        }
    }
    struct diag *d = diag_add(env->diags, DIAG_UNKNOWN_SCENARIO, name.at,
                              "there is no scenario %s", name.text);
    for (const char *const *f = env->folders; *f != NULL; f++)
        diag_note(d, NOTE_FACT, "looked for %s/%s", *f, file);
    diag_note(d, NOTE_HELP, "give the folder of the packages with -I");
}

static void
declare_deployment(struct env *env, const struct deployment_item *item,
                   const char *path)
{
    vec_push(env->arena, &env->deployments, item);
    for (size_t i = 0; i < item->options.n; i++) {
        struct diag *d = diag_add(env->diags, DIAG_UNKNOWN_OPTION,
                                  item->options.at[i].name.at,
                                  "there is no option %s",
                                  item->options.at[i].name.text);
        diag_note(d, NOTE_HELP, "no scenario in use declares options");
    }
    for (size_t i = 0; i < item->scenarios.n; i++)
        use_scenario(env, item->scenarios.at[i]);
    for (size_t i = 0; i < item->files.n; i++)
        load_file(env, path_beside(env->arena, path, item->files.at[i]->path),
                  item->files.at[i]->at);
}

static void
check_language(struct env *env, const struct language_item *item)
{
    if (strcmp(item->version, "1") == 0)
        return;
    struct diag *d = diag_add(env->diags, DIAG_LANGUAGE_VERSION, item->at,
                              "this mapc knows language 1, not %s",
                              item->version);
    diag_note(d, NOTE_HELP, "use a mapc that knows it");
}

void
load_declarations(struct env *env, const struct file *file, const char *path)
{
    const struct map *above = NULL;
    const struct call_item *call = NULL;

    for (size_t i = 0; i < file->items.n; i++) {
        const struct file_item *item = &file->items.at[i];
        struct declared_test test = { item->u.test, above, call, env->rank };
        struct declared_system system = { item->u.system, path,
                                          env->within };
        struct declared_extend extend = { item->u.extend, env->rank, path,
                                          env->within };

        switch (item->kind) {
        case FILE_LANGUAGE:
            check_language(env, item->u.language);
            break;
        case FILE_SCENARIO:
            if (env->scenario == NULL && env->depth == 1)
                env->scenario = item->u.scenario;
            break;
        case FILE_USE:
            load_file(env, path_beside(env->arena, path, item->u.use->path),
                      item->u.use->at);
            break;
        case FILE_SYSTEM:
            vec_push(env->arena, &env->declared_systems, system);
            break;
        case FILE_MAP:
            declare_map(env, above = item->u.map);
            call = NULL;
            break;
        case FILE_CODES:
            declare_codes(env, item->u.codes, path);
            break;
        case FILE_CONVERT:
            declare_function(env, NULL, item->u.convert);
            break;
        case FILE_FUNCTION:
            declare_function(env, item->u.function, NULL);
            break;
        case FILE_TEST:
            vec_push(env->arena, &env->tests, test);
            break;
        case FILE_DEPLOYMENT:
            declare_deployment(env, item->u.deployment, path);
            break;
        case FILE_REPLICATE:
            vec_push(env->arena, &env->replicates,
                     (const struct replicate_item *)item->u.replicate);
            break;
        case FILE_CALL:
            vec_push(env->arena, &env->calls, call = item->u.call);
            above = NULL;
            break;
        case FILE_EXTEND:
            if (env->swap == NULL || env->rank < env->swap->below)
                vec_push(env->arena, &env->extends, extend);
            break;
        case FILE_PACKAGE:
        case FILE_LAYER:        /* load_file */
            break;
        }
    }
}

static void
load_file(struct env *env, const char *path, struct span at)
{
    if (env->depth > 0)
        path = swap_path(env, path);
    const struct source *src = source_load(env->sources, path);

    if (src == NULL) {
        diag_add(env->diags, DIAG_FILE_UNREADABLE, at,
                 "the file \"%s\" can't be read: %s", path, strerror(errno));
        return;
    }
    const char *key = intern_text(env->names, src->name);
    if (table_find(&env->files, key) != NULL)
        return;
    if (env->depth >= USE_DEPTH) {
        diag_add(env->diags, DIAG_USE_TOO_DEEP, at,
                 "more than %d files use one another", USE_DEPTH);
        return;
    }
    size_t before = diags_errors(env->diags);
    struct file *file =
        parse_source(env->arena, env->names, env->diags, src);
    env->damaged |= diags_errors(env->diags) > before;
    table_put(env->arena, &env->files, key, file);
    add_source(env, path, hash_fnv1a(src->bytes, src->n));
    enum layer_rank outer = env->rank;
    struct within around = env->within;
    env->rank = layer_of_file(env, file);
    env->within = layer_package(env, file, path);
    pin(env, &env->within, src);
    struct tfile part = { file, path, env->rank };
    vec_push(env->arena, &env->program->layers.files, part);
    env->depth++;
    load_declarations(env, file, path);
    env->depth--;
    env->rank = outer;
    env->within = around;
}

void
load_program(struct env *env, const char *path)
{
    struct span nowhere = { 0, 0, 0 };

    load_file(env, path, nowhere);
    import_systems(env);
    layers_apply(env);
}

void
load_library(struct env *env)
{
    for (const struct stdlib_file *f = stdlib_files; f->name != NULL; f++) {
        const struct source *src =
            source_text(env->sources, f->name, f->text, f->n);

        load_declarations(env, parse_source(env->arena, env->names, env->diags,
                                            src), f->name);
    }
}

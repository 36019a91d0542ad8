/* SPDX-License-Identifier: Apache-2.0 */
/* Tests written in the language: their data checked against the schemas. */
#include <string.h>

#include "sema/scope.h"

struct test_scope {
    struct env *env;
    const struct tsystem *system;
};

static struct tdata *
data_new(struct env *env, enum tdata_kind kind, const struct member *m)
{
    struct tdata *d = arena_alloc(env->arena, sizeof *d);

    d->kind = kind;
    d->member = m;
    return d;
}

static void
bad_data(struct test_scope *ts, const struct data *data,
         const struct member *m, const char *why)
{
    struct diag *d = diag_add(ts->env->diags, DIAG_TEST_DATA, data->at,
                              "%s %s", m->name, why);

    note_member(ts->env, d, m->name, ts->system, m);
}

static struct tdata *check_record_data(struct test_scope *ts,
                                       const struct data *data,
                                       const struct record *record);

/* Long texts and codes that are none; numbers are compared by the program. */
static bool
holds(struct env *env, const struct member *m, const char *text)
{
    struct type value = type_of_text(env, text);

    return m->type.kind != TYPE_TEXT || *text == '\0' ||
           type_misfit(&value, &m->type) == 0;
}

static struct tdata *
check_value(struct test_scope *ts, const struct data *data,
            const struct member *m)
{
    const char *text = data->kind == DATA_BOOL
        ? (data->truth ? "true" : "false") : data->text;
    struct tdata *d = data_new(ts->env, TDATA_VALUE, m);

    d->text = canonical_constant(ts->env, &m->type, text);
    if (d->text == NULL || !holds(ts->env, m, text)) {
        bad_data(ts, data, m, arena_printf(ts->env->arena, "can't be \"%s\"",
                                           text));
        return NULL;
    }
    if (*text == '\0')
        d->kind = TDATA_EMPTY;
    return d;
}

static struct tdata *
check_list(struct test_scope *ts, const struct data *data,
           const struct member *m)
{
    struct tdata *d = data_new(ts->env, TDATA_LIST, m);

    if (m->record == NULL || m->max <= 1) {
        bad_data(ts, data, m, "is no list");
        return NULL;
    }
    for (size_t i = 0; i < data->elements.n; i++) {
        struct tdata *row =
            check_record_data(ts, data->elements.at[i], m->record);

        if (row != NULL)
            vec_push(ts->env->arena, &d->elements, row);
    }
    return d;
}

static struct tdata *
check_member_data(struct test_scope *ts, const struct data *data,
                  const struct member *m)
{
    switch (data->kind) {
    case DATA_EMPTY:
        return data_new(ts->env, TDATA_EMPTY, m);
    case DATA_MISSING:
        return data_new(ts->env, TDATA_MISSING, m);
    case DATA_TEXT:
    case DATA_NUMBER:
    case DATA_BOOL:
        if (m->record == NULL)
            return check_value(ts, data, m);
        bad_data(ts, data, m, "is a record");
        return NULL;
    case DATA_RECORD:
        if (m->record != NULL && m->max <= 1)
            return check_record_data(ts, data, m->record);
        bad_data(ts, data, m, m->record == NULL ? "is a value"
                 : "is a list: [ { … } ]");
        return NULL;
    case DATA_LIST:
        return check_list(ts, data, m);
    }
    return NULL;
}

static struct tdata *
check_record_data(struct test_scope *ts, const struct data *data,
                  const struct record *record)
{
    struct tdata *d = data_new(ts->env, TDATA_RECORD, NULL);

    if (data->kind != DATA_RECORD) {
        diag_add(ts->env->diags, DIAG_TEST_DATA, data->at,
                 "expected a record: { Field: \"value\" }");
        return NULL;
    }
    for (size_t i = 0; i < data->members.n; i++) {
        const struct data_member *dm = &data->members.at[i];
        const struct member *m = resolve_member(ts->env, record->name, record,
                                                ts->system, dm->name);
        struct tdata *value =
            m == NULL ? NULL : check_member_data(ts, dm->value, m);

        if (value == NULL)
            continue;
        value->member = m;
        vec_push(ts->env->arena, &d->members, value);
    }
    return d;
}

static struct tdata *
check_side_data(struct env *env, const struct tmap *map, enum side side,
                const struct data *data)
{
    struct test_scope ts = { env, map->systems[side] };

    return check_record_data(&ts, data, map->root->record[side]);
}

static int
test_side(struct env *env, const struct tmap *map, struct name system)
{
    for (int side = LEFT; side <= RIGHT; side++)
        if (map->systems[side]->name == system.text)
            return side;
    diag_add(env->diags, DIAG_UNKNOWN_SYSTEM, system.at,
             "map %s has no system %s", map->name, system.text);
    return -1;
}

/* The half of a call that the test's first record belongs to. NULL: there is
 * no such call, or it is broken. */
static const struct tmap *
test_half(struct env *env, const struct declared_test *t)
{
    const char *name = t->ast->map.text != NULL ? t->ast->map.text
                       : t->call != NULL        ? t->call->name.text : NULL;

    for (size_t i = 0; i < env->program->calls.n; i++) {
        const struct tcall *call = env->program->calls.at[i];

        if (call->name != name)
            continue;
        return call->request->systems[RIGHT]->name ==
                       t->ast->left_system.text
                   ? call->response : call->request;
    }
    return NULL;
}

static bool
is_call(struct env *env, const struct declared_test *t)
{
    for (size_t i = 0; i < env->calls.n; i++)
        if (t->ast->map.text == NULL ? env->calls.at[i] == t->call
                                     : env->calls.at[i]->name.text ==
                                           t->ast->map.text)
            return true;
    return false;
}

static const struct tmap *
test_map(struct env *env, const struct declared_test *t)
{
    const struct test_item *item = t->ast;
    struct declared_map *m;

    if (is_call(env, t))
        return test_half(env, t);
    if (item->map.text == NULL && t->above == NULL) {
        if (env->damaged)
            return NULL;
        struct diag *d = diag_add(env->diags, DIAG_TEST_MAP, item->at,
                                  "no map stands above this test");
        diag_note(d, NOTE_HELP, "name it: test \"…\" for Account { … }");
        return NULL;
    }
    m = table_find(&env->maps, item->map.text != NULL ? item->map.text
                   : t->above->name.text);
    if (m == NULL && !env->damaged)
        diag_add(env->diags, DIAG_UNKNOWN_MAP, item->map.at,
                 "there is no map %s", item->map.text);
    return m == NULL ? NULL : m->typed;
}

static void
add_test(struct env *env, const struct test_item *item, const struct tmap *map,
         enum side to, struct tdata *from, struct tdata *expect)
{
    struct ttest *t = arena_alloc(env->arena, sizeof *t);

    t->title = item->title;
    t->place = source_where(env, item->at);
    t->map = map;
    t->to = to;
    t->from = from;
    t->expect = expect;
    t->outcome = item->outcome;
    for (size_t i = 0; i < item->refs.n; i++)
        vec_push(env->arena, &t->refs, item->refs.at[i]);
    vec_push(env->arena, &env->program->tests, t);
}

static void
wrong_way(struct env *env, const struct test_item *item,
          const struct tmap *map, enum side to)
{
    struct diag *d = diag_add(env->diags, DIAG_TEST_MAP, item->at,
                              "map %s has no rule towards %s", map->name,
                              map->systems[to]->name);
    diag_note(d, NOTE_HELP, "start with a document of %s",
              map->systems[to]->name);
}

static void
check_test(struct env *env, const struct declared_test *declared)
{
    const struct test_item *item = declared->ast;
    const struct tmap *map = test_map(env, declared);
    struct tdata *data[2] = { NULL, NULL };

    if (map == NULL)
        return;
    if (map->call != NULL && item->arrow == ARROW_BOTH) {
        struct diag *d = diag_add(env->diags, DIAG_TEST_MAP, item->at,
                                  "a test of a call shows its request or its "
                                  "response");
        diag_note(d, NOTE_HELP, "write an arrow: %s { … } -> %s { … }, or the "
                  "other way round", map->systems[LEFT]->name,
                  map->systems[RIGHT]->name);
        return;
    }
    for (size_t i = 0; i < item->refs.n; i++)
        if (table_find(&env->maps, item->refs.at[i]->map.text) == NULL)
            diag_add(env->diags, DIAG_UNKNOWN_MAP, item->refs.at[i]->map.at,
                     "there is no map %s", item->refs.at[i]->map.text);
    int from = test_side(env, map, item->left_system);
    if (from < 0)
        return;
    enum side to = from == LEFT ? RIGHT : LEFT;
    if (item->right_system.text != NULL &&
        test_side(env, map, item->right_system) != (int)to) {
        diag_add(env->diags, DIAG_TEST_MAP, item->right_system.at,
                 "a test shows one record of each system");
        return;
    }
    data[from] = check_side_data(env, map, (enum side)from, item->left);
    if (item->right != NULL)
        data[to] = check_side_data(env, map, to, item->right);
    if (data[from] == NULL || (item->right != NULL && data[to] == NULL))
        return;
    if (item->arrow == ARROW_RIGHT && !map->runs[to]) {
        wrong_way(env, item, map, to);
        return;
    }
    if (map->runs[to])
        add_test(env, item, map, to, data[from], data[to]);
    if (item->arrow == ARROW_BOTH && map->runs[from])
        add_test(env, item, map, (enum side)from, data[to], data[from]);
}

/* A layer above changed what the test was written for: it has tests of its
 * own. */
static bool
is_outdated(struct env *env, const struct declared_test *t)
{
    const char *name = t->ast->map.text != NULL ? t->ast->map.text
                       : t->above != NULL ? t->above->name.text : NULL;
    const struct declared_map *m =
        name == NULL ? NULL : table_find(&env->maps, name);

    if (m != NULL && m->changed > t->rank)
        return true;
    for (size_t i = 0; i < env->codes_names.n; i++) {
        const struct tcodes *c =
            table_find(&env->codes, env->codes_names.at[i]);

        if (c->changed > t->rank)
            return true;
    }
    return false;
}

void
check_tests(struct env *env)
{
    for (size_t i = 0; i < env->tests.n; i++)
        if (!is_outdated(env, &env->tests.at[i]))
            check_test(env, &env->tests.at[i]);
}

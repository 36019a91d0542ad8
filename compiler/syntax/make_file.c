/* SPDX-License-Identifier: Apache-2.0 */
/* Constructors of the items of a file: systems, tables, tests and the rest. */
#include "syntax/make.h"

#define NEW(p, type) ((type *)arena_alloc((p)->in.arena, sizeof(type)))

static struct file_item *
add(struct parser *p, enum file_item_kind kind, struct span at)
{
    struct file *f = p->in.file;
    struct file_item i = { .kind = kind, .at = at };

    vec_push(p->in.arena, &f->items, i);
    return &f->items.at[f->items.n - 1];
}

void
add_language(struct parser *p, struct span at, const char *version)
{
    struct language_item *l = NEW(p, struct language_item);

    l->at = at;
    l->version = version;
    add(p, FILE_LANGUAGE, at)->u.language = l;
}

void
add_scenario(struct parser *p, struct span at, struct name name,
             const char *title)
{
    struct scenario_item *s = NEW(p, struct scenario_item);

    s->name = name;
    s->title = title;
    add(p, FILE_SCENARIO, at)->u.scenario = s;
}

void
add_use(struct parser *p, struct span at, const char *path)
{
    struct use_item *u = NEW(p, struct use_item);

    u->at = at;
    u->path = path;
    add(p, FILE_USE, at)->u.use = u;
}

void
add_map(struct parser *p, struct span at, struct name name,
        struct expr *left, struct expr *right, item_vec items)
{
    struct map *m = NEW(p, struct map);

    m->at = at;
    m->name = name;
    m->left = left;
    m->right = right;
    m->items = items;
    add(p, FILE_MAP, at)->u.map = m;
}

void
add_function(struct parser *p, struct span at, struct name name,
             param_vec params, struct name result, struct expr *body)
{
    struct function_item *f = NEW(p, struct function_item);

    f->at = at;
    f->name = name;
    f->params = params;
    f->result = result;
    f->body = body;
    add(p, FILE_FUNCTION, at)->u.function = f;
}

param_vec
add_param(struct parser *p, param_vec v, struct name name, struct name type)
{
    vec_push(p->in.arena, &v, ((struct param){ name, type }));
    return v;
}

/* --- systems --- */

struct system_item *
make_system(struct parser *p, struct name name, const char *title,
            struct name protocol, const char *schema, struct span schema_at)
{
    struct system_item *s = NEW(p, struct system_item);

    s->name = name;
    s->title = title;
    s->protocol = protocol;
    s->schema = schema;
    s->schema_at = schema_at;
    return s;
}

static struct system_option *
add_option(struct parser *p, struct system_item *s,
           enum system_option_kind kind, struct span at)
{
    struct system_option *o = NEW(p, struct system_option);

    o->kind = kind;
    o->at = at;
    vec_push(p->in.arena, &s->options, o);
    return o;
}

void
system_bytes(struct parser *p, struct system_item *s, struct span at,
             const char *number, expr_vec fields)
{
    struct system_option *o = add_option(p, s, SYSTEM_BYTES, at);

    o->number = number;
    for (size_t i = 0; i < fields.n; i++)
        vec_push(p->in.arena, &o->fields, fields.at[i]);
}

void
system_personal(struct parser *p, struct system_item *s, struct span at,
                expr_vec fields)
{
    struct system_option *o = add_option(p, s, SYSTEM_PERSONAL, at);

    for (size_t i = 0; i < fields.n; i++)
        vec_push(p->in.arena, &o->fields, fields.at[i]);
}

void
system_control(struct parser *p, struct system_item *s, struct span at,
               struct name control, const char *value, struct name changed)
{
    struct system_option *o = add_option(p, s, SYSTEM_CONTROL, at);

    o->changed = changed;
    o->control = control;
    o->value = value;
}

void
system_schema(struct parser *p, struct system_item *s, struct span at,
              const char *schema, struct span schema_at)
{
    if (s->protocol.text != NULL || s->schema != NULL) {
        struct diag *d = diag_add(p->in.diags, DIAG_MISPLACED, at,
                                  "this system has its schema already");
        diag_note(d, NOTE_HELP, "`schema` stands once in `extend system`, in "
                  "the file of a layer");
    }
    s->schema = schema;
    s->schema_at = schema_at;
}

void
add_system(struct parser *p, struct span at, struct system_item *s)
{
    s->at = at;
    add(p, FILE_SYSTEM, at)->u.system = s;
}

/* --- code tables, conversions --- */

struct codes_item *
make_codes(struct parser *p, struct name name, struct name left,
           struct name right)
{
    struct codes_item *c = NEW(p, struct codes_item);

    c->name = name;
    c->left = left;
    c->right = right;
    return c;
}

void
codes_row(struct parser *p, struct codes_item *c, struct span at,
          struct expr *context, struct expr *left, enum arrow arrow,
          struct expr *right)
{
    struct codes_row *r = NEW(p, struct codes_row);

    r->at = at;
    r->context = context;
    r->left = left;
    r->arrow = arrow;
    r->right = right;
    vec_push(p->in.arena, &c->rows, r);
}

struct codes_item *
codes_final(struct parser *p, struct codes_item *c, struct span at)
{
    if (c->final)
        diag_note(diag_add(p->in.diags, DIAG_TWICE, at,
                           "`final` stands twice in one code table"),
                  NOTE_HELP, "keep one of them");
    c->final = true;
    return c;
}

void
codes_fate(struct parser *p, struct codes_item *c, struct fate f)
{
    if (c->fate.kind != FATE_NONE) {
        struct diag *d = diag_add(p->in.diags, DIAG_TWICE, f.at,
                                  "`else` stands twice in one code table");
        diag_label(d, c->fate.at, "the first one");
        diag_note(d, NOTE_HELP, "keep one of them");
    }
    c->fate = f;
}

void
codes_file(struct codes_item *c, const char *file, struct span at)
{
    c->file = file;
    c->file_at = at;
}

void
add_codes(struct parser *p, struct span at, struct codes_item *c)
{
    c->at = at;
    add(p, FILE_CODES, at)->u.codes = c;
}

struct convert_item *
make_convert(struct parser *p, struct name name, param_vec params,
             struct name left, enum arrow arrow, struct name right)
{
    struct convert_item *c = NEW(p, struct convert_item);

    c->name = name;
    c->params = params;
    c->left = left;
    c->arrow = arrow;
    c->right = right;
    return c;
}

void
add_convert(struct parser *p, struct span at, struct convert_item *c,
            struct expr *forward, struct expr *backward)
{
    c->at = at;
    c->forward = forward;
    c->backward = backward;
    add(p, FILE_CONVERT, at)->u.convert = c;
}

/* --- tests --- */

struct test_item *
make_test(struct parser *p, const char *title, struct name map)
{
    struct test_item *t = NEW(p, struct test_item);

    t->title = title;
    t->map = map;
    return t;
}

void
test_ref(struct parser *p, struct test_item *t, struct span at,
         struct name map, const char *left, const char *right)
{
    struct test_ref *r = NEW(p, struct test_ref);

    r->at = at;
    r->map = map;
    r->left = left;
    r->right = right;
    vec_push(p->in.arena, &t->refs, r);
}

/* A test has two documents, or one and an outcome. */
static bool
test_is_full(struct parser *p, const struct test_item *t, struct span at)
{
    bool full = t->right != NULL || t->outcome != OUTCOME_RECORD;

    if (full || (t->left != NULL && t->arrow == ARROW_RIGHT)) {
        struct diag *d = diag_add(p->in.diags, DIAG_TEST_SHAPE, at,
                                  "a test has two documents; this is one more");
        diag_note(d, NOTE_HELP, "write a second test");
        return true;
    }
    return false;
}

void
test_side(struct parser *p, struct test_item *t, struct name system,
          struct data *d)
{
    if (test_is_full(p, t, span_join(system.at, d->at)))
        return;
    if (t->left == NULL) {
        t->left_system = system;
        t->left = d;
    } else {
        t->right_system = system;
        t->right = d;
    }
}

void
test_one_way(struct parser *p, struct test_item *t, struct name from,
             struct data *source, struct name to, struct data *result)
{
    test_side(p, t, from, source);
    test_side(p, t, to, result);
    t->arrow = ARROW_RIGHT;
}

void
test_outcome(struct parser *p, struct test_item *t, struct name from,
             struct data *source, enum outcome outcome)
{
    test_side(p, t, from, source);
    t->arrow = ARROW_RIGHT;
    t->outcome = outcome;
}

void
add_test(struct parser *p, struct span at, struct test_item *t)
{
    bool open = t->left == NULL ||
                (t->right == NULL && t->outcome == OUTCOME_RECORD);

    if (open && !scan_gave_up(p->scan)) {
        struct diag *d = diag_add(p->in.diags, DIAG_TEST_SHAPE, at,
                                  "this test does not say what is expected");
        diag_note(d, NOTE_HELP, "write both documents, `cloud { … } -> "
                  "erp { … }`, or `cloud { … } -> parked`");
    }
    t->at = at;
    add(p, FILE_TEST, at)->u.test = t;
}

/* --- data --- */

struct data *
make_data(struct parser *p, enum data_kind kind, struct span at,
          const char *text)
{
    struct data *d = NEW(p, struct data);

    d->kind = kind;
    d->at = at;
    d->text = text;
    return d;
}

struct data *
make_truth(struct parser *p, struct span at, bool truth)
{
    struct data *d = make_data(p, DATA_BOOL, at, NULL);

    d->truth = truth;
    return d;
}

void
data_member(struct parser *p, struct data *d, struct name name,
            struct data *value)
{
    vec_push(p->in.arena, &d->members, ((struct data_member){ name, value }));
}

void
data_element(struct parser *p, struct data *d, struct data *value)
{
    vec_push(p->in.arena, &d->elements, value);
}

struct data *
data_at(struct data *d, struct span at)
{
    d->at = at;
    return d;
}

/* --- deployments --- */

struct deployment_item *
make_deployment(struct parser *p, struct name name)
{
    struct deployment_item *d = NEW(p, struct deployment_item);

    d->name = name;
    return d;
}

void
deployment_scenario(struct parser *p, struct deployment_item *d,
                    struct name scenario)
{
    vec_push(p->in.arena, &d->scenarios, scenario);
}

void
deployment_file(struct parser *p, struct deployment_item *d, struct span at,
                const char *path)
{
    struct use_item *u = NEW(p, struct use_item);

    u->at = at;
    u->path = path;
    vec_push(p->in.arena, &d->files, u);
}

void
deployment_option(struct parser *p, struct deployment_item *d,
                  struct name name, struct name value)
{
    vec_push(p->in.arena, &d->options,
             ((struct deployment_option){ name, value }));
}

void
add_deployment(struct parser *p, struct span at, struct deployment_item *d)
{
    d->at = at;
    add(p, FILE_DEPLOYMENT, at)->u.deployment = d;
}

/* --- replication --- */

struct replicate_item *
make_replicate(struct parser *p, struct name map)
{
    struct replicate_item *r = NEW(p, struct replicate_item);

    r->map = map;
    return r;
}

struct period
make_period(struct span at, const char *number, struct name unit)
{
    return (struct period){ at, number, unit };
}

struct replicate_flow *
make_flow(struct parser *p, struct name from, struct name to,
          const struct period *every)
{
    struct replicate_flow *f = NEW(p, struct replicate_flow);

    f->from = from;
    f->to = to;
    f->message = every == NULL;
    if (every != NULL)
        f->every = *every;
    return f;
}

static void
flow_twice(struct parser *p, struct span at, const char *what,
           struct span first)
{
    struct diag *d = diag_add(p->in.diags, DIAG_TWICE, at,
                              "`%s` stands twice in one line", what);

    diag_label(d, first, "the first one");
    diag_note(d, NOTE_HELP, "keep one of them");
}

struct replicate_flow *
flow_changed(struct parser *p, struct replicate_flow *f, struct span at,
             struct name property)
{
    if (f->changed.text != NULL)
        flow_twice(p, at, "changed", f->changed.at);
    f->changed = property;
    return f;
}

struct replicate_flow *
flow_overlap(struct parser *p, struct replicate_flow *f, struct span at,
             struct period d)
{
    if (f->overlap.number != NULL)
        flow_twice(p, at, "overlap", f->overlap.at);
    f->overlap = d;
    return f;
}

struct replicate_flow *
flow_sweep(struct parser *p, struct replicate_flow *f, struct span at,
           struct period d)
{
    if (f->sweep.number != NULL)
        flow_twice(p, at, "sweep", f->sweep.at);
    f->sweep = d;
    return f;
}

struct guard
make_guard(const char *percent, const char *deletes)
{
    return (struct guard){ .percent = percent, .deletes = deletes };
}

void
replicate_flow(struct parser *p, struct replicate_item *r, struct span at,
               struct replicate_flow *f)
{
    f->at = at;
    vec_push(p->in.arena, &r->flows, f);
}

void
replicate_guard(struct parser *p, struct replicate_item *r, struct span at,
                struct guard g)
{
    if (r->guard.percent != NULL || r->guard.deletes != NULL) {
        struct diag *d = diag_add(p->in.diags, DIAG_TWICE, at,
                                  "`guard` stands twice in one block");
        diag_label(d, r->guard.at, "the first one");
        diag_note(d, NOTE_HELP, "keep one of them; it may give both: guard "
                  "at most 2%% or 50 deletes");
    }
    r->guard = g;
    r->guard.at = at;
}

void
add_replicate(struct parser *p, struct span at, struct replicate_item *r)
{
    r->at = at;
    add(p, FILE_REPLICATE, at)->u.replicate = r;
}
